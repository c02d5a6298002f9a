import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { tester } from '../../tests/support/tester.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { erase } from '../actions/erasure/erase.ts';
import { sha256 } from '../codecs/digest.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });

const models = new ScratchFolder();
let served: ServedApp;
let admin: string;
let segment = 0;

beforeAll(async () => {
  const [uri] = await trainedModels(models.path, 1);
  // as the Pusher leaves it
  models.write('model-0/pushed.json', JSON.stringify({ modelDigest: 'none' }));
  served = await ServedApp.open([uri!]);
  admin = await served.makeKey('admin');
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  models[Symbol.dispose]();
});

/** A diagnosis in the log, of a photo that the endpoint did not keep. */
async function diagnosed(change: object = {}) {
  const [{ bytes } = { bytes: new Uint8Array() }] = await drawnPhotos(1, { seed: 500 + segment });
  const answer = { label: 'unwell', probability: 0.9475, positiveProbability: 0.9475, threshold: 0.5 };
  const response = { ...answer, probabilities: { healthy: 0.0525, unwell: 0.9475 } };
  const of = { endpoint: 'leaf', modelName: 'leaf', modelVersion: 1, imageSha256: sha256(bytes), imageFormat: 'jpeg' };
  const record = requestRecord({ ...of, ...answer, response, ...change } as Parameters<typeof requestRecord>[0]);
  const line = JSON.stringify({ ...record, imageKept: false });
  await served.served.store.requests.ingest('test', [line], { segment: ++segment, offset: 0 });
  return { id: record.publicId, photo: Buffer.from(bytes).toString('base64'), image: record.imageSha256! };
}

async function share(payload: object, key = served.key) {
  const answer = await served.ask('POST', '/api/v1/feedback/links', {
    headers: { 'x-api-key': key },
    payload: { ask: 'nothing', ...payload },
  });
  return { status: answer.statusCode, code: answer.json().error?.code, path: answer.json().path as string };
}
/** Without a key. */
const open = (url: string, headers: Record<string, string> = {}) => served.app.inject({ method: 'GET', url, headers });
const statusOf = async (path: string) =>
  await Promise.all([path, `${path}/photo`, `${path}/heat`].map(async (url) => (await open(url)).statusCode));

describe('a shared diagnosis', () => {
  it('shows photo, answer and heat map to whoever has the link, in their language, and nothing else', async () => {
    const { id, photo } = await diagnosed();
    const { status, path } = await share({ id, photo });
    expect(status).toBe(201);
    expect(path).toMatch(/^\/s\//);
    const page = await open(path);
    expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-store']);
    for (const said of ['◆ unwell', '94.75 %', 'leaf v1', 'until']) expect(page.body).toContain(said);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(page.body).not.toMatch(/<form|<script|href=/);
    expect((await open(path, { 'accept-language': 'ja' })).body).toContain('注目した場所');
    const picture = await open(`${path}/photo`);
    expect([picture.headers['content-type'], picture.rawPayload.length > 500]).toEqual(['image/jpeg', true]);
    const heat = await open(`${path}/heat`);
    expect([heat.statusCode, heat.headers['content-type']]).toEqual([200, 'image/png']);
    expect(heat.rawPayload.subarray(1, 4).toString()).toBe('PNG');
    // the page of nobody's account: what the link does not name needs a key
    expect((await open(`/api/v1/requests/${id}`)).statusCode).toBe(401);
    const { items } = (await served.ask('GET', '/api/v1/audit?limit=1', { headers: { 'x-api-key': admin } })).json();
    expect(items[0]).toMatchObject({ action: 'feedback.link', subject: id, details: { ask: 'nothing', days: 14 } });
  });

  it('says what an uncertain answer leans to, and shows labels as text', async () => {
    const uncertain = { label: 'uncertain', leaning: '<b>rust</b>', probability: 0.55, probabilities: {} };
    const { id, photo } = await diagnosed({ label: '<b>rust</b>', probability: 0.55, response: uncertain });
    const { path } = await share({ id, photo });
    const { body } = await open(path);
    expect(body).toContain('◧ Uncertain');
    expect(body).toContain('&#60;b&#62;rust&#60;/b&#62;');
    expect(body).not.toContain('<b>');
  });

  it('is refused when the link was changed, is over, was revoked, or is for the other page', async () => {
    const [{ id, photo }, other] = [await diagnosed(), await diagnosed()];
    const { path } = await share({ id, photo });
    await share(other);
    const [claim, seal] = path.slice('/s/'.length).split('.') as [string, string];
    const decoded = Buffer.from(claim, 'base64url').toString();
    for (const [from, to] of [
      [id, other.id],
      ['default', 'roses'],
      ['nothing', 'answer'],
    ] as const) {
      const forged = Buffer.from(decoded.replace(from, to)).toString('base64url');
      expect(forged).not.toBe(claim);
      expect(await statusOf(`/s/${forged}.${seal}`)).toEqual([403, 403, 403]);
    }
    for (const token of [claim, `${claim}.`, `${claim}.${seal.slice(0, -2)}AA`, 'x'])
      expect(await statusOf(`/s/${token}`), token).toEqual([403, 403, 403]);
    const asking = await share({ id, photo, ask: 'answer' });
    expect(await statusOf(asking.path.replace('/feedback/', '/s/'))).toEqual([403, 403, 403]);
    const pressed = await served.app.inject({
      method: 'POST',
      url: path.replace('/s/', '/feedback/'),
      payload: 'says=wrong',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(pressed.statusCode).toBe(403);
    const { path: over } = await share({ id, photo, days: 1e-9 });
    expect(await statusOf(over)).toEqual([410, 410, 410]);
    expect(await statusOf(path)).toEqual([200, 200, 200]);
    const revoked = await served.ask('POST', '/api/v1/feedback/links:revoke', { payload: { link: path } });
    expect(revoked.statusCode).toBe(200);
    expect(await statusOf(path)).toEqual([410, 410, 410]);
  });

  it('ends when its photo is erased', async () => {
    const { id, photo, image } = await diagnosed();
    const { path } = await share({ id, photo });
    expect(await statusOf(path)).toEqual([200, 200, 200]);
    await erase(served.served.store, { image, why: 'they asked', actor: tester });
    for (const status of await statusOf(path)) expect([404, 410]).toContain(status);
    expect((await open(path)).body).not.toContain('unwell');
  });

  it('is made by nobody without a key, with no key of another project, and of no photo that is not stored', async () => {
    const { id, photo } = await diagnosed();
    const anonymous = await served.app.inject({
      method: 'POST',
      url: '/api/v1/feedback/links',
      payload: { id, photo, ask: 'nothing' },
    });
    expect(anonymous.statusCode).toBe(401);
    await unaudited(served.served.store).access.createProject({ name: 'roses', description: '' });
    const theirs = await share({ id, photo }, await served.makeKey('admin', null, 'roses'));
    expect(theirs).toMatchObject({ status: 404, code: 'FEEDBACK_REQUEST_UNKNOWN' });
    expect(await share({ id })).toMatchObject({ status: 409, code: 'FEEDBACK_PHOTO_NEEDED' });
    expect(await share({ id, photo: Buffer.from('other').toString('base64') })).toMatchObject({
      status: 409,
      code: 'FEEDBACK_PHOTO_OTHER',
    });
  });
});
