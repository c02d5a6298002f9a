import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { createUser } from '../actions/access/user.ts';
import { localActor } from '../contracts/actor.ts';
import { triggerSchema } from '../contracts/loop/trigger.ts';
import type { RequestRecord } from '../contracts/request-record.ts';

let served: ServedApp;
/** Of ten labellers. */
let keys: string[];
let segment = 0;

beforeAll(async () => {
  served = await ServedApp.open([]);
  keys = [];
  for (let i = 0; i < 10; i++) keys.push(await served.makeKey('operate'));
});
afterAll(async () => await served[Symbol.asyncDispose]());

const response = { label: 'rust', probabilities: { healthy: 0.1, rust: 0.7, spot: 0.2 }, probability: 0.7 };

/** Predicted photos that are in the log. @returns their ids */
async function answered(endpoint: string, ...changes: Partial<RequestRecord>[]): Promise<string[]> {
  const rows = changes.map((change) =>
    requestRecord({ endpoint, response, label: 'rust', modelVersion: null, ...change }),
  );
  const lines = rows.map((row) => JSON.stringify({ ...row, imageKept: true }));
  await served.served.store.requests.ingest('labellers', lines, { segment: ++segment, offset: 0 });
  return rows.map(({ publicId }) => publicId);
}

const by = (labeller: number) => ({ 'x-api-key': keys[labeller]! });

async function ask(
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  payload?: object,
  headers: Record<string, string> = by(0),
) {
  const answer = await served.app.inject({ method, url: `/api/v1/${url}`, ...(payload && { payload }), headers });
  return { status: answer.statusCode, body: answer.json() };
}
const say = async (labeller: number, id: string, label: string, more: object = {}) => {
  const said = await ask('POST', 'feedback', { feedback: [{ id, kind: 'label', label, ...more }] }, by(labeller));
  expect(said.status).toBe(201);
};
const truth = async (id: string) => (await served.served.store.feedback.truths([id])).get(id);
const exported = async (endpoint: string) => {
  const photos = await served.served.store.feedback.labelledPhotos({ endpoint });
  return photos.map(({ label, disputed }) => [label, disputed]);
};

async function endpointWith(name: string, review: object): Promise<void> {
  const settings = { review: { perDay: 100, randomShare: 1, ...review }, images: { policy: 'all' } };
  expect((await ask('POST', 'endpoints', { name, settings, why: 'test' }, by(0))).status).toBeLessThan(300);
}

describe('a photo that several labellers are asked about', () => {
  it('stays queued until so many labelled it, is not offered again to one who did, and hides what others said', async () => {
    await endpointWith('panel', { opinions: 2 });
    const loggingTime = new Date(Date.now() - 600_000).toISOString();
    const [id] = await answered('panel', { loggingTime });
    expect((await ask('POST', 'review/fill', { endpoint: 'panel', budget: 10 })).body.fill).toMatchObject({ drawn: 1 });
    const next = async (headers: Record<string, string>) =>
      (await ask('POST', 'review/next', { endpoint: 'panel' }, headers)).body.item;
    expect(await next(by(0))).toMatchObject({ request: id, opinions: 2, labellers: 0 });
    expect((await ask('POST', `review/${id}/label`, { label: 'rust' }, by(0))).status).toBe(201);
    expect(await next(by(0))).toBeNull();

    const password = 'correct horse battery';
    await createUser(served.served.store, { name: 'mika', role: 'labeller', password }, localActor('test'));
    const session = await served.ask('POST', '/api/v1/sessions', { payload: { name: 'mika', password } });
    const mika = { authorization: `Bearer ${session.json().token}` };
    const seen = async () => (await ask('GET', `feedback?request=${id}`, undefined, mika)).body.items;
    expect(await seen()).toEqual([]);
    expect(await next(mika)).toMatchObject({ request: id, labellers: 1 });
    expect((await ask('POST', `review/${id}/label`, { label: 'spot' }, mika)).status).toBe(201);
    expect(await seen()).toHaveLength(2);
    expect(await next(by(1))).toBeNull();
    expect((await ask('GET', 'review?endpoint=panel&state=done')).body.items).toMatchObject([
      { request: id, labellers: 2 },
    ]);
  });
});

describe('labels of several labellers that contradict', () => {
  it('are listed with the reason, count for nothing, and are decided by a person', async () => {
    const [id, agreed] = await answered('contradicted', {}, {});
    for (const i of keys.keys()) await say(i, id!, ['rust', 'spot', 'healthy'][i % 3]!);
    for (const i of [0, 1]) await say(i, agreed!, 'rust');
    expect(await truth(id!)).toBeUndefined();
    expect(await truth(agreed!)).toEqual({ label: 'rust', weight: 1 });
    expect(await exported('contradicted')).toEqual([
      [null, true],
      ['rust', false],
    ]);
    const { items } = (await ask('GET', 'review/disputes?endpoint=contradicted')).body;
    expect(items).toMatchObject([
      { request: id, reason: '10 labellers disagree: 4 "rust", 3 "healthy", 3 "spot"', imageKept: true },
    ]);
    const decided = await ask('POST', `review/${id}/adjudicate`, { label: 'spot' }, by(9));
    expect(decided).toMatchObject({ status: 201, body: { source: 'adjudication', truth: 'spot' } });
    await say(0, id!, 'rust');
    expect(await truth(id!)).toEqual({ label: 'spot', weight: 1 });
    expect(await exported('contradicted')).toContainEqual(['spot', false]);
    expect((await ask('GET', 'review/disputes?endpoint=contradicted')).body.items).toEqual([]);
    const admin = await served.makeKey('admin');
    const audit = (await ask('GET', 'audit?limit=20', undefined, { 'x-api-key': admin })).body.items;
    expect(audit).toContainEqual(expect.objectContaining({ action: 'review.adjudicate', subject: id }));

    const { items: labellers } = (await ask('GET', 'review/labellers?endpoint=contradicted')).body;
    // three said "spot", of whom the one who decided is not checked
    expect(labellers).toHaveLength(10);
    const sum = (what: string) => labellers.reduce((all: number, each: Record<string, number>) => all + each[what]!, 0);
    expect([sum('labelled'), sum('checked'), sum('right')]).toEqual([12, 9, 3]);
    const wrong = labellers.find(({ checked, right }: Record<string, number>) => checked! > right!);
    expect([wrong.accuracy.value, wrong.accuracy.low]).toEqual([0, expect.closeTo(0)]);
    expect(wrong.accuracy.high).toBeGreaterThan(0.5);
  });

  it('are decided by more than half of them where the endpoint says so', async () => {
    await endpointWith('majority', { disputes: 'majority' });
    const [id, tie] = await answered('majority', {}, {});
    for (const [i, label] of ['rust', 'spot', 'spot'].entries()) await say(i, id!, label);
    for (const [i, label] of ['rust', 'spot'].entries()) await say(i, tie!, label);
    expect([await truth(id!), await truth(tie!)]).toEqual([{ label: 'spot', weight: 1 }, undefined]);
    expect(await exported('majority')).toEqual([
      ['spot', false],
      [null, true],
    ]);
  });

  it('are no contradiction when one labeller corrects a label, or a stranger says otherwise', async () => {
    const [id] = await answered('corrected', {});
    await say(0, id!, 'rust');
    await say(0, id!, 'spot');
    await say(1, id!, 'spot');
    await say(2, id!, 'healthy');
    expect(await truth(id!)).toBeUndefined();
    await say(2, id!, 'spot');
    const page = { 'x-api-key': served.key };
    expect((await ask('POST', 'feedback', { feedback: [{ id, kind: 'label', label: 'rust' }] }, page)).status).toBe(
      201,
    );
    expect(await truth(id!)).toEqual({ label: 'spot', weight: 1 });
  });
});

describe('what is counted as labelled', () => {
  it('is what is known: no photo in dispute, in the delay and the report', async () => {
    const [disputed, agreed] = await answered('known', {}, {});
    for (const [i, label] of ['rust', 'spot'].entries()) await say(i, disputed!, label);
    await say(0, agreed!, 'rust');
    expect((await ask('GET', 'feedback/delay?endpoint=known')).body).toMatchObject({ answered: 2, labelled: 1 });
    const span = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)] as const;
    const totals = await served.served.store.reports.trafficTotals(...span);
    expect(totals.find(({ endpoint }) => endpoint === 'known')).toMatchObject({ photos: 2, labelled: 1 });
  });

  it('starts training only if it may train: neither strangers nor a dispute do', async () => {
    const ids = await answered('counts', {}, {}, {});
    const page = { 'x-api-key': served.key };
    await ask('POST', 'feedback', { feedback: [{ id: ids[0], kind: 'label', label: 'rust' }] }, page);
    for (const [i, label] of ['rust', 'spot'].entries()) await say(i, ids[1]!, label);
    const { store } = served.served;
    const when = { kind: 'drift', endpoint: 'counts' };
    await unaudited(store).triggers.createTrigger(
      triggerSchema.parse({ name: 'counts', pipeline: 'leaf.ts', when, minNewLabels: 1 }),
      { who: 'test', at: new Date(0), memory: null },
    );
    const { triggers } = store;
    const moments = () =>
      triggers.labelMoments({ endpoint: 'counts', from: new Date(0), to: new Date(Date.now() + 1_000) });
    let event = 0;
    const decided = async () => {
      const firing = { trigger: 'counts', occasion: `alert:${++event}`, who: 'test', runId: v7(), covers: [] } as const;
      let newLabels: number | undefined;
      await triggers.decideFiring(firing, { now: new Date(), reachMs: 0, endpoint: 'counts' }, 'held', (history) => {
        newLabels = history.newLabels;
        return { fires: false, why: 'test', evidence: {} };
      });
      return newLabels;
    };
    expect([await decided(), await moments()]).toEqual([0, []]);
    await say(0, ids[2]!, 'rust');
    expect(await decided()).toBe(1);
    expect(await moments()).toHaveLength(1);
    expect((await ask('POST', `review/${ids[1]}/adjudicate`, { label: 'spot' })).status).toBe(201);
    expect(await decided()).toBe(2);
    expect(await moments()).toHaveLength(2);
  });
});

describe('one labeller', () => {
  it('is one voice by API and by file, and confirms no label that they took back', async () => {
    const [id, other] = await answered('voices', {}, {});
    await say(0, id!, 'rust');
    await say(0, other!, 'spot');
    const payload = `request_id,label\n${id},rust\n${other},rust\n`;
    const headers = { ...by(0), 'content-type': 'text/csv' };
    const imported = await served.app.inject({ method: 'POST', url: '/api/v1/feedback/import', payload, headers });
    expect(imported.json()).toMatchObject({ added: 2 });
    await say(0, other!, 'spot');
    const photos = await served.served.store.feedback.labelledPhotos({ endpoint: 'voices' });
    expect(photos.map(({ label, confirmations }) => [label, confirmations])).toEqual([
      ['rust', 1],
      ['spot', 1],
    ]);
  });

  it('adjudicates a photo that nobody was asked about, and it counts', async () => {
    const [id] = await answered('never-queued', {});
    expect((await ask('POST', `review/${id}/adjudicate`, { label: 'spot' })).status).toBe(201);
    expect(await truth(id!)).toEqual({ label: 'spot', weight: 1 });
  });
});

describe('agreement of labellers', () => {
  it('is 1 with an interval when all agree, and near 0 when labels are drawn', async () => {
    const ids = await answered('agreed', ...Array.from({ length: 12 }, () => ({})));
    for (const [i, id] of ids.entries()) for (const who of [0, 1]) await say(who, id, i % 2 ? 'rust' : 'spot');
    const [agreed] = (await ask('GET', 'review/agreement?endpoint=agreed')).body.items;
    expect(agreed).toMatchObject({ photos: 12, labellers: 2, contradicted: 0, alpha: { value: 1, high: 1 } });
    expect(agreed.alpha.low).toBeLessThan(0.8);
    expect(agreed.pairs).toMatchObject([{ photos: 12, agreed: 12 }]);

    const drawn = await answered('drawn', ...Array.from({ length: 24 }, () => ({})));
    for (const [i, id] of drawn.entries())
      for (const who of [0, 1]) await say(who, id, (who ? i : i >> 1) % 2 ? 'rust' : 'spot');
    const [chance] = (await ask('GET', 'review/agreement?endpoint=drawn')).body.items;
    expect(chance.alpha.low).toBeLessThan(0);
    expect(chance.alpha.high).toBeGreaterThan(0);
    expect(chance.labels.map(({ label, photos }: { label: string; photos: number }) => [label, photos])).toEqual([
      ['rust', 18],
      ['spot', 18],
    ]);
    const { body } = await served.ask('GET', '/api/v1/report?last=1d', { headers: by(0) });
    expect(body).toContain('Krippendorff');
    expect(body).not.toContain('By severity');
  });

  it('and of the model are reported by severity, too', async () => {
    const [plain, ...ids] = await answered('graded', {}, {}, {}, {});
    // the label that counts has no grade: a stranger's is not put in its place
    await say(0, plain!, 'rust');
    const strange = { id: plain, kind: 'label', label: 'rust', attributes: { severity: 5 } };
    await ask('POST', 'feedback', { feedback: [strange] }, { 'x-api-key': served.key });
    for (const [i, id] of ids.entries())
      await say(0, id, i ? 'rust' : 'spot', { attributes: { severity: i ? 4 : 1, alsoShows: ['healthy'] } });
    const bad = (attributes: object, label = 'rust') =>
      ask('POST', 'feedback', { feedback: [{ id: ids[0], kind: 'label', label, attributes }] });
    for (const attributes of [
      { severity: 6 },
      { severity: 0.5 },
      { alsoShows: ['rust'] },
      { alsoShows: [] },
      { grade: 1 },
    ])
      expect((await bad(attributes)).status).toBe(400);
    expect((await bad({ alsoShows: ['mildew'] })).body.error.code).toBe('FEEDBACK_LABEL_UNKNOWN');
    const { body } = await served.ask('GET', '/api/v1/report?last=1d', { headers: by(0) });
    const section = body.slice(body.indexOf('By severity'), body.indexOf('Monitors of accuracy'));
    const cells = [...section.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell);
    expect(cells.filter((_, i) => i % 6 < 5)).toEqual([
      ...['graded', '1', '1', '0', '0.0 %'],
      ...['graded', '4', '2', '2', '100.0 %'],
    ]);
  });

  it('is none of labels by one labeller each', async () => {
    const [one, other] = await answered('alone', {}, {});
    await say(0, one!, 'rust');
    await say(1, other!, 'spot');
    expect((await ask('GET', 'review/agreement?endpoint=alone')).body.items).toEqual([]);
  });
});

it('a golden photo that comes again checks its labellers, not those that it was labelled by', async () => {
  const imageSha256 = 'c'.repeat(64);
  const [first, again] = await answered('gold', { imageSha256 }, { imageSha256 });
  const file = { sha256: 'd'.repeat(64), format: 'jpeg' as const, phash: '0'.repeat(16), thumbnail: '' };
  const origin = { request: first!, imageSha256, who: 'test' };
  await unaudited(served.served.store).golden.addPhotos([{ set: 'field', label: 'rust', ...file, ...origin }]);
  await say(0, first!, 'rust');
  await say(1, again!, 'rust');
  await say(2, again!, 'spot');
  const { items } = (await ask('GET', 'review/labellers?endpoint=gold')).body;
  const counts = items.map(({ checked, right }: { checked: number; right: number }) => [checked, right]);
  expect(counts.sort()).toEqual([
    [0, 0],
    [1, 0],
    [1, 1],
  ]);
});

it('an item queued before labellers were counted needs one label', async () => {
  const [id] = await answered('before', {});
  const { store } = served.served;
  const item = { request: id!, reason: 'random' as const, worth: 1, chance: 1, pixelsSha256: null };
  const about = { endpoint: 'before', start: new Date(0), end: new Date(1), pictures: 1, drawn: 1, picked: 0 };
  await unaudited(store).review.fill({ ...about, at: new Date() }, [item]);
  await say(3, id!, 'rust');
  expect(await store.review.list({ endpoint: 'before' })).toEqual([]);
});
