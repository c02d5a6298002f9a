import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { createUser } from '../../actions/access/user.ts';
import { followedStarts } from '../../actions/releases/releases.ts';
import { sha256 } from '../../codecs/digest.ts';
import { hookSignatureHeader, signHook } from '../../codecs/signed-hook.ts';
import { silentLogger } from '../../contracts/logger.ts';
import { eventKey } from '../../contracts/loop/event-key.ts';
import { triggerSchema } from '../../contracts/loop/trigger.ts';
import type { NewRelease } from '../../contracts/release.ts';
import { releaseId } from '../../contracts/release-id.ts';
import { openRunQueue } from '../../orchestrator/queue/run-queue.ts';
import { packBundle } from '../../orchestrator/release/bundle.ts';
import { codeDigest } from '../../orchestrator/release/collect-code.ts';

const secret = 'a-secret-of-at-least-32-characters';
const ofRoses = 'another-secret-that-roses-alone-has';
let served: ServedApp;
let bundle: Buffer;
let release: NewRelease;

beforeAll(async () => {
  served = await ServedApp.open([], {
    env: {
      MITATE_RELEASE_SECRET: secret,
      MITATE_RELEASE_SECRETS: `roses=${ofRoses}`,
      MITATE_RELEASE_BRANCHES: 'main, next',
    },
  });
  const { store } = served.served;
  for (const role of ['approver', 'developer'] as const)
    await createUser(store, { name: role, password: 'correct horse battery', role }, tester);
  for (const name of ['other', 'roses']) await unaudited(store).access.createProject({ name, description: '' });
  const gardener = { name: 'gardener', password: 'correct horse battery', role: 'approver' } as const;
  await createUser(store.forProject('roses'), gardener, tester);
  const code = { entry: 'p.ts', files: [{ path: 'p.ts', content: Buffer.from('export default 1;') }] };
  bundle = await packBundle(code);
  const frozen = {
    pipeline: 'notes',
    definitionDigest: 'd'.repeat(64),
    codeDigest: codeDigest(code),
    parameters: { text: 'hi' },
  };
  release = {
    ...frozen,
    id: releaseId(frozen),
    gitCommit: 'abc',
    runId: randomUUID(),
    bundleDigest: sha256(bundle),
    environment: 'dev',
    who: 'ci',
  };
});
afterAll(async () => await served[Symbol.asyncDispose]());

const told = () => ({ release, bundle: bundle.toString('base64'), environment: 'prod' });

async function orderOf(runId: string) {
  await using queue = await openRunQueue(served.served.store, { logger: silentLogger });
  return await queue.find('default', runId);
}

/** As `mitate worker --project <name>` does. */
async function claim(project: string) {
  await using queue = await openRunQueue(served.served.store, { logger: silentLogger });
  await queue.claim(project);
}

describe('code that an approver of one project brings to a server of several', () => {
  const bring = async (change: object = {}, project = 'tulips') => {
    const credentials = { name: `${project}-approver`, password: 'correct horse battery' };
    const headers = { 'x-mitate-project': project };
    const signedIn = await served.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: credentials });
    const answer = await served.app.inject({
      method: 'POST',
      url: '/api/v1/releases',
      headers: { ...headers, authorization: `Bearer ${signedIn.json().token}` },
      payload: { ...told(), release: { ...release, ...change } },
    });
    return { status: answer.statusCode, code: answer.json().error?.code, reason: answer.json().error?.details?.reason };
  };
  const ran = async (state: 'succeeded' | 'failed', change: object = {}) => {
    const { pipeline, definitionDigest, codeDigest } = release;
    const run = { pipeline, definitionDigest, codeDigest, parameters: {}, seed: 1, source: null, gitCommit: null };
    const id = randomUUID();
    const store = served.served.store.forProject('tulips');
    await store.createRun({ ...run, id, who: 'fleur', pid: null, trigger: 'demand', startedAt: new Date(), ...change });
    await store.finishRun(id, state, null);
    return id;
  };

  beforeAll(async () => {
    const { store } = served.served;
    await unaudited(store).access.createProject({ name: 'tulips', description: '' });
    const approver = { name: 'tulips-approver', password: 'correct horse battery', role: 'approver' } as const;
    await createUser(store.forProject('tulips'), approver, tester);
  });

  it('needs a server admin, whatever it says of its runs (it ran, and read the keys of other projects)', async () => {
    expect(await bring({ runId: await ran('succeeded') })).toMatchObject({ status: 403, code: 'RELEASE_NEEDS_ADMIN' });
    expect(await served.served.store.forProject('tulips').releases.list()).toEqual([]);
  });

  it('is refused where the run that it names did not hold here, though the project has its own worker', async () => {
    await claim('tulips');
    const refused = async (change: object) => (await bring(change)).reason;
    expect(await refused({ runId: 'none' })).toBe('it names no run');
    expect(await refused({ runId: null })).toBe('it names no run');
    expect(await refused({ runId: randomUUID() })).toMatch(/is not one of project tulips$/);
    expect(await refused({ runId: await ran('failed') })).toMatch(/is failed$/);
    expect(await refused({ runId: await ran('succeeded', { codeDigest: 'e'.repeat(64) }) })).toMatch(/of other code$/);
    const zeros = { ...release, definitionDigest: '0'.repeat(64) };
    expect(await refused({ ...zeros, id: releaseId(zeros), runId: randomUUID() })).toBe('its digest is none');
    expect(await bring({ runId: await ran('succeeded') })).toMatchObject({ status: 201 });
  });
});

describe('a release that is brought over HTTP', () => {
  const bring = async (key: string, change: object = {}) => {
    const payload = { ...told(), ...change };
    const answer = await served.ask('POST', '/api/v1/releases', { headers: { 'x-api-key': key }, payload });
    return { status: answer.statusCode, body: answer.json() };
  };

  it('is kept, put in place, and its run waits for a worker under the name of who brought it', async () => {
    const key = await served.makeKey('admin');
    const { status, body } = await bring(key, { parameters: { text: 'there' } });
    expect(status).toBe(201);
    expect(body.start).toMatchObject({ environment: 'prod', stage: 'production', via: 'api', state: 'queued' });
    const order = await orderOf(body.start.runId);
    expect(order).toMatchObject({ trigger: `release ${release.id}`, parameters: { text: 'there' } });
    expect(order!.who).toMatch(/^key:test-/);
    expect(readFileSync(order!.source, 'utf8')).toBe('export default 1;');
    const shown = await served.ask('GET', '/api/v1/releases/notes-', { headers: { 'x-api-key': key } });
    expect(shown.json()).toMatchObject({
      release: { id: release.id, gitCommit: 'abc' },
      starts: [{ state: 'queued' }],
    });
    const [entry] = await served.served.store.access.listAudit({ limit: 1 });
    expect(entry).toMatchObject({ action: 'release.bring', subject: release.id, who: order!.who });
  });

  it('lands without a run when that is asked for, and is there once however often it comes', async () => {
    const key = await served.makeKey('admin');
    const { body } = await bring(key, { run: false });
    expect(body.start).toMatchObject({ state: 'landed', runId: null });
    const list = await served.ask('GET', '/api/v1/releases', { headers: { 'x-api-key': key } });
    expect(list.json().items).toHaveLength(1);
  });

  it('is code that runs: it takes more than a key that operates', async () => {
    expect(await bring(await served.makeKey('operate'))).toMatchObject({
      status: 403,
      body: { error: { code: 'ACCESS_DENIED' } },
    });
  });

  it.each([
    [
      'other bytes',
      () => ({ bundle: Buffer.concat([bundle, Buffer.from([0])]).toString('base64') }),
      'RELEASE_DIGEST_MISMATCH',
    ],
    ['the id of another', () => ({ release: { ...release, id: 'notes-000000000000' } }), 'RELEASE_DIGEST_MISMATCH'],
    [
      'parameters that were not tried',
      () => ({ release: { ...release, parameters: { text: 'evil' } } }),
      'RELEASE_DIGEST_MISMATCH',
    ],
    ['no environment', () => ({ environment: undefined }), 'HTTP_REQUEST_INVALID'],
    ['what is no base64', () => ({ bundle: '###' }), 'HTTP_REQUEST_INVALID'],
  ])('is refused with %s', async (_what, change, code) => {
    const { body } = await bring(await served.makeKey('admin'), change());
    expect(body.error.code).toBe(code);
  });

  it('is refused when bundle and digest were both exchanged', async () => {
    const other = await packBundle({ entry: 'p.ts', files: [{ path: 'p.ts', content: Buffer.from('evil') }] });
    const forged = { release: { ...release, bundleDigest: sha256(other) }, bundle: other.toString('base64') };
    const { status, body } = await bring(await served.makeKey('admin'), forged);
    expect([status, body.error.code, body.error.details.what]).toEqual([409, 'RELEASE_DIGEST_MISMATCH', 'code digest']);
  });
});

interface Forging {
  key?: string;
  agedS?: number;
  nonce?: string;
  after?: (body: Buffer) => Buffer;
}

describe('a release that is there already', () => {
  it('gets the commit that it was made of later, and keeps it', async () => {
    const { releases } = unaudited(served.served.store.forProject('other'));
    const add = async (gitCommit: string | null) =>
      (await releases.add({ ...release, gitCommit, madeHere: false }, bundle)).gitCommit;
    expect([await add(null), await add('abc'), await add('def'), await add(null)]).toEqual([null, 'abc', 'abc', 'abc']);
  });
});

describe('a release that landed', () => {
  it('is in the state of the run that a trigger started for it', async () => {
    const { store } = served.served;
    const { id } = release;
    const [landed] = (await followedStarts(store, id)).filter(({ state }) => state === 'landed');
    const when = { kind: 'release', environment: 'prod' } as const;
    const trigger = triggerSchema.parse({ name: 'landings', pipeline: 'notes', when });
    await unaudited(store).triggers.createTrigger(trigger, { who: 'mika', at: new Date(0), memory: null });
    const runId = randomUUID();
    const firing = { trigger: 'landings', occasion: eventKey('release', landed!.seq), who: 'mika', runId, covers: [] };
    const query = { now: new Date(), reachMs: 1, endpoint: null };
    const fire = { fires: true, why: 'it landed', evidence: {} };
    await store.triggers.decideFiring(firing, query, 'held', () => fire);
    const now = async () => (await followedStarts(store, id)).find(({ seq }) => seq === landed!.seq);
    expect(await now()).toMatchObject({ runId, state: 'queued', isSameDefinition: null });
    const { definitionDigest, codeDigest: code } = release;
    const run = {
      id: runId,
      pipeline: 'notes',
      parameters: {},
      seed: 1,
      definitionDigest,
      source: null,
      codeDigest: code,
    };
    await store.createRun({
      ...run,
      gitCommit: null,
      who: 'mika',
      pid: null,
      trigger: 'trigger landings',
      startedAt: new Date(),
    });
    await store.finishRun(runId, 'succeeded', null);
    expect(await now()).toMatchObject({ runId, state: 'succeeded', isSameDefinition: true });
    // a worker died over it, and another took it over with code that was changed since
    const again = { ...run, id: randomUUID(), codeDigest: 'e'.repeat(64) };
    await store.createRun({
      ...again,
      gitCommit: null,
      who: 'mika',
      pid: null,
      trigger: `retry of ${runId}`,
      startedAt: new Date(),
    });
    expect(await now()).toMatchObject({ runId: again.id, state: 'running', isSameDefinition: false });
  });
});

describe('a webhook', () => {
  const hook = (change: object = {}) =>
    Buffer.from(JSON.stringify({ ...told(), branch: 'main', approver: 'approver', ...change }));
  const send = async (
    body: Buffer,
    { key = secret, agedS = 0, nonce = randomUUID(), after = (b) => b }: Forging = {},
  ) => {
    const signature = signHook(key, { timestamp: Math.floor(Date.now() / 1000) - agedS, nonce }, body);
    const headers = { 'content-type': 'application/json', [hookSignatureHeader]: signature };
    const answer = await served.app.inject({
      method: 'POST',
      url: '/api/v1/webhooks/releases',
      headers,
      payload: after(body),
    });
    return { status: answer.statusCode, body: answer.json(), code: answer.json().error?.code };
  };

  it('needs no key: it starts the run in the name of who let it through', async () => {
    const { status, body } = await send(hook({ branch: 'next', stage: 'test' }));
    expect(status).toBe(201);
    expect(body.start).toMatchObject({
      via: 'webhook',
      branch: 'next',
      approver: 'approver',
      stage: 'test',
      who: 'webhook:approver',
    });
    expect(await orderOf(body.start.runId)).toMatchObject({ who: 'webhook:approver' });
    const [entry] = await served.served.store.access.listAudit({ limit: 1 });
    expect(entry).toMatchObject({ action: 'release.webhook', who: 'webhook:approver', details: { branch: 'next' } });
  });

  it('is taken once', async () => {
    const nonce = randomUUID();
    expect((await send(hook(), { nonce })).status).toBe(201);
    expect(await send(hook(), { nonce })).toMatchObject({ status: 409, code: 'WEBHOOK_REPEATED' });
  });

  it('is taken once when it comes several times at once', async () => {
    const nonce = randomUUID();
    const codes = await Promise.all([1, 2, 3, 4].map(async () => (await send(hook(), { nonce })).status));
    expect(codes.sort()).toEqual([201, 409, 409, 409]);
  });

  it.each<[string, object, Forging, string]>([
    ['by another secret', {}, { key: 'another-secret-of-at-least-32-chars' }, 'WEBHOOK_SIGNATURE_INVALID'],
    ['over other bytes', {}, { after: (body) => Buffer.concat([body, Buffer.from(' ')]) }, 'WEBHOOK_SIGNATURE_INVALID'],
    ['with a nonce that is too short', {}, { nonce: 'short' }, 'WEBHOOK_SIGNATURE_INVALID'],
    ['six minutes ago', {}, { agedS: 360 }, 'WEBHOOK_EXPIRED'],
    ['six minutes from now', {}, { agedS: -360 }, 'WEBHOOK_EXPIRED'],
    ['of a branch that is not on the list', { branch: 'feature' }, {}, 'WEBHOOK_BRANCH_REFUSED'],
    ['approved by nobody known', { approver: 'stranger' }, {}, 'WEBHOOK_APPROVER_REFUSED'],
    ['approved by who may not', { approver: 'developer' }, {}, 'WEBHOOK_APPROVER_REFUSED'],
    ['approved for a project where that is nobody', { project: 'other' }, {}, 'WEBHOOK_APPROVER_REFUSED'],
    ['that says half of it', { branch: undefined }, {}, 'HTTP_REQUEST_INVALID'],
    ['with a NUL in the name of its approver', { approver: 'mika\0' }, {}, 'REQUEST_TEXT_INVALID'],
    ['with a bundle of another digest', { bundle: Buffer.from('x').toString('base64') }, {}, 'RELEASE_DIGEST_MISMATCH'],
  ])('is refused: %s', async (_what, change, forging, code) => {
    const before = await served.served.store.releases.listStarts();
    expect((await send(hook(change), forging)).code).toBe(code);
    expect(await served.served.store.releases.listStarts()).toHaveLength(before.length);
  });

  it('is refused when the approver was shown the door', async () => {
    const { access } = unaudited(served.served.store);
    await access.disableUser('approver', true);
    expect((await send(hook())).code).toBe('WEBHOOK_APPROVER_REFUSED');
    await access.disableUser('approver', false);
  });

  it('that was refused may be mended and sent again', async () => {
    const nonce = randomUUID();
    expect((await send(hook({ branch: 'feature' }), { nonce })).code).toBe('WEBHOOK_BRANCH_REFUSED');
    const cut = hook({ bundle: bundle.subarray(1).toString('base64') });
    expect((await send(cut, { nonce })).code).toBe('RELEASE_DIGEST_MISMATCH');
    expect((await send(hook(), { nonce })).status).toBe(201);
  });

  it('for a project with a secret of its own is signed by that one alone, and that one says nothing elsewhere', async () => {
    const roses = { project: 'roses', approver: 'gardener' };
    expect((await send(hook(roses))).code).toBe('WEBHOOK_SIGNATURE_INVALID');
    expect((await send(hook(), { key: ofRoses })).code).toBe('WEBHOOK_SIGNATURE_INVALID');
    expect((await send(hook(roses), { key: ofRoses })).code).toBe('RELEASE_NEEDS_ADMIN');
    await claim('roses');
    expect((await send(hook(roses), { key: ofRoses })).status).toBe(201);
    expect(await served.served.store.forProject('roses').releases.listStarts()).toHaveLength(1);
  });

  it('is not taken by a server without a secret', async () => {
    await using other = await ServedApp.open([]);
    const answer = await other.app.inject({ method: 'POST', url: '/api/v1/webhooks/releases', payload: {} });
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'WEBHOOK_OFF']);
  });

  it('is in the OpenAPI document', async () => {
    const document = (await served.app.inject({ url: '/api/v1/openapi.json' })).json();
    const { post } = document.paths['/api/v1/webhooks/releases'];
    expect(Object.keys(post.requestBody.content['application/json'].schema.properties)).toContain('approver');
  });
});
