import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { runHere } from '../../tests/support/run-here.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';

const folder = new ScratchFolder();
let served: ServedApp;
let admin: string;
let leaf: Buffer;
let square: Buffer;
let model: string;

beforeAll(async () => {
  leaf = Buffer.from((await drawnPhotos(1))[0]!.bytes);
  const blue = { create: { width: 256, height: 256, channels: 3, background: '#0000ff' } } as const;
  square = await sharp(blue).jpeg().toBuffer();
  [model] = (await trainedModels(folder.path, 1)) as [string];
  served = await ServedApp.open([model]);
  admin = await served.makeKey('admin');
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const set = (settings: object) =>
  served.ask('PATCH', '/api/v1/endpoints/leaf', { headers: { 'x-api-key': admin }, payload: { settings } });

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
    const outputs = ['label', 'notice', 'advice'].map((name) => ({ name }));
    const { body } = await post('/v2/models/leaf/infer', { inputs: [input], outputs });
    expect(body.outputs).toMatchObject([
      { data: ['uncertain'] },
      { data: ['refused'] },
      { data: [expect.stringContaining('does not look like')] },
    ]);
  });

  it('is an error of the original API, which has no other answer', async () => {
    for (const route of ['/predict/', '/explain/'])
      expect(await post(route, square)).toMatchObject({
        status: 422,
        headers: { 'x-mitate-refusal': 'unlike-training' },
      });
    expect((await post('/predict/', leaf)).body).toEqual({ prediction: expect.stringMatching(/healthy|unwell/) });
  });

  it('is classified with a warning when the endpoint says so, or when its limit is far', async () => {
    for (const settings of [{ unlike: 'warn' }, { unlike: null, refuseAbove: 1000 }, { refuseAbove: 0 }]) {
      expect((await set(settings)).json().settings).toMatchObject({ unlike: settings.unlike ?? 'refuse' });
      const [prediction] = (await post('/api/v1/endpoints/leaf:predict', square)).body.predictions;
      expect(prediction, JSON.stringify(settings)).toMatchObject({
        label: expect.stringMatching(/healthy|unwell/),
        warning: { reason: 'unlike-training', advice: expect.stringContaining('may be wrong') },
      });
      expect(prediction.refusal).toBeUndefined();
      expect(served.served.sink.records.at(-1)).toMatchObject({ uncertain: false, response: { warning: {} } });
      expect(await post('/predict/', square)).toMatchObject({
        status: 200,
        headers: { 'x-mitate-warning': 'unlike-training' },
      });
    }
    const [known] = (await post('/api/v1/endpoints/leaf:predict', leaf)).body.predictions;
    expect(known.warning).toBeUndefined();
  });

  it('and the threshold is that of the endpoint, else the model has its own', async () => {
    const labelOf = async () => {
      const [{ label, threshold }] = (await post('/api/v1/endpoints/leaf:predict', leaf)).body.predictions;
      return { label, threshold };
    };
    const own = await labelOf();
    expect((await set({ threshold: 0 })).json().settings.threshold).toBe(0);
    expect(await labelOf()).toEqual({ label: 'unwell', threshold: 0 });
    await set({ threshold: 1 });
    expect(await labelOf()).toEqual({ label: 'healthy', threshold: 1 });
    expect((await set({ threshold: 1.5 })).statusCode).toBe(400);
    await set({ threshold: null });
    expect(await labelOf()).toEqual(own);
  });

  it('is answered like any other when the endpoint says so; the distance stays', async () => {
    expect((await set({ unlike: 'answer', refuseAbove: null })).json().settings.refuseAbove).toBeNull();
    const [prediction] = (await post('/api/v1/endpoints/leaf:predict', square)).body.predictions;
    expect(prediction).toMatchObject({
      label: expect.stringMatching(/healthy|unwell/),
      outOfDistribution: { flagged: true },
    });
    expect([prediction.refusal, prediction.warning]).toEqual([undefined, undefined]);
  });

  it('is refused by `mitate predict`, with what to do, and warned of when told so', async () => {
    const file = folder.write('square.jpg', square);
    const predicted = (...options: string[]) =>
      runHere(['predict', file, '--model', model, '--workspace', folder.at('none'), ...options]);
    const { code, stdout, stderr } = await predicted();
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringMatching(/^refused: /),
      expect.stringContaining('Photograph the subject'),
    ]);
    expect((await predicted('--unlike', 'warn')).stdout).toMatch(/(healthy|unwell).*; unlike the training photos/);
    expect((await predicted('--refuse-above', '1000')).stderr).toContain('may be wrong');
    expect((await predicted('--unlike', 'perhaps')).stderr).toContain('answer, warn, refuse');
  });

  it('is not met with a policy that does not exist', async () => {
    expect((await set({ unlike: 'perhaps' })).json()).toMatchObject({
      error: { message: expect.stringContaining('unlike') },
    });
  });
});
