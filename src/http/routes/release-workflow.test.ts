import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { tester } from '../../../tests/support/tester.ts';
import { WorkflowIssuer } from '../../../tests/support/workflow-issuer.ts';
import { setStage } from '../../actions/access/project.ts';
import { createUser } from '../../actions/access/user.ts';
import { sha256 } from '../../codecs/digest.ts';
import { hookSignatureHeader, signHook, workflowTokenHeader } from '../../codecs/signed-hook.ts';
import type { NewRelease } from '../../contracts/release.ts';
import { releaseId } from '../../contracts/release-id.ts';
import { packBundle } from '../../orchestrator/release/bundle.ts';
import { codeDigest } from '../../orchestrator/release/collect-code.ts';

const secret = 'a-secret-of-at-least-32-characters';
let issuer: WorkflowIssuer;
let served: ServedApp;
let bundle: Buffer;
let release: NewRelease;

beforeAll(async () => {
  issuer = await WorkflowIssuer.open();
  served = await ServedApp.open([], {
    env: {
      MITATE_RELEASE_SECRET: secret,
      MITATE_RELEASE_REPOSITORIES: 'mika/leaf',
      MITATE_RELEASE_ISSUER: issuer.url,
    },
  });
  await createUser(served.served.store, { name: 'mika', password: 'correct horse battery', role: 'approver' }, tester);
  const code = { entry: 'p.ts', files: [{ path: 'p.ts', content: Buffer.from('export default 1;') }] };
  bundle = await packBundle(code);
  const frozen = { pipeline: 'notes', definitionDigest: 'd'.repeat(64), codeDigest: codeDigest(code), parameters: {} };
  const made = { gitCommit: 'abc', runId: randomUUID(), bundleDigest: sha256(bundle), environment: 'dev', who: 'ci' };
  release = { ...frozen, ...made, id: releaseId(frozen) };
});
beforeEach(() => {
  issuer.claims = {};
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const proof = () => ({
  kind: 'pipeline-test',
  subject: 'notes',
  codeDigest: release.codeDigest,
  passed: true,
  checks: [{ name: 'finite', passed: true, said: 'all' }],
  ci: 'github mika/leaf#7',
  gitCommit: null,
  who: 'ci',
});

/** @param tokenOf from the audience that fits the body; absent = no token */
async function send(change: object, tokenOf?: (audience: string) => string) {
  const hook = {
    environment: 'test',
    stage: 'test',
    branch: 'main',
    approver: 'mika',
    release,
    proofs: [proof()],
    run: false,
  };
  const body = Buffer.from(JSON.stringify({ ...hook, bundle: bundle.toString('base64'), ...change }));
  const signature = signHook(secret, { timestamp: Math.floor(Date.now() / 1000), nonce: randomUUID() }, body);
  const token = tokenOf?.(`mitate:${sha256(body)}`);
  const answer = await served.app.inject({
    method: 'POST',
    url: '/api/v1/webhooks/releases',
    headers: {
      'content-type': 'application/json',
      [hookSignatureHeader]: signature,
      ...(token !== undefined && { [workflowTokenHeader]: token }),
    },
    payload: body,
  });
  return { status: answer.statusCode, ...answer.json() };
}
const good = (audience: string) => issuer.token(audience);
const originOf = async () => (await served.served.store.releases.listProofs()).map(({ origin }) => origin);

describe('a release of a webhook', () => {
  it('without a token is what its sender says: stage, commit, tests', async () => {
    const { status, start, release: kept } = await send({});
    expect(status).toBe(201);
    expect(start).toMatchObject({ stage: 'test', stageIsSet: false, byHand: false, workflow: null });
    expect(kept).toMatchObject({ gitCommit: 'abc', madeHere: false });
    expect(await originOf()).toEqual(['sent']);
  });

  it('with the token of a workflow of its repository is of that branch, commit and run', async () => {
    const { status, start } = await send({}, good);
    expect(status).toBe(201);
    const workflow = {
      repository: 'mika/leaf',
      ref: 'refs/heads/main',
      isProtected: true,
      event: 'push',
      commit: 'abc',
    };
    expect(start.workflow).toMatchObject({ issuer: issuer.url, ...workflow, run: '7' });
    expect(await originOf()).toEqual(['workflow', 'sent']);
  });

  it.each<[string, (audience: string) => string, Record<string, unknown>, RegExp]>([
    [
      'signed by another key',
      (audience) => issuer.token(audience, { key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }),
      {},
      /signature/,
    ],
    [
      'of a key that the issuer does not have',
      (audience) => issuer.token(audience, { head: { kid: 'two' } }),
      {},
      /no key "two"/,
    ],
    ['without a signature', (audience) => issuer.token(audience, { head: { alg: 'none' } }), {}, /no ID token/],
    ['for another release', () => issuer.token(`mitate:${sha256('other')}`), {}, /another release/],
    ['that has expired', good, { exp: 1_000 }, /expired/],
    ['of another issuer', good, { iss: 'https://evil.example' }, /evil\.example/],
    ['of another repository', good, { repository: 'eve/leaf' }, /eve\/leaf/],
    ['of another branch', good, { ref: 'refs/heads/mine' }, /refs\/heads\/mine/],
    ['that is no token', () => 'x', {}, /./],
  ])('is refused with a token %s', async (_what, tokenOf, claims, reason) => {
    issuer.claims = claims;
    const { status, error } = await send({}, tokenOf);
    expect([status, error.code]).toEqual([403, 'WEBHOOK_WORKFLOW_REFUSED']);
    expect(error.message).toMatch(reason);
  });

  it('is refused for another stage than that of the project, which an operator sets', async () => {
    const { store } = served.served;
    await setStage(store, 'default', 'test', tester);
    expect((await send({})).start).toMatchObject({ stageIsSet: true });
    const { status, error } = await send({ stage: 'production' });
    expect([status, error.code]).toEqual([409, 'RELEASE_STAGE_WRONG']);
    await setStage(store, 'default', null, tester);
    expect((await send({ stage: 'production' })).start).toMatchObject({ stageIsSet: false });
    await expect(setStage(store, 'none', 'test', tester)).rejects.toMatchObject({ code: 'PROJECT_UNKNOWN' });
  });
});

describe('a release that somebody brings', () => {
  const bring = async (headers: Record<string, string>) => {
    const payload = { release, bundle: bundle.toString('base64'), environment: 'prod', run: false };
    return (await served.app.inject({ method: 'POST', url: '/api/v1/releases', headers, payload })).json().start;
  };

  it('is by hand with the session of a person, not with a key', async () => {
    expect(await bring({ 'x-api-key': await served.makeKey('admin') })).toMatchObject({ byHand: false });
    await createUser(served.served.store, { name: 'ada', password: 'correct horse battery', role: 'admin' }, tester);
    const payload = { name: 'ada', password: 'correct horse battery' };
    const session = await served.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
    expect(await bring({ authorization: `Bearer ${session.json().token}` })).toMatchObject({ byHand: true });
  });
});
