import { copyFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../src/actions/workspace/doctor/finding.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readServerFile } from '../../src/store/workspace/server-file.ts';
import { registerModel } from '../support/register-model.ts';
import { trainedModels } from '../support/trained-models.ts';
import { parseLines, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
const workspace = sandbox.at('.mitate');
const pipeline = fileURLToPath(new URL('../faults/small.pipeline.ts', import.meta.url));

async function doctor(env: Record<string, string> = {}) {
  const { code, stdout } = await sandbox.start(['doctor', '--json'], { env }).ended;
  const findings = parseLines<Finding>(stdout);
  return { code, of: (what: string) => findings.find((each) => each.what === what) };
}

beforeAll(async () => {
  const uris = await trainedModels(sandbox.at('models'), 1);
  await using store = await openStore({ workspace });
  await registerModel(store, { name: 'leaf', uri: uris[0]!, endpoint: 'leaf' });
}, 120_000);
afterAll(() => sandbox[Symbol.dispose]());

it('without a server: says what is missing, and what of channels and triggers does not work', async () => {
  writeFileSync(sandbox.at('lost.ts'), 'export default 1;');
  await sandbox.json('trigger', 'create', 'nightly', '--pipeline', pipeline, '--cron', '0 3 * * *');
  await sandbox.json('trigger', 'create', 'lost', '--pipeline', 'lost.ts', '--demand');
  await sandbox.json('channel', 'create', 'ops', '--kind', 'slack', '--url-env', 'MITATE_CHANNEL_OPS');
  const hook = ['--url', 'https://10.0.0.1/', '--secret-env', 'MITATE_CHANNEL_HOOK'];
  await sandbox.json('channel', 'create', 'hook', '--kind', 'webhook', ...hook);

  const found = await doctor({ MITATE_CHANNEL_HOOK: '0123456789abcdef' });
  expect(found.code).toBe(1);
  expect(found.of('database')).toMatchObject({ level: 'ok', ok: true, remedy: null });
  expect(found.of('server')).toMatchObject({ level: 'warn', ok: true, said: expect.stringContaining('1 version is') });
  expect(found.of('worker')).toMatchObject({ level: 'warn', said: expect.stringContaining('triggers: 2') });
  expect(found.of('journal')).toMatchObject({ level: 'ok' });
  expect(found.of('secrets')).toMatchObject({ level: 'ok', said: '0 stored' });
  expect(found.of('trigger nightly')).toMatchObject({ level: 'ok', said: 'schedule, has not fired yet' });
  const broken = expect.stringContaining('its default export is not a pipeline');
  expect(found.of('trigger lost')).toMatchObject({ level: 'fail', ok: false, said: broken });
  expect(found.of('channel ops')).toMatchObject({ level: 'warn', said: expect.stringContaining('MITATE_CHANNEL_OPS') });
  const refused = { level: 'fail', remedy: expect.stringContaining('MITATE_CHANNEL_ALLOW') };
  expect(found.of('channel hook')).toMatchObject(refused);
}, 60_000);

it('beside a server with a worker: both are well, and the trigger has fired', async () => {
  copyFileSync(pipeline, sandbox.at('lost.ts'));
  for (const name of ['hook', 'ops']) await sandbox.json('channel', 'remove', name);
  await sandbox.json('trigger', 'remove', 'lost');
  const server = sandbox.start(['up', '--port', '0']);
  try {
    const tick = async () => (await doctor()).of('worker')?.said;
    await expect.poll(tick, { timeout: 90_000, interval: 500 }).toMatch(/^last tick \d+ s ago/);
    await sandbox.json('trigger', 'run', 'nightly');
    const found = await doctor();
    const { url } = readServerFile(workspace)!;
    expect(found.of('server')).toMatchObject({ level: 'ok', said: `${url} is ready` });
    expect(found.of('journal')).toMatchObject({ level: 'ok', said: 'the database has every record' });
    expect(found.of('trigger nightly')?.said).toMatch(/^schedule, last fired \d+ s ago/);
    server.process.kill('SIGSTOP');
    expect((await doctor()).of('server')).toMatchObject({ level: 'fail', said: expect.stringContaining('/readyz') });
  } finally {
    server.process.kill('SIGCONT');
    server.process.kill('SIGTERM');
    await server.ended;
  }
}, 180_000);
