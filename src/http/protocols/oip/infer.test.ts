import { describe, expect, it } from 'vitest';
import type { PredictResponse, ServedPrediction } from '../../../contracts/served-prediction.ts';
import { readElements, writeElements, writeFloats } from './binary.ts';
import { outputNames } from './metadata.ts';
import { readInfer } from './read-infer.ts';
import { inferAnswer } from './write-infer.ts';

const [one, two] = [Buffer.from('one photo'), Buffer.from('another')];
const image = (more: object) => ({
  name: 'image',
  shape: [1],
  datatype: 'BYTES',
  data: [one.toString('base64')],
  ...more,
});
const names = outputNames({ positive: null, hasLabelSets: false });
const body = (value: unknown) => Buffer.from(JSON.stringify(value));
const request = (input: object, more: object = {}) => body({ inputs: [image(input)], ...more });
const refusal = (code: string, where = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(where) });

/** JSON, then raw tensors: body and header. */
function binary(json: object, raw: Uint8Array): [Buffer, string] {
  const head = body(json);
  return [Buffer.concat([head, raw]), String(head.length)];
}
const elements = (...photos: Buffer[]) =>
  Buffer.concat(photos.flatMap((photo) => [Buffer.from(Uint32Array.of(photo.length).buffer), photo]));

describe('readInfer', () => {
  it('takes base64, flat or nested as the shape says', () => {
    const data = [one, two].map((photo) => photo.toString('base64'));
    const forms = [
      { shape: [2], data },
      { shape: [2, 1], data: data.map((each) => [each]) },
      { shape: [2, 1], data },
      { shape: [2], data, parameters: { content_type: 'base64' } },
    ];
    for (const form of forms) expect(readInfer(request(form), undefined, names).content.images).toEqual([one, two]);
  });

  it('reads null as if left out', () => {
    const data = [one.toString('base64')];
    const nulls = [
      request({ data, parameters: null }, { id: null, parameters: null, outputs: null }),
      request({ data, parameters: { binary_data_size: null } }, { outputs: [{ name: 'label', parameters: null }] }),
      request({ data }, { outputs: [{ name: 'label', parameters: { classification: null, binary_data: null } }] }),
    ];
    for (const each of nulls)
      expect(readInfer(each, undefined, names)).toMatchObject({ id: undefined, content: { images: [one] } });
  });

  it('takes raw elements after the JSON', () => {
    const raw = elements(one, two);
    const input = image({ shape: [2], data: undefined, parameters: { binary_data_size: raw.length } });
    expect(
      readInfer(...binary({ inputs: [input] }, raw), names).content.images.map((each) => Buffer.from(each)),
    ).toEqual([one, two]);
  });

  it('knows which outputs are asked for, and how', () => {
    expect(readInfer(request({}), undefined, names).outputs.map(({ name, binary }) => [name, binary])).toEqual([
      ['label', false],
      ['probability', false],
      ['probabilities', false],
      ['labels', false],
      ['id', false],
      ['notice', false],
      ['advice', false],
    ]);
    const asked = {
      id: '42',
      parameters: { binary_data_output: true },
      outputs: [
        { name: 'probabilities', parameters: { classification: 2 } },
        { name: 'label', parameters: { binary_data: false } },
      ],
    };
    expect(readInfer(request({}, asked), undefined, names)).toMatchObject({
      id: '42',
      outputs: [
        { name: 'probabilities', binary: true, classification: 2 },
        { name: 'label', binary: false },
      ],
    });
  });

  it.each([
    [request({ name: 'pixels' }), 'inputs[0].name'],
    [request({ datatype: 'FP32', shape: [1, 224, 224, 3] }), 'datatype'],
    [request({ datatype: 'FP32', data: [Number.NaN] }), 'datatype'],
    [request({ shape: [2] }), 'shape'],
    [request({ shape: [] }), 'shape'],
    [request({ shape: [-1] }), 'shape'],
    [request({ shape: [1.5] }), 'shape'],
    [request({ shape: [1e300, 1e300] }), 'shape'],
    [request({ data: 'abc' }), 'data'],
    [request({ data: [1, 2] }), 'data[0]'],
    [request({ parameters: { binary_data_size: 9 } }), 'binary_data_size'],
    [request({}, { id: 7 }), 'id'],
    [request({}, { outputs: [{ name: 'logits' }] }), 'outputs.0.name'],
    [request({}, { outputs: [{ name: 'threshold' }] }), 'outputs.0.name'],
    [request({}, { outputs: [{ name: 'probabilities', parameters: { classification: 0 } }] }), 'classification'],
    [body({ inputs: [] }), 'inputs'],
    [body({ inputs: [image({}), image({})] }), 'inputs'],
    [body({ instances: [] }), 'inputs'],
    [body([]), 'body'],
  ])('refuses %#, saying where: %s', (bytes, where) => {
    expect(() => readInfer(bytes as Buffer, undefined, names)).toThrow(
      refusal('REQUEST_SHAPE_INVALID', where as string),
    );
  });

  it('refuses raw parts that do not add up', () => {
    const input = (size: number) => ({ inputs: [image({ data: undefined, parameters: { binary_data_size: size } })] });
    const raw = elements(one);
    expect(() => readInfer(...binary(input(raw.length + 1), raw), names)).toThrow(refusal('REQUEST_SHAPE_INVALID'));
    for (const cut of [1, 3, 5, raw.length - 1])
      expect(() => readInfer(...binary(input(cut), raw.subarray(0, cut)), names)).toThrow(
        refusal('REQUEST_SHAPE_INVALID'),
      );
    for (const length of ['-1', '1e3', '99999', 'x', '1, 2', ''])
      expect(() => readInfer(request({}), length, names)).toThrow(refusal('REQUEST_HEADER_INVALID'));
  });
});

describe('inferAnswer', () => {
  const prediction = (id: string, unwell: number): ServedPrediction => ({
    id,
    label: unwell > 0.5 ? 'unwell' : 'healthy',
    probability: Math.max(unwell, 1 - unwell),
    positiveProbability: unwell,
    threshold: 0.5,
    probabilities: { unwell, healthy: 1 - unwell },
    model: { name: 'leaf-health', version: 3 },
    deployment: { id: 'd1', role: 'stable' },
    outOfDistribution: null,
    quality: [],
  });
  const answer: PredictResponse = {
    requestId: 'r1',
    endpoint: 'leaf',
    predictions: [prediction('a', 0.75), prediction('b', 0.25)],
  };
  const ofQuestion = outputNames({ positive: 'unwell', hasLabelSets: false });
  const wanted = (name: string, more = {}) => [{ name, binary: false, ...more }];

  it('writes each tensor row by row', () => {
    const { json, raw } = inferAnswer(answer, '42', readInfer(request({}), undefined, ofQuestion).outputs);
    expect(raw).toBeNull();
    expect(json).toEqual({
      model_name: 'leaf',
      model_version: '3',
      id: '42',
      outputs: [
        { name: 'label', datatype: 'BYTES', shape: [2], data: ['unwell', 'healthy'] },
        { name: 'probability', datatype: 'FP32', shape: [2], data: [0.75, 0.75] },
        { name: 'positive_probability', datatype: 'FP32', shape: [2], data: [0.75, 0.25] },
        { name: 'threshold', datatype: 'FP32', shape: [2], data: [0.5, 0.5] },
        { name: 'probabilities', datatype: 'FP32', shape: [2, 2], data: [0.75, 0.25, 0.25, 0.75] },
        { name: 'labels', datatype: 'BYTES', shape: [2], data: ['unwell', 'healthy'] },
        { name: 'id', datatype: 'BYTES', shape: [2], data: ['a', 'b'] },
        { name: 'notice', datatype: 'BYTES', shape: [2], data: ['', ''] },
        { name: 'advice', datatype: 'BYTES', shape: [2], data: ['', ''] },
      ],
    });
  });

  it('ranks classes as value:index:label', () => {
    const { json } = inferAnswer(answer, undefined, wanted('probabilities', { classification: 5 }));
    expect(json).toMatchObject({
      outputs: [
        {
          datatype: 'BYTES',
          shape: [2, 2],
          data: ['0.75:0:unwell', '0.25:1:healthy', '0.75:1:healthy', '0.25:0:unwell'],
        },
      ],
    });
    expect(json).not.toHaveProperty('id');
  });

  it('writes binary tensors after the JSON, in the order of the outputs', () => {
    const both = [...wanted('label', { binary: true }), ...wanted('positive_probability', { binary: true })];
    const { json, raw } = inferAnswer(answer, undefined, both);
    const label = Buffer.from([6, 0, 0, 0, ...Buffer.from('unwell'), 7, 0, 0, 0, ...Buffer.from('healthy')]);
    const floats = Buffer.from([0, 0, 0x40, 0x3f, 0, 0, 0x80, 0x3e]);
    expect(Buffer.from(raw!)).toEqual(Buffer.concat([label, floats]));
    expect(json).toMatchObject({
      outputs: [
        { name: 'label', parameters: { binary_data_size: label.length } },
        { name: 'positive_probability', parameters: { binary_data_size: 8 } },
      ],
    });
  });
});

it('elements and floats come back as they went', () => {
  const texts = ['', 'a', '葉', 'x'.repeat(300)];
  expect(readElements(writeElements(texts), 'x').map((bytes) => Buffer.from(bytes).toString())).toEqual(texts);
  const floats = [0, -1.5, 1e-30, 3.4e38];
  expect([...new Float32Array(new Uint8Array(writeFloats(floats)).buffer)]).toEqual(floats.map(Math.fround));
});
