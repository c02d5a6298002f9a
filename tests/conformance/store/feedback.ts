import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../src/contracts/request-record.ts';
import type { NewFeedback } from '../../../src/store/feedback/contract.ts';
import { requestRecord } from '../../support/request-record.ts';
import { unaudited } from '../../support/unaudited.ts';
import type { StoreFixture } from './fixture.ts';

const from = new Date('2026-06-01T00:00:00Z');
const to = new Date('2026-06-02T00:00:00Z');

/** What every database does with feedback and the review queue. */
export function feedbackConformance(fixture: StoreFixture): void {
  let segment = 0;
  const answered = async (endpoint: string, count: number, change: Partial<RequestRecord> = {}) => {
    const loggingTime = new Date(from.getTime() + 60_000).toISOString();
    const records = Array.from({ length: count }, () => requestRecord({ endpoint, loggingTime, ...change }));
    const rows = records.map((record) => JSON.stringify({ ...record, imageKept: true }));
    await fixture.store.requests.ingest('feedback', rows, { segment: ++segment, offset: 0 });
    return records.map(({ publicId }) => publicId);
  };
  const entry = (request: string, change: Partial<NewFeedback> = {}): NewFeedback => ({
    request,
    endpoint: 'leaf',
    kind: 'label',
    label: 'healthy',
    truth: 'healthy',
    newClass: false,
    verdict: null,
    event: null,
    value: null,
    source: 'api',
    who: 'key:tablet',
    note: '葉 ok',
    requestAt: from,
    at: to,
    idempotencyKey: null,
    ...change,
  });

  describe('feedback', () => {
    it('counts once per idempotency key under concurrency', async () => {
      const { feedback } = unaudited(fixture.store);
      const [id] = await answered('keys', 1);
      const add = () => feedback.add([entry(id!, { idempotencyKey: 'one' })]);
      const added = (await Promise.all([add(), add(), add()])).flat();
      expect(added.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(new Set(added.map(({ seq }) => seq)).size).toBe(1);
      // keys are of whoever uses them
      expect((await feedback.add([entry(id!, { idempotencyKey: 'one', who: 'key:other' })]))[0]!.repeated).toBe(false);
      await expect(
        feedback.add([entry(id!), entry(id!, { idempotencyKey: 'one', label: 'rust' })]),
      ).rejects.toMatchObject({
        code: 'FEEDBACK_KEY_REUSED',
      });
      expect(await feedback.list({ request: id! })).toHaveLength(2);
    });

    it('sums up sessions of each version, also of a model without one', async () => {
      const endpoint = randomUUID().slice(0, 8);
      const { feedback } = unaudited(fixture.store);
      const [one, two, three] = await answered(endpoint, 3, { modelVersion: null });
      const said = { endpoint, kind: 'event', label: null, truth: null, event: 'accept', session: 'visit' } as const;
      const sale = { ...said, kind: 'business', event: 'sold', value: 4 } as const;
      await feedback.add([
        entry(one!, { ...said, event: 'shown', at: from }),
        entry(one!, { ...said, at: new Date(from.getTime() + 2_000) }),
        entry(two!, { ...said, event: 'retake' }),
        // strangers replace no other word
        entry(two!, { ...said, source: 'link' }),
        entry(two!, { ...sale, currency: 'EUR' }),
        entry(three!, { ...sale, session: null, currency: 'USD' }),
      ]);
      const [arm, ...more] = await feedback.behaviour({ endpoint, from, to });
      expect(more).toEqual([]);
      expect(arm).toMatchObject({ modelVersion: null, answered: 3, sessions: 2 });
      expect(arm!.measures.accepted).toEqual({ sessions: 1, y: 1, n: 2, yy: 1, yn: 2, nn: 4 });
      expect(arm!.measures.logTime).toMatchObject({ y: expect.closeTo(Math.log(2_000), 9), n: 1 });
      expect(arm!.values).toEqual([
        { currency: 'EUR', events: 1, sums: { sessions: 2, y: 4, n: 3, yy: 16, yn: 8, nn: 5 } },
        { currency: 'USD', events: 1, sums: { sessions: 2, y: 4, n: 3, yy: 16, yn: 4, nn: 5 } },
      ]);
      expect((await feedback.behaviourOf([two!])).get(two!)).toMatchObject({ session: 'visit', decision: 'retake' });
      expect(await feedback.hasUserEvents(endpoint, from)).toBe(true);
      expect(await feedback.hasUserEvents(endpoint, to)).toBe(false);
    });

    it('belongs to its project', async () => {
      const [id] = await answered('apart', 1);
      await unaudited(fixture.store).feedback.add([entry(id!)]);
      const { feedback } = fixture.store.forProject('greenhouse');
      expect(await feedback.list({ request: id! })).toEqual([]);
      expect(await feedback.truths([id!])).toEqual(new Map());
      expect(await feedback.findPhotos([{ id: id! }])).toEqual([null]);
      expect(await feedback.labelledPhotos({})).toEqual([]);
    });

    it('is paged in order of arrival, and corrections are listed again', async () => {
      const endpoint = randomUUID().slice(0, 8);
      const ids = await answered(endpoint, 3);
      const { feedback } = unaudited(fixture.store);
      await feedback.add(ids.map((id) => entry(id, { endpoint })));
      const first = await feedback.labelledPhotos({ endpoint, limit: 2 });
      expect(first.map(({ request }) => request)).toEqual(ids.slice(0, 2));
      await feedback.add([entry(ids[0]!, { endpoint, truth: 'unwell', label: 'unwell' })]);
      const rest = await feedback.labelledPhotos({ endpoint, afterSeq: first[1]!.seq });
      expect(rest.map(({ request, label, confirmations }) => [request, label, confirmations])).toEqual([
        [ids[2], 'healthy', 1],
        [ids[0], 'unwell', 1],
      ]);
    });
  });

  describe('the review queue', () => {
    it('is filled once per window, weighs random draws, and ends with a label', async () => {
      const { review, feedback } = unaudited(fixture.store);
      const endpoint = randomUUID().slice(0, 8);
      const ids = await answered(endpoint, 10);
      const window = { endpoint, start: from, end: to };
      const { pictures, drawn, candidates } = await review.look(window, {
        since: window.start,
        draw: 2,
        seed: 's',
        each: 5,
      });
      expect([pictures, drawn.length]).toEqual([10, 2]);
      const picked = candidates.find(({ publicId }) => drawn.every((one) => one.publicId !== publicId))!;
      const items = [
        ...drawn.map(({ publicId, pixelsSha256 }) => {
          return { request: publicId, pixelsSha256, reason: 'random', worth: 1, chance: 0.2 } as const;
        }),
        {
          request: picked.publicId,
          pixelsSha256: picked.pixelsSha256,
          reason: 'uncertain',
          worth: 0.5,
          chance: 1,
        } as const,
      ];
      const fill = { ...window, pictures, drawn: 2, picked: 1, at: to };
      const fills = await Promise.all([review.fill(fill, items), review.fill(fill, items)]);
      expect(fills.toSorted()).toEqual([false, true]);
      expect((await review.look(window, { since: window.start, draw: 9, seed: 's', each: 5 })).pictures).toBe(7);
      const until = new Date(to.getTime() + 600_000);
      const claims = ['ann', 'ben'].map((who) => review.claim(who, { endpoint, now: to, until }));
      expect(new Set((await Promise.all(claims)).map(([item]) => item!.request)).size).toBe(2);
      const other = ids.find((id) => items.every(({ request }) => request !== id))!;
      await feedback.add(items.map(({ request }) => entry(request, { source: 'queue', endpoint })));
      await feedback.add([entry(other, { endpoint })]);
      const weights = [...(await feedback.truths([...items.map(({ request }) => request), other])).values()];
      expect(weights.map(({ weight }) => weight)).toEqual([5, 5, 0, 1].map((weight) => expect.closeTo(weight, 5)));
      expect(await review.list({ endpoint })).toEqual([]);
      expect(await review.list({ endpoint, state: 'done' })).toHaveLength(3);
      const count = async (filter: object) => await review.count({ endpoint, ...filter });
      expect([await count({}), await count({ state: 'done' }), await count({ state: 'done', limit: 2 })]).toEqual([
        0, 3, 2,
      ]);
    });
  });
}
