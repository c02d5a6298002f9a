import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../../tests/support/request-record.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { dayMs } from '../../codecs/duration.ts';
import type { RequestRecord } from '../../contracts/request-record.ts';
import { weightedShare } from '../../math/metrics/weighted-share.ts';
import { Random } from '../../math/stats/random.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { addFeedback } from '../feedback/add.ts';
import { fillQueue, fillQueues } from './fill.ts';
import { labelPhoto, nextPhotos, skipPhoto } from './review.ts';

const folder = new ScratchFolder();
let store: OpenStore;
let segment = 0;
const now = new Date('2026-11-20T12:00:00Z');

beforeAll(async () => {
  store = await openStore({ workspace: folder.path });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

type Change = Partial<RequestRecord> & { kept?: boolean };

/** Answers of the last hours, in the log; kept unless said otherwise. */
async function log(endpoint: string, changes: readonly Change[]): Promise<RequestRecord[]> {
  const records = changes.map(({ kept: _kept, ...change }, i) => {
    const probability = change.probability ?? 0.95;
    const response = { label: 'unwell', probabilities: { unwell: probability, healthy: 1 - probability } };
    const loggingTime = new Date(now.getTime() - 3_600_000 + i).toISOString();
    const numbers = { probability, positiveProbability: probability };
    return requestRecord({ endpoint, modelVersion: null, loggingTime, response, ...change, ...numbers });
  });
  const rows = records.map((record, i) => JSON.stringify({ ...record, imageKept: changes[i]!.kept ?? true }));
  await store.requests.ingest('test', rows, { segment: ++segment, offset: 0 });
  return records;
}

const endpointOf = (name: string, review: object) =>
  unaudited(store).endpoints.createEndpoint(name, { who: 'test', why: 'test', settings: { review } as never });

describe('a review queue', () => {
  it('takes each reason in turn, and what is worth most first', async () => {
    const endpoint = await endpointOf('reasons', { perDay: 8, randomShare: 0 });
    const sure = Array.from({ length: 30 }, () => ({ probability: 0.99 }));
    const unsure = [{ probability: 0.52 }, { probability: 0.6 }, { probability: 0.5, uncertain: true }];
    const far = [
      { outOfDistribution: true, outOfDistributionScore: 3 },
      { outOfDistribution: true, outOfDistributionScore: 1.1 },
    ];
    const [tie, , band, farther, , contested] = await log('reasons', [
      ...unsure,
      ...far,
      { probability: 0.97 },
      ...sure,
    ]);
    await log('reasons', [
      {
        role: 'shadow',
        shadowOf: contested!.publicId,
        pixelsSha256: contested!.pixelsSha256,
        label: 'healthy',
        probability: 0.04,
      },
    ]);
    const fill = await fillQueue(store, endpoint, { now });
    expect(fill).toMatchObject({ pictures: 36, drawn: 0, picked: 6 });
    const items = await store.review.list({ endpoint: 'reasons' });
    const firstOf = (reason: string) => items.find((item) => item.reason === reason)?.request;
    expect([tie!.publicId, band!.publicId]).toContain(firstOf('uncertain'));
    expect(firstOf('disagreement')).toBe(contested!.publicId);
    expect(firstOf('far-from-training')).toBe(farther!.publicId);
    expect(items.map(({ worth }) => worth)).toEqual(items.map(({ worth }) => worth).toSorted((a, b) => b - a));
  });

  it('asks about a picture once, and not about one that has a label', async () => {
    const endpoint = await endpointOf('once', { perDay: 100 });
    const pixelsSha256 = 'a'.repeat(64);
    const [first, , labelled] = await log('once', [
      { pixelsSha256 },
      { pixelsSha256 },
      {},
      { status: 500, label: null },
    ]);
    const said = { photo: { id: labelled!.publicId }, feedback: { kind: 'verdict', verdict: 'right' } as const };
    await addFeedback(store, [said], { actor: tester, source: 'api', now });
    expect(await fillQueue(store, endpoint, { now })).toMatchObject({ pictures: 1, drawn: 1 });
    expect((await store.review.list({ endpoint: 'once' })).map(({ request }) => request)).toEqual([first!.publicId]);
    const tomorrow = new Date(now.getTime() + dayMs);
    await log('once', [{ pixelsSha256, loggingTime: new Date(now.getTime() + 1_000).toISOString() }]);
    expect(await fillQueue(store, endpoint, { now: tomorrow })).toMatchObject({ pictures: 0, drawn: 0 });
  });

  it('keeps to its budget a day, of which a share is drawn by chance', async () => {
    const endpoint = await endpointOf('budget', { perDay: 20, randomShare: 0.25 });
    await log(
      'budget',
      Array.from({ length: 200 }, () => ({ probability: 0.55 })),
    );
    expect(await fillQueue(store, endpoint, { now })).toMatchObject({ pictures: 200, drawn: 5, picked: 15 });
    const random = (await store.review.list({ endpoint: 'budget' })).filter(({ reason }) => reason === 'random');
    expect(random.map(({ chance }) => chance)).toEqual(Array.from({ length: 5 }, () => expect.closeTo(5 / 200)));
    const loggingTime = new Date(now.getTime() + 1_000).toISOString();
    await log(
      'budget',
      Array.from({ length: 50 }, () => ({ probability: 0.55, loggingTime })),
    );
    // six hours later: a quarter of the day's photos
    const later = await fillQueue(store, endpoint, { now: new Date(now.getTime() + dayMs / 4) });
    expect(later!.drawn + later!.picked).toBe(5);
  });

  it('leaves photos that were not selected to the next fill (of 128 photos, 127 were never offered)', async () => {
    const endpoint = await endpointOf('left', { perDay: 10, randomShare: 0.2 });
    await log(
      'left',
      Array.from({ length: 128 }, () => ({ probability: 0.55 })),
    );
    expect(await fillQueue(store, endpoint, { now })).toMatchObject({ pictures: 128, drawn: 2, picked: 8 });
    const soon = new Date(now.getTime() + 120_000);
    expect(await fillQueue(store, endpoint, { now: soon, budget: 100 })).toMatchObject({
      pictures: 0,
      drawn: 0,
      picked: 100,
    });
  });

  it('counts photos that were not kept into the chance, and never shows them', async () => {
    const endpoint = await endpointOf('kept', { perDay: 4, randomShare: 1 });
    await log(
      'kept',
      Array.from({ length: 100 }, (_, i) => ({ kept: i % 10 === 0 })),
    );
    expect(await fillQueue(store, endpoint, { now })).toMatchObject({ pictures: 100, drawn: 4 });
    const items = await store.review.list({ endpoint: 'kept' });
    expect(items.every(({ imageKept, chance }) => imageKept && Math.abs(chance - 0.04) < 1e-6)).toBe(true);
  });

  it('is filled once a day, however many workers look', async () => {
    await endpointOf('daily', { perDay: 10 });
    await log('daily', [{}, {}]);
    const ofDaily = async (at: Date) =>
      (await fillQueues(store, { now: at })).filter(({ endpoint }) => endpoint === 'daily').length;
    const both = await Promise.all([ofDaily(now), ofDaily(now)]);
    expect(both.reduce((a, b) => a + b)).toBe(1);
    expect(await ofDaily(new Date(now.getTime() + 3_600_000))).toBe(0);
    expect(await ofDaily(new Date('2026-11-21T00:00:30Z'))).toBe(0);
    expect(await ofDaily(new Date('2026-11-21T00:02:00Z'))).toBe(1);
    // a clock that was put back
    expect(await ofDaily(now)).toBe(0);
  });

  it('gives a photo to one person at a time, and ends with its label or a skip', async () => {
    const endpoint = await endpointOf('people', { perDay: 10 });
    await log('people', [{}, {}]);
    await fillQueue(store, endpoint, { now });
    const ask = async (name: string, at = now) =>
      (await nextPhotos(store, { actor: { ...tester, name }, endpoint: 'people', now: at }))[0] ?? null;
    const [mika, jan] = [await ask('mika'), await ask('jan')];
    expect(mika!.request).not.toBe(jan!.request);
    expect((await ask('mika'))!.request).toBe(mika!.request);
    expect(await ask('lena')).toBeNull();
    expect((await ask('lena', new Date(now.getTime() + 11 * 60_000)))!.claimedBy).toBe('lena');
    const { entry } = await labelPhoto(
      store,
      mika!.request,
      { label: 'healthy' },
      { actor: { ...tester, name: 'mika' }, now },
    );
    expect(entry).toMatchObject({ source: 'queue', truth: 'healthy' });
    await skipPhoto(store, jan!.request, { actor: tester, now });
    expect(await store.review.list({ endpoint: 'people' })).toEqual([]);
    await expect(skipPhoto(store, jan!.request, { actor: tester, now })).rejects.toMatchObject({
      code: 'REVIEW_ITEM_UNKNOWN',
    });
    await expect(
      labelPhoto(store, 'nonsense', { label: 'healthy' }, { actor: { ...tester, name: 'mika' }, now }),
    ).rejects.toMatchObject({
      code: 'REVIEW_ITEM_UNKNOWN',
    });
  });
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Wrong more often the less sure: what is picked for review is then no picture of all. */
function simulatedDay(random: Random): { probability: number; isRight: boolean }[] {
  return Array.from({ length: 200 }, () => {
    const probability = 0.5 + 0.5 * Math.sqrt(random.uint32() / 2 ** 32);
    return { probability, isRight: random.uint32() / 2 ** 32 < probability };
  });
}

describe('accuracy measured by a queue', () => {
  it('is that of all answers, within its interval, where the share of right answers among what was labelled is not', async () => {
    const random = new Random('queue');
    const errors: number[] = [];
    const naive: number[] = [];
    let covered = 0;
    const days = 24;
    for (let day = 0; day < days; day++) {
      const photos = simulatedDay(random);
      const name = `simulated-${day}`;
      const endpoint = await endpointOf(name, { perDay: 80, randomShare: 0.5 });
      const records = await log(
        name,
        photos.map(({ probability }, i) => ({ probability, pixelsSha256: sha256(`${name} ${i}`) })),
      );
      await fillQueue(store, endpoint, { now });
      const isRight = new Map(records.map(({ publicId }, i) => [publicId, photos[i]!.isRight]));
      const queued = await store.review.list({ endpoint: name });
      // one in five volunteers beside it
      const volunteered = records.filter((_, i) => i % 5 === 0);
      const said = (id: string) => ({
        photo: { id },
        feedback: { kind: 'label', label: isRight.get(id) ? 'unwell' : 'healthy', newClass: false } as const,
      });
      await addFeedback(
        store,
        queued.map(({ request }) => said(request)),
        { actor: tester, source: 'queue', now },
      );
      await addFeedback(
        store,
        volunteered.map(({ publicId }) => said(publicId)),
        { actor: tester, source: 'api', now },
      );
      const truths = [...(await store.feedback.truths(records.map(({ publicId }) => publicId)))];
      const hits = truths.map(([, { label }]) => Number(label === 'unwell'));
      const { value, low, high } = weightedShare(
        hits,
        truths.map(([, { weight }]) => weight),
      );
      const truth = photos.filter((photo) => photo.isRight).length / photos.length;
      errors.push(value - truth);
      naive.push(hits.reduce((a, b) => a + b) / hits.length - truth);
      covered += Number(low <= truth && truth <= high);
    }
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    const standardError = Math.sqrt(mean(errors.map((error) => error ** 2)) / days);
    // lots are drawn by the hash of a picture, which is the same each time: so are these figures
    expect(Math.abs(mean(errors))).toBeLessThan(4 * standardError);
    expect(Math.abs(mean(naive))).toBeGreaterThan(4 * standardError);
    expect(covered).toBeGreaterThan(days - 6);
  });
});

it('a fill may queue more photos than a statement has parameters for', async () => {
  const about = { reason: 'random' as const, worth: 1, chance: 1, pixelsSha256: null };
  const items = Array.from({ length: 9_000 }, () => ({ request: randomUUID(), ...about }));
  const counts = { pictures: 9_000, drawn: 9_000, picked: 0 };
  const fill = { endpoint: 'large', start: new Date(0), end: new Date(dayMs), ...counts, at: now };
  expect(await store.review.fill(fill, items)).toBe(true);
  expect(await store.review.list({ endpoint: 'large', limit: 10_000 })).toHaveLength(9_000);
});
