import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';

const folder = new ScratchFolder();
let served: ServedApp;
let admin: string;
let leaf: Buffer;
let square: Buffer;

beforeAll(async () => {
  leaf = Buffer.from((await drawnPhotos(1))[0]!.bytes);
  const blue = { create: { width: 256, height: 256, channels: 3, background: '#0000ff' } } as const;
  square = await sharp(blue).jpeg().toBuffer();
  served = await ServedApp.open(await trainedModels(folder.path, 1));
  admin = await served.makeKey('admin');
  // a model of 80 photos has small distances: the square is at 1.7
  expect((await set(1.4)).statusCode).toBe(200);
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const set = (refuseAbove: number | null) =>
  served.ask('PATCH', '/api/v1/endpoints/leaf', {
    headers: { 'x-api-key': admin },
    payload: { settings: { refuseAbove } },
  });

async function post(url: string, payload: Buffer | object) {
  const headers = Buffer.isBuffer(payload) ? { 'content-type': 'image/jpeg' } : {};
  const answer = await served.ask('POST', url, { payload, headers });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}
const instances = (...photos: Buffer[]) => ({ instances: photos.map((photo) => ({ b64: photo.toString('base64') })) });
const refused = {
  label: 'uncertain',
  leaning: expect.stringMatching(/healthy|unwell/),
  refusal: { reason: 'unlike-training' },
};

describe('a photo that shows no subject of the model (a blue square was 99.2 % unwell)', () => {
  it('is refused in the native API, with what to do, and logged as such', async () => {
    const [known] = (await post('/api/v1/endpoints/leaf:predict', leaf)).body.predictions;
    expect(known.label).toMatch(/healthy|unwell/);
    expect(known.refusal).toBeUndefined();
    const { status, body } = await post('/api/v1/endpoints/leaf:predict', square);
    expect([status, body.predictions]).toMatchObject([200, [refused]]);
    expect(body.predictions[0].refusal.advice).toContain('does not look like');
    const last = served.served.sink.records.at(-1);
    expect(last).toMatchObject({ uncertain: true, label: expect.stringMatching(/healthy|unwell/) });
  });

  it('is refused in KServe v1 and Vertex AI beside others that are answered, and in OIP', async () => {
    for (const url of ['/v1/models/leaf:predict', '/v1/projects/default/locations/local/endpoints/leaf:predict']) {
      const { status, body } = await post(url, instances(square, leaf));
      expect([status, body.predictions], url).toMatchObject([200, [refused, { label: /healthy|unwell/ }]]);
    }
    const data = [square.toString('base64')];
    const input = { name: 'image', datatype: 'BYTES', shape: [1], data };
    const { body } = await post('/v2/models/leaf/infer', { inputs: [input], outputs: [{ name: 'label' }] });
    expect(body.outputs).toMatchObject([{ name: 'label', data: ['uncertain'] }]);
  });

  it('is an error of the original API, which has no other answer', async () => {
    for (const route of ['/predict/', '/explain/'])
      expect(await post(route, square)).toMatchObject({
        status: 422,
        headers: { 'x-mitate-refusal': 'unlike-training' },
      });
    expect((await post('/predict/', leaf)).body).toEqual({ prediction: expect.stringMatching(/healthy|unwell/) });
  });

  it('is classified all the same when the endpoint says so', async () => {
    expect((await set(0)).statusCode).toBe(200);
    const [prediction] = (await post('/api/v1/endpoints/leaf:predict', square)).body.predictions;
    expect(prediction.label).toMatch(/healthy|unwell/);
    expect(prediction).toMatchObject({ outOfDistribution: { flagged: true } });
    expect((await set(null)).json().settings.refuseAbove).toBe(3);
  });
});
