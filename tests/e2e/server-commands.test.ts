import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiEndpoint, ApiEndpointEvent } from '../../src/contracts/api/endpoints.ts';
import type { AuditEntry } from '../../src/contracts/audit.ts';
import type { RunRecord } from '../../src/contracts/run.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readServerFile } from '../../src/store/workspace/server-file.ts';
import { drawLeaf } from '../../src/vision/sample/index.ts';
import { registerModel } from '../support/register-model.ts';
import { trainedModels } from '../support/trained-models.ts';
import { errorOf, parseLines, type RunningCommand, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
const workspace = sandbox.at('.mitate');
const plan = ({ deployments }: ApiEndpoint) =>
  deployments.map(({ version, role, traffic }) => `${version} ${role} ${traffic}`).join(', ');
const change = async (...args: string[]) => plan((await sandbox.json<ApiEndpoint>('endpoint', ...args))[0]!);
const timeline = async (name: string) =>
  (await sandbox.json<{ timeline: ApiEndpointEvent[] }>('endpoint', 'show', name))[0]!.timeline;

beforeAll(async () => {
  const uris = await trainedModels(sandbox.at('models'), 2);
  const broken = sandbox.at('models/broken');
  cpSync(uris[0]!, broken, { recursive: true });
  const onnx = join(broken, 'Format-Serving', 'model.onnx');
  const bytes = readFileSync(onnx);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(onnx, bytes);
  await using store = await openStore({ workspace });
  for (const uri of [...uris, broken]) await registerModel(store, { name: 'leaf', uri, endpoint: 'leaf' });
}, 120_000);
afterAll(() => sandbox[Symbol.dispose]());

/** The same words with and without a server. */
async function checkEndpointVerbs(): Promise<void> {
  expect(await change('deploy', 'leaf', 'leaf@2', '--traffic', '20')).toBe('1 stable 80, 2 canary 20');
  expect(await change('traffic', 'leaf', '2=35')).toBe('1 stable 65, 2 canary 35');
  expect(await change('promote', 'leaf', '--why', 'better on oaks')).toBe('2 stable 100');
  expect(await change('rollback', 'leaf')).toBe('1 stable 100');
  expect(await sandbox.json('model', 'promote', 'leaf@2')).toMatchObject([{ version: 2, aliases: ['champion'] }]);
  expect(await sandbox.json('model', 'rollback', 'leaf')).toMatchObject([{ version: 1, aliases: ['champion'] }]);
  const refused = await sandbox.mitate('endpoint', 'deploy', 'leaf', 'leaf@3', '--json');
  expect([refused.code, errorOf(refused).code]).toEqual([1, 'DEPLOYMENT_NOT_READY']);
  expect(errorOf(refused).message).toContain('model.onnx: expected sha256');
  const changes = (await timeline('leaf')).filter(({ action }) => action !== 'ready');
  const done = changes.map(({ action, why }) => [action, why]).slice(0, 6);
  expect(done).toEqual([
    ['promote', 'rolled back by hand'],
    ['promote', 'promoted by hand'],
    ['rollback', 'by hand'],
    ['promote', 'better on oaks'],
    ['traffic', 'by hand'],
    ['deploy', 'by hand'],
  ]);
}

describe('without a server', () => {
  it('endpoints and champions change after each version was booted', checkEndpointVerbs, 120_000);
});

describe('while a server owns the workspace', () => {
  let server: RunningCommand;
  let url: string;

  beforeAll(async () => {
    server = sandbox.start(['serve', '--port', '0']);
    while (readServerFile(workspace) === null) await sleep(100);
    url = readServerFile(workspace)!.url;
  }, 70_000);
  afterAll(async () => {
    server.process.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(readServerFile(workspace)).toBeNull();
  });

  it('endpoints and champions change through it', checkEndpointVerbs, 120_000);

  it('a key made beside it opens it, and no longer once revoked', async () => {
    const [made] = await sandbox.json<{ key: string; info: { id: string } }>(
      'key',
      'create',
      'e2e',
      '--scope',
      'operate',
    );
    const ask = async () => (await fetch(`${url}/api/v1/models`, { headers: { 'x-api-key': made!.key } })).status;
    expect(await ask()).toBe(200);
    await sandbox.json('key', 'revoke', 'e2e');
    await expect.poll(ask, { timeout: 5_000 }).toBe(401);
  }, 60_000);

  it('a person added beside it signs in to it', async () => {
    const added = sandbox.start(['user', 'create', 'mika', '--role', 'approver', '--password-stdin', '--json'], {
      input: 'correct horse battery\n',
    });
    expect((await added.ended).code).toBe(0);
    const signIn = await fetch(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'mika', password: 'correct horse battery' }),
    });
    expect(await signIn.json()).toMatchObject({ user: { name: 'mika', roles: { default: 'approver' } } });
  }, 60_000);

  it('a pipeline runs beside it, in a project of its own; what it pushes is checked before it answers', async () => {
    await sandbox.json('project', 'create', 'roses');
    writeFileSync(sandbox.at('text.txt'), 'petals');
    const pipeline = fileURLToPath(new URL('../faults/small.pipeline.ts', import.meta.url));
    const run = await sandbox.mitate(
      'run',
      pipeline,
      '--param',
      `file=${sandbox.at('text.txt')}`,
      '--project',
      'roses',
    );
    expect(run.code, run.stderr).toBe(0);
    expect(await sandbox.json<RunRecord>('runs', 'list', '--project', 'roses')).toMatchObject([
      { pipeline: 'small', state: 'succeeded' },
    ]);
    expect((await sandbox.json<RunRecord>('runs', 'list')).map((each) => each.pipeline)).not.toContain('small');
    const said = async () => {
      const [shown] = await sandbox.json<{ timeline: ApiEndpointEvent[] }>(
        'endpoint',
        'show',
        'small',
        '--project',
        'roses',
      );
      return shown!.timeline.map(({ action }) => action);
    };
    await expect.poll(said, { timeout: 20_000, interval: 500 }).toEqual(['refused', 'deploy']);
    expect((await sandbox.json('endpoint', 'list')).length).toBe(1);
  }, 90_000);

  it('everything that looks, collects, saves or diagnoses is answered', async () => {
    const { pixels } = drawLeaf({ seed: 3, size: 128 });
    const { default: sharp } = await import('sharp');
    await sharp(pixels, { raw: { width: 128, height: 128, channels: 3 } })
      .jpeg()
      .toFile(sandbox.at('leaf.jpg'));
    for (const words of [
      'runs list',
      'runs show latest',
      'models',
      'model show leaf',
      'model validate leaf@1',
      'lineage leaf',
      'predict leaf.jpg --model leaf@1',
      'explain leaf.jpg --model leaf@1',
      'gc --yes',
      'backup',
      'doctor',
      'key list',
      'user list',
      'project list',
      'audit',
    ]) {
      const { code, stderr } = await sandbox.mitate(...words.split(' '));
      expect([words, code, code === 0 ? '' : stderr]).toEqual([words, 0, '']);
    }
  }, 180_000);

  it('restoring is refused by name of the server', async () => {
    const [backup] = await sandbox.json<{ file: string }>('backup');
    const { code, ...ran } = await sandbox.mitate('restore', backup!.file, '--force', '--json');
    expect([code, errorOf({ code, ...ran }).code]).toEqual([1, 'WORKSPACE_LOCKED']);
    expect(errorOf({ code, ...ran }).message).toContain('mitate serve');
  }, 60_000);

  it('each change is in the audit log of its project, by whom', async () => {
    const entries = await sandbox.json<AuditEntry>('audit', '--limit', '500');
    const actions = entries.map(({ action }) => action);
    for (const action of ['endpoint.deploy', 'endpoint.promote', 'model.rollback', 'key.revoke', 'user.create'])
      expect(actions).toContain(action);
    const mine = entries.filter(({ action }) => !action.startsWith('session.'));
    expect(new Set(mine.map(({ who }) => who))).toEqual(new Set([`local:${userInfo().username}`]));
    expect(JSON.stringify(entries)).not.toContain('correct horse');
    expect(parseLines((await sandbox.mitate('audit', '--project', 'roses', '--json')).stdout)).toEqual([]);
  }, 60_000);
});
