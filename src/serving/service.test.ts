import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedWorkspace } from '../../tests/support/served-workspace.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import type { Permission, Principal } from '../contracts/access.ts';
import { type EndpointSettings, endpointSettingsSchema } from '../contracts/endpoint.ts';
import { silentLogger } from '../contracts/logger.ts';
import { requestRecordSchema } from '../contracts/request-record.ts';
import { explanationSchema, predictResponseSchema } from '../contracts/served-prediction.ts';
import { createMetrics } from './metrics.ts';
import { startService } from './open-service.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const models = new ScratchFolder();
let served: ServedWorkspace;
let photos: Uint8Array[];

beforeAll(async () => {
  const [uris, drawn] = await Promise.all([trainedModels(models.path, 1), drawnPhotos(8, { seed: 9 })]);
  photos = drawn.map(({ bytes }) => bytes);
  served = await ServedWorkspace.open(uris, { processes: 2 });
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  models[Symbol.dispose]();
});
beforeEach(() => {
  served.sink.entries.length = 0;
});
/** What a test sets is not the next one's, also when it fails. */
afterEach(() => set(endpointSettingsSchema.parse({})));

const someone = (kind: Principal['kind'], ...permissions: Permission[]): Principal => {
  return { kind, id: 'k2', who: `${kind}:other`, project: 'default', permissions: new Set(permissions) };
};
const set = async (settings: Partial<EndpointSettings>) => {
  await unaudited(served.store).endpoints.setEndpoint('leaf', settings, { who: 'test', why: 'test' });
  await served.service.refresh();
};
const predict = async (...args: Parameters<ServedWorkspace['request']>) =>
  (await served.service.predict(served.request(...args))).predictions[0]!;

describe('predict', () => {
  it('answers with label, probability and version, and has it logged first', async () => {
    const request = served.request(photos[0]!, { attributes: { device: 'phone' } });
    const response = await served.service.predict(request);
    predictResponseSchema.parse(response);
    expect(response).toMatchObject({ requestId: request.requestId, endpoint: 'leaf' });
    const [prediction] = response.predictions;
    expect(prediction).toMatchObject({ model: { name: 'leaf', version: 1 }, deployment: { role: 'stable' } });
    expect(['unwell', 'healthy']).toContain(prediction!.label);
    const record = served.sink.records.at(-1)!;
    requestRecordSchema.parse(record);
    expect(record).toMatchObject({ publicId: prediction!.id, response: prediction, status: 200, modelVersion: 1 });
    expect(record).toMatchObject({ attributes: { device: 'phone' }, apiKeyId: 'k1', imageFormat: 'jpeg' });
    expect(Buffer.from(record.projection!, 'base64')).toHaveLength(128);
  });

  it('answers several photos in their order, a record each', async () => {
    const three = photos.slice(0, 3);
    const alone = await Promise.all(three.map((photo) => predict(photo)));
    served.sink.entries.length = 0;
    const { predictions } = await served.service.predict(served.request(photos[0]!, { images: three }));
    const probabilities = (of: typeof alone) => of.map(({ probability }) => probability);
    expect(probabilities(predictions)).toEqual(probabilities(alone));
    expect(served.sink.records.map(({ instance, publicId }) => [instance, publicId])).toEqual(
      predictions.map(({ id }, i) => [i, id]),
    );
  });

  it('refuses a request for one bad photo of several, names it, and logs the failure', async () => {
    const images = [photos[0]!, photos[1]!.subarray(0, 700)];
    const request = served.request(photos[0]!, { images });
    await expect(served.service.predict(request)).rejects.toMatchObject({ code: /^IMAGE_/ });
    expect(served.sink.records).toHaveLength(2);
    for (const record of served.sink.records) {
      requestRecordSchema.parse(record);
      expect(record).toMatchObject({ response: null, status: 422, errorCode: expect.stringMatching(/^IMAGE_/) });
    }
  });

  it('answers nothing when the journal cannot be written', async () => {
    const append = vi.spyOn(served.sink, 'append').mockRejectedValueOnce(new Error('disk full'));
    await expect(predict(photos[0]!)).rejects.toThrow('disk full');
    append.mockRestore();
    expect((await predict(photos[0]!)).label).toBeTruthy();
  });

  it('lets go of a photo whose client went away, and logs nothing', async () => {
    const abort = new AbortController();
    const gone = predict(photos[0]!, { signal: abort.signal });
    abort.abort();
    await expect(gone).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(served.sink.records).toEqual([]);
  });

  it('says "uncertain" and where it leans inside the band', async () => {
    await set({ abstain: { low: 0, high: 1 } });
    const prediction = await predict(photos[0]!);
    expect(prediction.label).toBe('uncertain');
    expect(served.sink.records.at(-1)).toMatchObject({ uncertain: true, label: prediction.leaning });
    await set({ abstain: null });
    expect(await predict(photos[0]!)).not.toHaveProperty('leaning');
  });

  it('keeps photos and embeddings as the endpoint says', async () => {
    await set({ images: { policy: 'all', share: 0 }, embeddingShare: 1 });
    await predict(photos[0]!);
    const { image, record } = served.sink.entries.at(-1)!;
    expect((await sharp(image).metadata()).format).toBe('jpeg');
    expect(Buffer.from(record.embedding!, 'base64').length % 4).toBe(0);
    await set({ images: { policy: 'none', share: 0 }, embeddingShare: 0 });
    await predict(photos[0]!);
    expect(served.sink.entries.at(-1)).toMatchObject({ record: { embedding: null } });
    expect(served.sink.entries.at(-1)).not.toHaveProperty('image');
  });

  it('shows training photos to who operates the endpoint alone, and scores none when told so', async () => {
    const operator = await predict(photos[0]!);
    const stranger = await predict(photos[0]!, { principal: someone('key', 'predict') });
    expect(operator.outOfDistribution?.nearest?.length).toBeGreaterThan(0);
    expect(stranger.outOfDistribution).toMatchObject({ score: operator.outOfDistribution!.score });
    expect(stranger.outOfDistribution).not.toHaveProperty('nearest');
    await set({ outOfDistribution: false });
    expect((await predict(photos[0]!)).outOfDistribution).toBeNull();
  });

  it("ends at the endpoint's deadline, counted from the arrival", async () => {
    await set({ deadlineMs: 500 });
    const late = served.request(photos[0]!, { arrivedAtMs: performance.now() - 501 });
    await expect(served.service.predict(late)).rejects.toMatchObject({
      code: 'REQUEST_DEADLINE_EXCEEDED',
      status: 504,
    });
    // far more than can be answered in it, and long enough that a stall does not end it before it is taken in
    await set({ deadlineMs: 250 });
    const images = Array.from({ length: 500 }, () => photos[0]!);
    const waits = served.service.predict(served.request(photos[0]!, { images }));
    await expect(waits).rejects.toMatchObject({ code: 'REQUEST_DEADLINE_EXCEEDED', details: { deadlineMs: 250 } });
    expect(served.sink.records.filter(({ status }) => status === 504)).toHaveLength(500);
  });
});

describe('who may ask', () => {
  it('is a key with "predict"; anyone on a public endpoint', async () => {
    const ask = (principal: Principal, endpoint = 'leaf') => predict(photos[0]!, { principal, endpoint });
    await expect(ask(someone('key', 'read'))).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(ask(someone('anonymous'))).rejects.toMatchObject({ code: 'ACCESS_KEY_MISSING' });
    await expect(ask(someone('anonymous'), 'other')).rejects.toMatchObject({ code: 'ACCESS_KEY_MISSING' });
    await set({ public: true });
    expect((await ask(someone('anonymous'))).label).toBeTruthy();
    expect(served.sink.records.at(-1)).toMatchObject({ apiKeyId: null });
  });

  it('is asked in a project of its own', async () => {
    const foreign = { ...someone('key', 'predict'), project: 'team' };
    await expect(predict(photos[0]!, { principal: foreign })).rejects.toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
  });

  it('need not name the only endpoint', async () => {
    expect((await predict(photos[0]!, { endpoint: null })).label).toBeTruthy();
    await expect(predict(photos[0]!, { endpoint: 'nothing' })).rejects.toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
  });
});

describe('an idempotency key', () => {
  const idempotency = { key: 'one', bodyDigest: 'a'.repeat(64) };

  it('gives one answer and one row, also to requests at the same time', async () => {
    const asked = Array.from({ length: 5 }, () => served.service.predict(served.request(photos[0]!, { idempotency })));
    const [first, ...others] = await Promise.all(asked);
    for (const other of others) expect(other).toEqual(first);
    expect(served.sink.records).toHaveLength(1);
  });

  it('is refused with another body, and belongs to its API key', async () => {
    const other = { key: 'one', bodyDigest: 'b'.repeat(64) };
    await expect(predict(photos[1]!, { idempotency: other })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    const principal = someone('key', 'predict');
    expect((await predict(photos[1]!, { idempotency: other, principal })).label).toBeTruthy();
    // a user who is named as that key
    const namesake = { ...principal, kind: 'user' as const, id: 'k1' };
    expect((await predict(photos[1]!, { idempotency: other, principal: namesake })).label).toBeTruthy();
  });

  it('is answered to who sent it again, though who sent it first hung up', async () => {
    const again = { key: 'again', bodyDigest: 'd'.repeat(64) };
    const abort = new AbortController();
    const first = predict(photos[0]!, { idempotency: again, signal: abort.signal });
    const others = [1, 2].map(() => predict(photos[0]!, { idempotency: again }));
    abort.abort();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    const [one, two] = await Promise.all(others);
    expect(one).toEqual(two);
    expect(served.sink.records).toHaveLength(1);
  });

  it('is free again after a failure', async () => {
    const key = { key: 'failed', bodyDigest: 'c'.repeat(64) };
    await expect(predict(new Uint8Array(9), { idempotency: key })).rejects.toMatchObject({ code: /^IMAGE_/ });
    expect((await predict(photos[0]!, { idempotency: key })).label).toBeTruthy();
  });
});

describe('explain', () => {
  it('answers with the grid of the heat map, its overlay, and how the attention lies', async () => {
    const explained = await served.service.explain(served.request(photos[0]!));
    explanationSchema.parse(explained);
    expect([explained.grid.length, explained.grid[0]!.length]).toEqual([explained.height, explained.width]);
    expect(explained.completenessError).toBeLessThan(0.2);
    expect((await sharp(await explained.overlay()).metadata()).format).toBe('png');
    const { attention, response } = served.sink.records.at(-1)!;
    expect(response).toEqual(explained.prediction);
    for (const share of Object.values(attention!)) expect(share > 0 && share < 1).toBe(true);
  });

  it('speaks for the label asked for; "no" is "yes" with the other sign', async () => {
    const grid = async (classLabel?: string) =>
      (await served.service.explain({ ...served.request(photos[0]!), classLabel })).grid.flat();
    const [yes, no, byDefault] = [await grid('unwell'), await grid('healthy'), await grid()];
    expect(byDefault).toEqual(yes);
    expect(no).toEqual(yes.map((value) => -value));
    const { labels } = served.service.describe('default', 'leaf');
    expect(await grid(labels[0])).not.toEqual(yes);
    await expect(grid('rose')).rejects.toMatchObject({ code: 'LABEL_UNKNOWN', status: 400 });
  });
});

describe('admission', () => {
  it('refuses at once what is too much, says when to come back, and answers the rest', async () => {
    await served.start({ limits: { maxPhotos: 4 } });
    const asked = Array.from({ length: 12 }, () => predict(photos[0]!));
    expect(() => served.service.admit()).toThrow(expect.objectContaining({ code: 'QUEUE_FULL', status: 503 }));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect([outcomes.length - refused.length, refused.length]).toEqual([4, 8]);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason.details).toMatchObject({ retryAfterS: expect.any(Number) });
    expect(served.sink.records).toHaveLength(4);
    served.service.admit();
  });

  it('says that it is starting until its models are warm, and then answers', async () => {
    await served.service.close();
    const { store, pool, sink } = served;
    const { service, warm } = startService({ store, pool, sink, metrics: createMetrics(), logger: silentLogger });
    expect(service.isReady).toBe(false);
    const error = { code: 'SERVICE_STARTING', status: 503, details: { retryAfterS: 1 } };
    await expect(service.predict(served.request(photos[0]!))).rejects.toMatchObject(error);
    await warm;
    expect(service.isReady).toBe(true);
    expect((await service.predict(served.request(photos[0]!))).predictions).toHaveLength(1);
    await service.close();
    await served.start();
  });

  it('drains: answers what is inside, refuses the rest', async () => {
    const inside = predict(photos[0]!);
    const drained = served.service.drain();
    await expect(predict(photos[1]!)).rejects.toMatchObject({ code: 'SERVICE_DRAINING' });
    expect(served.service.isReady).toBe(false);
    await drained;
    expect(served.sink.records).toHaveLength(1);
    expect((await inside).label).toBeTruthy();
    await served.start();
    expect(served.service.isReady).toBe(true);
  });
});

it('counts requests in the metrics, refused ones too', async () => {
  await predict(photos[0]!);
  await expect(predict(photos[0]!, { endpoint: 'nothing' })).rejects.toMatchObject({ status: 404 });
  const text = await served.metrics.text();
  expect(text).toMatch(
    /mitate_requests_total\{project="default",endpoint="leaf",model="leaf",version="1",role="stable",.*code="200"\} \d+/,
  );
  expect(text).toMatch(/mitate_requests_total\{project="default",endpoint="",.*code="404"\} \d+/);
  expect(text).toMatch(/mitate_predictions_total\{project="default",endpoint="leaf",label="(un)?(well|healthy)"\} \d+/);
});
