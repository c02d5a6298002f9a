import { readdirSync } from 'node:fs';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { smallPhoto } from '../../tests/support/small-photo.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { sha256 } from '../codecs/digest.ts';
import { dayMs } from '../codecs/duration.ts';
import type { RequestRecord } from '../contracts/request-record.ts';
import { expireImages } from '../serving/log/expire.ts';
import { localImages } from '../store/images/image-store.ts';

let served: ServedApp;
let operator: string;
let segment = 0;

beforeAll(async () => {
  served = await ServedApp.open([]);
  operator = await served.makeKey('operate');
});
afterAll(async () => await served[Symbol.asyncDispose]());

const binary = { label: 'unwell', probabilities: { healthy: 0.1, unwell: 0.9 }, probability: 0.9 };
const three = { label: 'rust', probabilities: { healthy: 0.1, rust: 0.7, spot: 0.2 }, probability: 0.7 };

/** Answered photos that are in the log. */
async function answered(...changes: Partial<RequestRecord>[]): Promise<string[]> {
  const rows = changes.map((change) => requestRecord({ response: binary, modelVersion: null, ...change }));
  await served.served.store.requests.ingest(
    'test',
    rows.map((row) => JSON.stringify({ ...row, imageKept: false })),
    {
      segment: ++segment,
      offset: 0,
    },
  );
  return rows.map(({ publicId }) => publicId);
}

async function post(url: string, payload: object, key = served.key) {
  const answer = await served.ask('POST', url, { payload, headers: { 'x-api-key': key } });
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
}
const say = (said: object | object[], more: object = {}, key = operator) =>
  post('/api/v1/feedback', { ...more, feedback: [said].flat() }, key);
/** With a key as pages contain it. */
const sayOnPage = (said: object | object[], more: object = {}) => say(said, more, served.key);
const get = async (url: string) => (await served.ask('GET', url, { headers: { 'x-api-key': operator } })).json();
const truths = async (...ids: string[]) => Object.fromEntries(await served.served.store.feedback.truths(ids));

describe('what is said of an answer', () => {
  it('makes a truth: labels, verdicts, and "wrong" where one other answer is left', async () => {
    const ids = await answered({}, {}, {}, { response: three, label: 'rust' });
    const [labelled, right, wrong, open] = ids;
    const { status, body } = await say([
      { id: labelled, kind: 'label', label: 'healthy' },
      { id: right, kind: 'verdict', verdict: 'right' },
      { id: wrong, kind: 'verdict', verdict: 'wrong', note: 'the leaf is fine' },
      { id: open, kind: 'verdict', verdict: 'wrong' },
    ]);
    expect(status).toBe(201);
    expect(body.added.map(({ truth }: { truth: string }) => truth)).toEqual(['healthy', 'unwell', 'healthy', null]);
    expect(await truths(...ids)).toEqual({
      [labelled!]: { label: 'healthy', weight: 1 },
      [right!]: { label: 'unwell', weight: 1 },
      [wrong!]: { label: 'healthy', weight: 1 },
      // wrong, and nobody said what it is
      [open!]: { label: null, weight: 1 },
    });
  });

  it('is corrected by a later word, and the earlier one stays', async () => {
    const [id] = await answered({});
    await say({ id, kind: 'label', label: 'unwell' });
    await say({ id, kind: 'label', label: 'healthy' });
    expect((await truths(id!))[id!]!.label).toBe('healthy');
    const { items } = await get(`/api/v1/feedback?request=${id}`);
    expect(items.map(({ label }: { label: string }) => label)).toEqual(['healthy', 'unwell']);
  });

  it('of a public source replaces no other word, and counts when it is alone (strangers overruled experts)', async () => {
    const [id, alone] = await answered({}, {});
    const widget = { source: 'widget' };
    await say({ id, kind: 'label', label: 'healthy' });
    await say({ id, kind: 'label', label: 'unwell' }, widget);
    await sayOnPage({ id: alone, kind: 'label', label: 'healthy' }, widget);
    expect(await truths(id!, alone!)).toMatchObject({ [id!]: { label: 'healthy' }, [alone!]: { label: 'healthy' } });
    const { store } = served.served;
    const photos = (await store.feedback.labelledPhotos({ endpoint: 'leaf' })).filter(({ request }) =>
      [id, alone].includes(request),
    );
    expect(photos).toMatchObject([
      { said: 'healthy', source: 'api', confirmations: 1 },
      { said: 'healthy', source: 'widget', confirmations: 1 },
    ]);
    // pages go on after the newest word, whoever counts
    expect(await store.feedback.labelledPhotos({ endpoint: 'leaf', afterSeq: photos.at(-1)!.seq })).toEqual([]);
    await say({ id: alone, kind: 'label', label: 'unwell' });
    expect(await truths(alone!)).toMatchObject({ [alone!]: { label: 'unwell' } });
  });

  it('counts once under one key, and other words under it are refused', async () => {
    const [id] = await answered({});
    const once = { idempotencyKey: 'tablet-7/1' };
    expect((await say({ id, kind: 'label', label: 'healthy' }, once)).body.added[0].repeated).toBe(false);
    expect((await say({ id, kind: 'label', label: 'healthy' }, once)).body.added[0].repeated).toBe(true);
    const other = await say({ id, kind: 'label', label: 'unwell' }, once);
    expect([other.status, other.body.error.code]).toEqual([409, 'FEEDBACK_KEY_REUSED']);
    expect((await get(`/api/v1/feedback?request=${id}`)).items).toHaveLength(1);
  });

  it('is bounded for each photo (a stranger could fill the database), and then still taken from labellers', async () => {
    const [id, other] = await answered({}, {});
    const words = (count: number) => Array.from({ length: count }, () => ({ id, kind: 'event', event: 'retake' }));
    expect((await sayOnPage(words(200))).status).toBe(201);
    expect(await sayOnPage(words(1))).toMatchObject({ status: 409, body: { error: { code: 'FEEDBACK_TOO_MUCH' } } });
    expect((await get(`/api/v1/feedback?request=${id}&limit=200`)).items).toHaveLength(200);
    expect((await sayOnPage({ id: other, kind: 'event', event: 'retake' })).status).toBe(201);
    expect((await say({ id, kind: 'label', label: 'healthy' })).status).toBe(201);
  });

  it('with a key that only predicts is a stranger’s, whatever it says (it was trusted as a labeller)', async () => {
    const [id] = await answered({});
    await say({ id, kind: 'label', label: 'healthy' });
    const { body } = await sayOnPage({ id, kind: 'label', label: 'unwell' }, { source: 'api' });
    expect(body.added).toMatchObject([{ source: 'widget' }]);
    expect((await truths(id!))[id!]!.label).toBe('healthy');
  });

  it('of a page’s key is not confirmed by a link, whoever made it (a stranger trained a model alone)', async () => {
    const [id] = await answered({});
    await sayOnPage({ id, kind: 'label', label: 'healthy' });
    const { path } = (await post('/api/v1/feedback/links', { id })).body;
    const { path: ofLabeller } = (await post('/api/v1/feedback/links', { id }, operator)).body;
    const confirmations = async (link: string) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const pressed = await served.app.inject({ method: 'POST', url: link, payload: 'label=healthy', headers });
      expect(pressed.statusCode).toBe(200);
      const photos = await served.served.store.feedback.labelledPhotos({ endpoint: 'leaf' });
      return photos.find(({ request }) => request === id)!.confirmations;
    };
    expect([await confirmations(path), await confirmations(ofLabeller)]).toEqual([1, 1]);
  });

  it('of a stranger ends no review', async () => {
    const [id] = await answered({});
    const { pool } = served.served.store.connection;
    await pool.query(
      `insert into review_items (request, endpoint, reason, worth, chance, queued_at) values ($1, 'leaf', 'random', 1, 1, now())`,
      [id],
    );
    const waiting = async () =>
      (await get('/api/v1/review')).items.some(({ request }: { request: string }) => request === id);
    await sayOnPage({ id, kind: 'verdict', verdict: 'right' });
    expect(await waiting()).toBe(true);
    await say({ id, kind: 'verdict', verdict: 'right' });
    expect(await waiting()).toBe(false);
  });

  it('is taken whole or not at all', async () => {
    const [id] = await answered({});
    const { status } = await say([
      { id, kind: 'label', label: 'healthy' },
      { id, kind: 'label', label: 'purple' },
    ]);
    expect(status).toBe(422);
    expect(await truths(id!)).toEqual({});
  });

  it('of one photo of several names which', async () => {
    const [, second] = await answered({ requestId: 'batch-77', instance: 0 }, { requestId: 'batch-77', instance: 1 });
    const unnamed = await say({ requestId: 'batch-77', kind: 'verdict', verdict: 'right' });
    expect([unnamed.status, unnamed.body.error.code]).toEqual([409, 'FEEDBACK_PHOTO_UNNAMED']);
    const { body } = await say({ requestId: 'batch-77', instance: 1, kind: 'verdict', verdict: 'right' });
    expect(body.added[0].request).toBe(second);
  });

  it('may be an event of people or of the business', async () => {
    const [id] = await answered({ status: 500, label: null, response: null });
    await say([
      { id, kind: 'event', event: 'retake' },
      { id, kind: 'business', event: 'sold', value: -12.5 },
    ]);
    expect([...(await served.served.store.feedback.eventsOf([id!])).values()]).toEqual([['retake', 'sold']]);
    expect(await truths(id!)).toEqual({});
  });

  it('of a shadow is what was said of the photo that it saw', async () => {
    const shadow = v7();
    const [id] = await answered({});
    await answered({ publicId: shadow, shadowOf: id!, role: 'shadow' });
    await say({ id, kind: 'label', label: 'healthy' });
    expect(await truths(shadow)).toEqual({ [shadow]: { label: 'healthy', weight: 1 } });
  });

  it('comes a moment before the answer is in the log: it is waited for', async () => {
    const id = v7();
    const saying = say({ id, kind: 'verdict', verdict: 'right' });
    await answered({ publicId: id });
    expect((await saying).status).toBe(201);
  });

  it('is refused for what it is', async () => {
    const [id, unsure, failed, shadow] = await answered(
      {},
      { uncertain: true },
      { status: 504, label: null, response: null },
      { shadowOf: v7(), role: 'shadow' },
    );
    const old = '01890000-0000-7000-8000-000000000000';
    const cases: [object, number, string][] = [
      [{ id: old, kind: 'verdict', verdict: 'right' }, 404, 'FEEDBACK_REQUEST_UNKNOWN'],
      [{ id: shadow, kind: 'verdict', verdict: 'right' }, 404, 'FEEDBACK_REQUEST_UNKNOWN'],
      [{ id, kind: 'label', label: 'purple' }, 422, 'FEEDBACK_LABEL_UNKNOWN'],
      [{ id: unsure, kind: 'verdict', verdict: 'right' }, 422, 'FEEDBACK_VERDICT_UNCLEAR'],
      [{ id: failed, kind: 'verdict', verdict: 'wrong' }, 422, 'FEEDBACK_VERDICT_UNCLEAR'],
      [{ id, kind: 'label', label: '' }, 400, 'HTTP_REQUEST_INVALID'],
      [{ id, kind: 'opinion' }, 400, 'HTTP_REQUEST_INVALID'],
      [{ id: 'robert; drop table', kind: 'verdict', verdict: 'right' }, 400, 'HTTP_REQUEST_INVALID'],
      [{ kind: 'verdict', verdict: 'right' }, 400, 'HTTP_REQUEST_INVALID'],
      [{ id, requestId: 'both-named', kind: 'verdict', verdict: 'right' }, 400, 'HTTP_REQUEST_INVALID'],
      [{ id, kind: 'event', event: 'sulk' }, 400, 'HTTP_REQUEST_INVALID'],
      [{ id, kind: 'business', event: 'sold', value: 'much' }, 400, 'HTTP_REQUEST_INVALID'],
    ];
    for (const [said, status, code] of cases) {
      const refused = await say(said);
      expect([refused.status, refused.body.error.code], JSON.stringify(said)).toEqual([status, code]);
    }
    expect((await post('/api/v1/feedback', { feedback: [] })).status).toBe(400);
    expect((await served.app.inject({ method: 'POST', url: '/api/v1/feedback', payload: {} })).statusCode).toBe(401);
  });

  it('of another project is not found', async () => {
    const [id] = await answered({});
    await unaudited(served.served.store).access.createProject({ name: 'other', description: '' });
    const theirs = await served.makeKey('admin', null, 'other');
    const refused = await post('/api/v1/feedback', { feedback: [{ id, kind: 'verdict', verdict: 'right' }] }, theirs);
    expect(refused.status).toBe(404);
  });

  it('is counted, without what is repeated', async () => {
    const [id] = await answered({});
    const before = await counted('right');
    await say({ id, kind: 'verdict', verdict: 'right' }, { idempotencyKey: 'count' });
    await say({ id, kind: 'verdict', verdict: 'right' }, { idempotencyKey: 'count' });
    expect((await counted('right')) - before).toBe(1);
  });

  it('goes with its request when that is erased', async () => {
    const [id] = await answered({});
    await say({ id, kind: 'label', label: 'healthy', note: 'of Mrs. Tanaka' });
    await unaudited(served.served.store).requests.eraseRequests(
      { publicIds: [id!], images: [] },
      { who: 'test', why: 'asked' },
    );
    expect((await get(`/api/v1/feedback?request=${id}`)).items).toEqual([]);
  });
});

async function counted(verdict: string): Promise<number> {
  const text = await served.served.metrics.text();
  return Number(
    new RegExp(`mitate_feedback_total\\{project="default",endpoint="leaf",verdict="${verdict}"\\} (\\d+)`).exec(
      text,
    )?.[1] ?? 0,
  );
}

describe('labels', () => {
  it('take time: median and the ninth of ten are of first words', async () => {
    const endpoint = 'slow';
    const ago = (hours: number) => ({ endpoint, loggingTime: new Date(Date.now() - hours * 3_600_000).toISOString() });
    const ids = await answered(ago(1), ago(2), ago(3), ago(100), ago(50));
    await say(ids.slice(0, 4).map((id) => ({ id, kind: 'verdict', verdict: 'right' })));
    await say({ id: ids[0], kind: 'verdict', verdict: 'wrong' });
    const delay = await get(`/api/v1/feedback/delay?endpoint=${endpoint}`);
    expect(delay).toMatchObject({ answered: 5, labelled: 4 });
    expect(delay.medianS / 3_600).toBeCloseTo(2.5, 2);
    // linear between 3 and 100 hours, as numpy.percentile does
    expect(delay.p90S / 3_600).toBeCloseTo(70.9, 2);
    expect(await get('/api/v1/feedback/delay?endpoint=nobody')).toEqual({
      answered: 0,
      labelled: 0,
      medianS: null,
      p90S: null,
    });
  });

  it('that no model knows are kept when they are meant so', async () => {
    const [id] = await answered({ endpoint: 'garden', response: three, label: 'rust' });
    await say({ id, kind: 'label', label: 'うどんこ病', newClass: true });
    const { feedback } = served.served.store;
    expect(await truths(id!)).toEqual({ [id!]: { label: 'うどんこ病', weight: 1 } });
    const [photo] = await feedback.labelledPhotos({ endpoint: 'garden' });
    expect(photo).toMatchObject({ request: id, said: 'うどんこ病', newClass: true, confirmations: 1, answer: 'rust' });
  });
});

describe('a CSV file over HTTP', () => {
  const send = async (payload: string | undefined, key: string, type = 'text/csv; charset=utf-8') => {
    const headers = { 'x-api-key': key, 'content-type': type };
    const answer = await served.ask('POST', '/api/v1/feedback/import', { ...(payload && { payload }), headers });
    return { status: answer.statusCode, body: answer.json() };
  };

  it('is taken row by row; the same again adds nothing, and nothing of it stays on disk', async () => {
    const [one, two] = await answered({}, {});
    const csv = `request_id,label\n${one},healthy\n${two},nonsense\n`;
    const first = await send(csv, operator);
    expect(first).toMatchObject({ status: 200, body: { rows: 2, added: 1, repeated: 0, refused: 1 } });
    expect(first.body.firstRefused).toMatchObject([{ line: 3, request: two, code: 'FEEDBACK_LABEL_UNKNOWN' }]);
    expect((await send(csv, operator)).body).toMatchObject({ added: 0, repeated: 1 });
    expect(await truths(one!, two!)).toEqual({ [one!]: { label: 'healthy', weight: 1 } });
    expect(readdirSync(`${served.served.store.workspace.cache}/imports`)).toEqual([]);
    const [audited] = await served.served.store.access.listAudit({ limit: 1 });
    expect(audited).toMatchObject({ action: 'feedback.import', details: { rows: 2, added: 0, repeated: 1 } });
  });

  it('is refused when it is none, says nothing, or comes from who may not', async () => {
    expect(await send('id,label\na,b\n', operator)).toMatchObject({
      status: 422,
      body: { error: { code: 'FEEDBACK_CSV_INVALID', message: expect.stringMatching(/^the body: /) } },
    });
    expect((await send(undefined, operator)).status).toBeGreaterThanOrEqual(400);
    expect((await send('{}', operator, 'application/json')).status).toBe(415);
    expect((await send('request_id,label\n', served.key)).status).toBe(403);
  });
});

describe('a signed link', () => {
  const linkTo = async (id: string, days = 1) =>
    (await post('/api/v1/feedback/links', { id, days })).body as { path: string };
  const open = (url: string) => served.app.inject({ method: 'GET', url });
  const press = (url: string, form: Record<string, string>) =>
    served.app.inject({
      method: 'POST',
      url,
      payload: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

  it('asks without a key, and only the form says something', async () => {
    const [id] = await answered({});
    const { path } = await linkTo(id!);
    const page = await open(path);
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.body).toContain('unwell');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(await truths(id!)).toEqual({});
    const once = /name="once" value="([^"]+)"/.exec(page.body)![1]!;
    expect((await press(path, { says: 'wrong', once })).statusCode).toBe(200);
    expect((await press(path, { says: 'wrong', once })).statusCode).toBe(200);
    expect(await truths(id!)).toEqual({ [id!]: { label: 'healthy', weight: 1 } });
    expect((await get(`/api/v1/feedback?request=${id}`)).items).toHaveLength(1);
    // back, and the other form of the same page
    await press(path, { label: 'unwell', once });
    expect((await truths(id!))[id!]!.label).toBe('unwell');
  });

  it('is refused once it was revoked: alone, with those of its photo, or with those of its endpoint', async () => {
    const [id, other] = await answered({}, {});
    const revoke = (which: object) => post('/api/v1/feedback/links:revoke', which);
    const stateOf = async (paths: { path: string }[]) =>
      await Promise.all(paths.map(async ({ path }) => (await open(path)).statusCode));
    const links = [await linkTo(id!), await linkTo(id!, 2), await linkTo(other!)];
    expect(await revoke({ link: `https://mitate.example${links[0]!.path}` })).toMatchObject({
      status: 200,
      body: { kind: 'link', of: id },
    });
    expect(await stateOf(links)).toEqual([410, 200, 200]);
    expect((await press(links[0]!.path, { says: 'wrong' })).statusCode).toBe(410);
    expect((await open(`${links[0]!.path}/photo`)).statusCode).toBe(410);
    expect((await open(links[0]!.path)).body).toContain('no longer valid');
    expect((await revoke({ id })).status).toBe(200);
    expect(await stateOf(links)).toEqual([410, 410, 200]);
    expect((await revoke({ endpoint: 'leaf' })).body.error.code).toBe('ACCESS_DENIED');
    expect((await post('/api/v1/feedback/links:revoke', { endpoint: 'leaf' }, operator)).status).toBe(200);
    expect(await stateOf(links)).toEqual([410, 410, 410]);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(await stateOf([await linkTo(id!)])).toEqual([200]);
    expect((await revoke({ link: `${links[1]!.path}x` })).status).toBe(403);
    expect((await revoke({ id, endpoint: 'leaf' })).status).toBe(400);
    expect(await truths(id!)).toEqual({});
  });

  it('is refused when it was changed, is over, or says nonsense', async () => {
    const [id, other] = await answered({}, {});
    const { path } = await linkTo(id!);
    const [claim, seal] = path.slice('/feedback/'.length).split('.') as [string, string];
    const forged = Buffer.from(Buffer.from(claim, 'base64url').toString().replace(id!, other!)).toString('base64url');
    for (const token of [
      `${forged}.${seal}`,
      `${claim}.${seal.slice(0, -2)}AA`,
      `${claim}.`,
      claim,
      'x',
      `${claim}.${seal}.x`,
    ])
      expect((await press(`/feedback/${token}`, { says: 'right' })).statusCode, token).toBe(403);
    const over = await linkTo(id!, 1e-9);
    expect((await open(over.path)).statusCode).toBe(410);
    expect((await press(path, { says: 'maybe' })).statusCode).toBe(400);
    expect((await press(path, { label: '<script>alert(1)</script>' })).body).not.toContain('<script>');
    expect((await served.app.inject({ method: 'POST', url: path, payload: { says: 'right' } })).statusCode).toBe(415);
    expect(await truths(id!, other!)).toEqual({});
  });

  it.each([
    [undefined, 'en'],
    ['ja', 'ja'],
    ['ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7', 'ja'],
    ['en-GB,en;q=0.9,ja;q=0.8', 'en'],
    ['de,ja;q=0.5', 'ja'],
    ['de', 'en'],
    ['en;q=0.3, ja;q=0', 'en'],
    ['ja;q=x,,;', 'ja'],
  ])('speaks the language of who opens it: %s', async (accepted, lang) => {
    const [id] = await answered({});
    const { path } = await linkTo(id!);
    const headers = accepted === undefined ? {} : { 'accept-language': accepted };
    const page = await served.app.inject({ method: 'GET', url: path, headers });
    expect(page.body).toContain(`<html lang="${lang}">`);
    expect(page.body.includes('この判定は正しいですか')).toBe(lang === 'ja');
    const broken = await served.app.inject({ method: 'GET', url: `${path}x`, headers });
    expect([broken.statusCode, broken.body.includes('リンクが正しくありません')]).toEqual([403, lang === 'ja']);
  });

  it('has nothing chosen before a person chose: whoever only presses "Send" says nothing', async () => {
    const [id] = await answered({});
    const { path } = await linkTo(id!);
    expect((await open(path)).body).toMatch(/<select[^>]* required><option value="">/);
    expect((await press(path, { label: '' })).statusCode).toBe(400);
    expect(await truths(id!)).toEqual({});
  });

  it('keeps the photo while it is valid (nine in ten pages showed neither photo nor percentage)', async () => {
    const photo = await smallPhoto(1);
    const [id] = await answered({ imageSha256: sha256(photo), imageFormat: 'jpeg' });
    const bare = await post('/api/v1/feedback/links', { id });
    expect(bare.body).toMatchObject({ photoKept: false });
    expect((await open(bare.body.path)).body).toMatch(/not stored.*90 %/s);
    const link = (bytes: Buffer) => post('/api/v1/feedback/links', { id, days: 60, photo: bytes.toString('base64') });
    const other = await link(await smallPhoto(2));
    expect([other.status, other.body.error.code]).toEqual([409, 'FEEDBACK_PHOTO_OTHER']);
    const { photoKept, path } = (await link(photo)).body;
    expect(photoKept).toBe(true);
    expect((await open(path)).body).toContain('<img');
    expect((await open(`${path}/photo`)).headers['content-type']).toBe('image/jpeg');
    const { store } = served.served;
    const expire = (days: number) =>
      expireImages(store, localImages(store.workspace.images), new Date(Date.now() + days * dayMs));
    // 59: longer than the endpoint's 30 days
    expect([await expire(59), await expire(61)]).toEqual([0, 1]);
    expect((await open(path)).body).not.toContain('<img');
  });

  it('shows labels as text', async () => {
    const label = '"><img src=x onerror=alert(1)>';
    const [id] = await answered({ label, response: { label, probabilities: { [label]: 1, b: 0 } } });
    expect((await open((await linkTo(id!)).path)).body).not.toContain('<img');
  });
});
