import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { dayMs } from '../codecs/duration.ts';

let served: ServedApp;
let key: string;

beforeAll(async () => {
  served = await ServedApp.open([]);
  key = await served.makeKey('operate');
});
afterAll(async () => await served[Symbol.asyncDispose]());

let segment = 0;
const days = (count: number) => new Date(Date.now() - count * dayMs).toISOString();
const answerOf = (p: number) => ({
  response: {
    label: p >= 0.5 ? 'unwell' : 'healthy',
    positiveProbability: p,
    threshold: 0.5,
    probability: Math.max(p, 1 - p),
    probabilities: { unwell: p, healthy: 1 - p },
  },
});

/** A request per list, one a day until today; a number per photo. */
async function visits(subject: string, each: readonly (readonly number[])[], change: object = {}) {
  const rows = each.flatMap((photos, visit) =>
    photos.map((p, instance) =>
      requestRecord({
        ...{ subject, requestId: `${subject}-${segment}-${visit}`, instance, ...answerOf(p) },
        ...{ loggingTime: days(each.length - visit), ...change },
      }),
    ),
  );
  const lines = rows.map((row) => JSON.stringify({ ...row, imageKept: false }));
  await served.served.store.requests.ingest('test', lines, { segment: ++segment, offset: 0 });
}

async function follow(subject: string) {
  const url = `/api/v1/subjects/${encodeURIComponent(subject)}`;
  const answer = await served.ask('GET', url, { headers: { 'x-api-key': key } });
  return { status: answer.statusCode, body: answer.json() };
}

describe('a subject', () => {
  it('is listed visit by visit, with one answer of the photos of each', async () => {
    await visits('葉 7/a', [[0.9, 0.8], [0.2]]);
    const { body } = await follow('葉 7/a');
    expect(body.visits).toMatchObject([
      { predictions: [expect.any(String), expect.any(String)], combined: { label: 'unwell', photos: 2 } },
      { combined: { label: 'healthy', photos: 1, positiveProbability: expect.closeTo(0.2, 6) } },
    ]);
    expect(body.visits[0].at < body.visits[1].at).toBe(true);
    expect(body.trend).toMatchObject({ verdict: 'unclear', visits: 2, p: 1 });
  });

  it('is uncertain within the band of its endpoint, as the response was', async () => {
    const settings = { abstain: { low: 0.4, high: 0.6 } };
    const made = { name: 'abstaining', settings, why: 'test' };
    const headers = { 'x-api-key': key };
    expect((await served.ask('POST', '/api/v1/endpoints', { headers, payload: made })).statusCode).toBe(201);
    await visits('unsure', [[0.45, 0.55]], { endpoint: 'abstaining' });
    expect((await follow('unsure')).body.visits).toMatchObject([
      { combined: { label: 'uncertain', leaning: 'unwell', photos: 2 } },
    ]);
  });

  it('has as many whole visits as fit, whatever shadows and failures there are', async () => {
    const photos = (count: number) => new Array<number>(count).fill(0.3);
    await visits('busy', [photos(30), photos(4_980)]);
    await visits('busy', [photos(2_000)], { shadowOf: v7(), role: 'shadow', loggingTime: days(0) });
    await visits('busy', [photos(2_000)], { status: 500, response: null, loggingTime: days(0) });
    expect((await follow('busy')).body.visits).toMatchObject([{ combined: { photos: 4_980 } }]);
  });

  it('gets worse or better only where a test shows it', async () => {
    await visits('worse', [[0.1], [0.2], [0.3], [0.5], [0.7]]);
    await visits('better', [[0.9], [0.8], [0.6], [0.5], [0.2], [0.3]]);
    await visits('few', [[0.1], [0.5], [0.7], [0.9]]);
    await visits('unclear', [[0.4], [0.6], [0.3], [0.6], [0.5], [0.4]]);
    const verdicts = ['worse', 'better', 'few', 'unclear'].map(async (name) => (await follow(name)).body.trend.verdict);
    expect(await Promise.all(verdicts)).toEqual(['worse', 'better', 'unclear', 'unclear']);
  });

  it('is not said to be worse because another version answers', async () => {
    await visits('plant', [[0.1], [0.2], [0.2]], { modelVersion: 1 });
    await visits('plant', [[0.8], [0.9]], { modelVersion: 2, loggingTime: days(0) });
    const { trend, visits: all } = (await follow('plant')).body;
    expect(all).toHaveLength(5);
    expect(trend).toMatchObject({ verdict: 'unclear', visits: 2, model: { version: 2 } });
  });

  it('has no trend without a question, and must be known', async () => {
    const response = { label: 'rust', probability: 0.7, probabilities: { rust: 0.7, spot: 0.3 } };
    await visits('labels', [[0.1]], { response, positiveProbability: null });
    expect((await follow('labels')).body.trend).toBeNull();
    expect(await follow('nobody')).toMatchObject({ status: 404, body: { error: { code: 'SUBJECT_UNKNOWN' } } });
  });
});
