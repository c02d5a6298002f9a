import { describe, expect, it } from 'vitest';
import { bytesFeature, encodeTfExample, intFeature, textFeature } from '../../codecs/tf-example.ts';
import { readInstance } from './read-instance.ts';
import { readInstances } from './read-instances.ts';

const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const b64 = photo.toString('base64');
const read = (instance: unknown) => Buffer.from(readInstance(instance, 'instances[0]'));
const refusal = (code: string) => expect.objectContaining({ code, message: expect.stringContaining('instances[0]') });

describe('readInstance', () => {
  it.each([
    [b64],
    [{ b64 }],
    [{ image_bytes: { b64 } }],
    [{ content: b64 }],
    [{ image: { b64 } }],
    [{ image: b64 }],
    [{ data: b64 }],
    [{ b64: null, image_bytes: { b64 } }],
    [{ image_bytes: null, content: b64, extra: null }],
    [{ key: 'leaf-17', image_bytes: { b64 }, extra: [1] }],
  ])('finds the photo in %j', (instance) => {
    expect(read(instance)).toEqual(photo);
  });

  it("finds the photo in a tf.Example: the original system's name, and TensorFlow's", () => {
    const example = (name: string) =>
      Buffer.from(
        encodeTfExample(
          new Map([
            [name, bytesFeature(photo)],
            ['label', intFeature(1)],
          ]),
        ),
      ).toString('base64');
    expect(read({ b64: example('image_raw') })).toEqual(photo);
    expect(read({ examples: { b64: example('image/encoded') } })).toEqual(photo);
    expect(() => read({ b64: example('image') })).toThrow(refusal('REQUEST_EXAMPLE_INVALID'));
  });

  it.each([
    [encodeTfExample(new Map([['image_raw', intFeature(3)]]))],
    [encodeTfExample(new Map())],
    [encodeTfExample(new Map([['label', textFeature('x')]])).subarray(0, 9)],
    [Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    [Buffer.from('\n<html>')],
  ])('refuses an Example without a photo: %#', (bytes) => {
    const instance = { b64: Buffer.from(bytes).toString('base64') };
    // An empty Example has no bytes at all.
    const code = bytes.length === 0 ? 'REQUEST_WITHOUT_IMAGE' : 'REQUEST_EXAMPLE_INVALID';
    expect(() => read(instance)).toThrow(refusal(code));
  });

  it.each([
    [null],
    [7],
    [[]],
    [{}],
    [{ b64: 7 }],
    [{ image: [0, 1] }],
    [{ image_bytes: {} }],
    [JSON.parse('{"__proto__":{"b64":"eA=="}}')],
  ])('refuses %j', (instance) => {
    expect(() => read(instance)).toThrow(refusal('REQUEST_SHAPE_INVALID'));
  });
});

describe('readInstances', () => {
  const body = (value: unknown) => Buffer.from(JSON.stringify(value));

  it('takes instances, or inputs as KServe names them, with parameters', () => {
    const attributes = { device: 'Pixel 9' };
    const content = { images: [photo, photo], attributes, classLabel: 'rust' };
    for (const name of ['instances', 'inputs'])
      expect(readInstances(body({ [name]: [b64, { b64 }], parameters: { attributes, class: 'rust', k: 5 } }))).toEqual(
        content,
      );
    expect(readInstances(body({ instances: [b64], parameters: null })).images).toEqual([photo]);
  });

  it.each([
    [{}, 'REQUEST_SHAPE_INVALID'],
    [[], 'REQUEST_SHAPE_INVALID'],
    [{ instances: { b64 } }, 'REQUEST_SHAPE_INVALID'],
    [{ instances: [] }, 'REQUEST_WITHOUT_IMAGE'],
    [{ instances: [b64], parameters: 3 }, 'REQUEST_SHAPE_INVALID'],
    [{ instances: Array(65).fill(b64) }, 'REQUEST_TOO_MANY_IMAGES'],
  ])('refuses %#', (value, code) => {
    expect(() => readInstances(body(value))).toThrow(expect.objectContaining({ code }));
  });
});
