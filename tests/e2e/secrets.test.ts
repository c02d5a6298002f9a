import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hookSignatureHeader, signHook } from '../../src/codecs/signed-hook.ts';
import { signatureOf } from '../../src/feedback/channels/sign.ts';
import { freePort } from '../support/free-port.ts';
import { Receiver } from '../support/receiver.ts';
import { type Ran, Sandbox } from './cli.ts';

const [name, value] = ['MITATE_CHANNEL_OPS_SECRET', 'a-stored-value-0123456789'];
const hookSecret = 'a-release-secret-of-32-characters-or-more';
const sandbox = new Sandbox();
const heard: Ran[] = [];
let receiver: Receiver;

beforeAll(async () => {
  receiver = await Receiver.open();
  await mitate(['channel', 'create', 'ops', '--kind', 'webhook', '--url', receiver.url('/hook'), '--secret-env', name]);
}, 60_000);
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  sandbox[Symbol.dispose]();
});

async function mitate(args: string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}) {
  const ran = await sandbox.start(args, { input, env: { MITATE_CHANNEL_ALLOW: '127.0.0.1', ...env } }).ended;
  heard.push(ran);
  return ran;
}

/** Whether the newest message is signed with the secret. */
function isSignedWith(secret: string): boolean {
  const { headers, body } = receiver.got.at(-1)!;
  const signature = String(headers['x-mitate-signature']);
  const at = new Date(Number(/t=(\d+)/.exec(signature)![1]) * 1000);
  return signature === signatureOf(secret, body, at);
}

it('a channel sends with a stored secret, with that of the environment first, and with none of another key', async () => {
  expect((await mitate(['channel', 'test', 'ops'])).stderr).toContain(`mitate secret set ${name}`);
  expect((await mitate(['secret', 'set', name], { input: `${value}\n` })).code).toBe(0);
  expect((await mitate(['channel', 'test', 'ops'])).code).toBe(0);
  expect(isSignedWith(value)).toBe(true);
  const ofEnvironment = 'of-the-environment-0123456789';
  expect((await mitate(['channel', 'test', 'ops'], { env: { [name]: ofEnvironment } })).code).toBe(0);
  expect(isSignedWith(ofEnvironment)).toBe(true);

  const key = randomBytes(32).toString('base64');
  expect((await mitate(['secret', 'rekey'], { env: { MITATE_SECRET_KEY: key } })).code).toBe(0);
  const wrong = await mitate(['channel', 'test', 'ops'], {
    env: { MITATE_SECRET_KEY: randomBytes(32).toString('base64') },
  });
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('SECRET_KEY_WRONG')]);
  expect((await mitate(['channel', 'test', 'ops'], { env: { MITATE_SECRET_KEY: 'short' } })).code).toBe(2);
  expect((await mitate(['channel', 'test', 'ops'], { env: { MITATE_SECRET_KEY: key } })).code).toBe(0);
  expect(isSignedWith(value)).toBe(true);
  expect((await mitate(['secret', 'rekey'], { env: { MITATE_SECRET_KEY_PREVIOUS: key } })).code).toBe(0);
  expect((await mitate(['channel', 'test', 'ops'])).code).toBe(0);
}, 120_000);

it('a release is signed with a stored secret', async () => {
  const send = () =>
    mitate(['release', 'send', 'none.json', '--to', 'http://127.0.0.1:1', '--branch', 'main', '--approver', 'mika']);
  expect((await send()).stderr).toContain('RELEASE_SECRET_MISSING');
  expect((await mitate(['secret', 'set', 'MITATE_RELEASE_SECRET'], { input: hookSecret })).code).toBe(0);
  expect((await send()).stderr).toContain('none.json');
  await mitate(['secret', 'remove', 'MITATE_RELEASE_SECRET']);
}, 60_000);

it('a release is taken with a secret of its project, at once and not with that of another', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = sandbox.start(['serve', '--port', `${port}`, '--no-auth']);
  await server.stderrHas(url);
  const ask = async (project: string) => {
    const body = Buffer.from(JSON.stringify({ project }));
    const signed = signHook(
      hookSecret,
      { timestamp: Math.floor(Date.now() / 1000), nonce: randomBytes(16).toString('hex') },
      body,
    );
    const headers = { 'content-type': 'application/json', [hookSignatureHeader]: signed };
    const response = await fetch(`${url}/api/v1/webhooks/releases`, { method: 'POST', headers, body });
    return ((await response.json()) as { error: { code: string } }).error.code;
  };
  expect(await ask('default')).toBe('WEBHOOK_OFF');
  expect((await mitate(['secret', 'set', 'MITATE_RELEASE_SECRET'], { input: 'short' })).stderr).toContain(
    'SECRET_VALUE_INVALID',
  );
  expect((await mitate(['secret', 'set', 'MITATE_RELEASE_SECRET'], { input: hookSecret })).code).toBe(0);
  // signed, and then looked at
  expect(await ask('default')).toBe('HTTP_REQUEST_INVALID');
  server.process.kill('SIGTERM');
  await server.ended;
}, 120_000);

it('the list, the audit log, answers and files never have a value', async () => {
  const [listed] = await sandbox.json<{ name: string }>('secret', 'list');
  expect(listed).toEqual({ name, setAt: expect.any(String), who: expect.any(String) });
  await mitate(['audit', '--json']);
  expect((await mitate(['doctor', '--verbose'])).stdout).toContain('2 stored');
  renameSync(sandbox.at('.mitate/secret.key'), sandbox.at('secret.key'));
  expect((await mitate(['doctor'])).stdout).toContain('2 of 2 stored secrets do not open');
  renameSync(sandbox.at('secret.key'), sandbox.at('.mitate/secret.key'));
  expect((await mitate(['secret', 'set', 'OPS_SECRET'], { input: value })).stderr).toContain('SECRET_NAME_INVALID');
  expect((await mitate(['secret', 'remove', 'MITATE_CHANNEL_NONE'])).stderr).toContain('SECRET_UNKNOWN');
  await mitate(['backup', sandbox.at('backup.tar.gz')]);
  expect(
    heard
      .flatMap(({ stdout, stderr }) => [stdout, stderr])
      .filter((text) => text.includes(value) || text.includes(hookSecret)),
  ).toEqual([]);
  const files = readdirSync(sandbox.at('.mitate'), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  const leaking = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(value));
  expect(leaking.map(({ name }) => name)).toEqual([]);
}, 120_000);
