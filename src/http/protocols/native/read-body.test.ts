import { describe, expect, it } from 'vitest';
import { readNativeBody } from './read-body.ts';

/** As a browser or fetch writes it. */
async function formBody(form: FormData): Promise<[string, Uint8Array]> {
  const request = new Request('http://localhost/', { method: 'POST', body: form });
  return [request.headers.get('content-type')!, new Uint8Array(await request.arrayBuffer())];
}

const photo = (text: string) => new Blob([text], { type: 'image/jpeg' });
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const refusal = (code: string) => expect.objectContaining({ code });

describe('readNativeBody', () => {
  it('takes an image as it is, or as bytes of no named type', async () => {
    for (const type of ['image/jpeg', 'IMAGE/PNG; q=1', 'image/webp', 'application/octet-stream'])
      expect((await readNativeBody(type, Buffer.from('photo'))).images.map(text)).toEqual(['photo']);
  });

  it('takes several files of a form, in their order, with attributes and class', async () => {
    const form = new FormData();
    form.append('file', photo('one'), 'a.jpg');
    form.append('attributes', '{"device":"Pixel 9"}');
    form.append('file', photo('two'), 'b.jpg');
    form.append('class', 'rust');
    const { images, ...rest } = await readNativeBody(...(await formBody(form)));
    expect(images.map(text)).toEqual(['one', 'two']);
    expect(rest).toEqual({ attributes: { device: 'Pixel 9' }, classLabel: 'rust' });
  });

  it('takes forms as curl and Python write them', async () => {
    const curl =
      '--------------------------d74496d66958873e\r\nContent-Disposition: form-data; name="file"; filename="葉.jpg"\r\n' +
      'Content-Type: image/jpeg\r\n\r\nphoto\r\n--------------------------d74496d66958873e--\r\n';
    const python =
      '--8a\r\nContent-Disposition: form-data; name="file"; filename="leaf.jpg"\r\n\r\nphoto\r\n--8a--\r\n';
    const read = (boundary: string, body: string) =>
      readNativeBody(`multipart/form-data; boundary=${boundary}`, Buffer.from(body));
    expect((await read('------------------------d74496d66958873e', curl)).images.map(text)).toEqual(['photo']);
    expect((await read('8a', python)).images.map(text)).toEqual(['photo']);
  });

  it.each([
    ['a type and no file name', 'name="file"\r\nContent-Type: image/jpeg'],
    ['octet-stream', 'name="file"\r\nContent-Type: application/octet-stream'],
    ['a type with a parameter', 'name="file"\r\nContent-Type: image/png; charset=binary'],
    ['an empty file name', 'name="file"; filename=""\r\nContent-Type: image/webp'],
    ['the type in front', 'name="file"; filename*=UTF-8\'\'leaf.jpg'],
  ])('takes a form part with %s', async (_what, part) => {
    const attributes =
      'Content-Disposition: form-data; name="attributes"; filename="blob"\r\nContent-Type: application/json\r\n\r\n{"a":1}';
    const body = `--b\r\nContent-Disposition: form-data; ${part}\r\n\r\nphoto\r\n--b\r\n${attributes}\r\n--b--\r\n`;
    const read = await readNativeBody('multipart/form-data; boundary=b', Buffer.from(body));
    expect(read.images.map(text)).toEqual(['photo']);
    expect(read.attributes).toEqual({ a: 1 });
  });

  it('names the field of a photo under another name, with or without a file name', async () => {
    for (const part of ['name="photo"\r\nContent-Type: image/jpeg', 'name="photo"; filename="a"']) {
      const body = `--b\r\nContent-Disposition: form-data; ${part}\r\n\r\nx\r\n--b--\r\n`;
      await expect(readNativeBody('multipart/form-data; boundary=b', Buffer.from(body))).rejects.toThrow(/"photo"/);
    }
  });

  it.each([
    [
      { attributes: null, class: null },
      { attributes: undefined, classLabel: undefined },
    ],
    [{ attributes: { a: null, b: 2 } }, { attributes: { b: 2 }, classLabel: undefined }],
  ])('reads null in JSON as if left out: %j', async (more, rest) => {
    const body = Buffer.from(JSON.stringify({ images: ['b25l'], ...more }));
    const { images: _, ...read } = await readNativeBody('application/json', body);
    expect(read).toEqual(rest);
  });

  it('refuses a NUL in a form field', async () => {
    const form = new FormData();
    form.append('file', photo('one'), 'a.jpg');
    form.append('class', 'ru\0st');
    await expect(readNativeBody(...(await formBody(form)))).rejects.toThrow(refusal('REQUEST_TEXT_INVALID'));
  });

  it('takes JSON', async () => {
    const body = { images: ['b25l', 'dHdv'], attributes: { a: 1 }, class: 'rust' };
    const { images, ...rest } = await readNativeBody(
      'application/json; charset=utf-8',
      Buffer.from(JSON.stringify(body)),
    );
    expect(images.map(text)).toEqual(['one', 'two']);
    expect(rest).toEqual({ attributes: { a: 1 }, classLabel: 'rust' });
  });

  it.each([
    ['text/plain', 'photo', 'REQUEST_TYPE_UNSUPPORTED'],
    ['', 'photo', 'REQUEST_TYPE_UNSUPPORTED'],
    ['application/x-www-form-urlencoded', 'file=x', 'REQUEST_TYPE_UNSUPPORTED'],
    ['image/jpeg', '', 'REQUEST_WITHOUT_IMAGE'],
    ['', '', 'REQUEST_WITHOUT_IMAGE'],
    ['application/json', '', 'REQUEST_JSON_INVALID'],
    ['application/json', '[]', 'REQUEST_SHAPE_INVALID'],
    ['application/json', '{"images":{}}', 'REQUEST_SHAPE_INVALID'],
    ['application/json', '{"images":[]}', 'REQUEST_WITHOUT_IMAGE'],
    ['application/json', '{"images":["%%%%"]}', 'REQUEST_BASE64_INVALID'],
    ['application/json', '{"images":[{"b64":"b25l"}]}', 'REQUEST_SHAPE_INVALID'],
    ['application/json', '{"images":["b25l"],"class":3}', 'REQUEST_SHAPE_INVALID'],
    ['application/json', '{"images":["b25l"],"attributes":[]}', 'REQUEST_SHAPE_INVALID'],
    ['multipart/form-data', 'x', 'REQUEST_FORM_INVALID'],
    ['multipart/form-data; boundary=b', 'x', 'REQUEST_FORM_INVALID'],
    ['multipart/form-data; boundary=b', '--b--\r\n', 'REQUEST_WITHOUT_IMAGE'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ncut',
      'REQUEST_FORM_INVALID',
    ],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nx\r\n--b--',
      'REQUEST_SHAPE_INVALID',
    ],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--b--',
      'REQUEST_WITHOUT_IMAGE',
    ],
  ])('refuses %j %j', async (type, body, code) => {
    await expect(readNativeBody(type, Buffer.from(body))).rejects.toThrow(refusal(code));
  });

  it('bounds files and fields', async () => {
    const form = new FormData();
    for (let i = 0; i < 65; i++) form.append('file', photo('x'), 'a.jpg');
    await expect(readNativeBody(...(await formBody(form)))).rejects.toThrow(refusal('REQUEST_TOO_MANY_IMAGES'));
    for (let i = 0; i < 100; i++) form.append('file', photo('x'), 'a.jpg');
    await expect(readNativeBody(...(await formBody(form)))).rejects.toThrow(refusal('REQUEST_FORM_INVALID'));
    const wordy = new FormData();
    wordy.append('attributes', 'x'.repeat(70_000));
    await expect(readNativeBody(...(await formBody(wordy)))).rejects.toThrow(refusal('REQUEST_FORM_INVALID'));
  });
});
