import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import type { LockOwner } from '../../src/store/workspace/lock.ts';
import { sourceFlags } from '../support/source-flags.ts';

interface Written {
  model: string;
  pushed: string;
  version: number;
}

describe('a store whose process is killed', () => {
  let workspace: string;
  const written: Written[] = [];
  const codes: string[] = [];

  beforeAll(() => {
    workspace = mkdtempSync(join(tmpdir(), 'mitate-kill-'));
  });
  afterAll(() => rmSync(workspace, { recursive: true, force: true }));

  /** Starts a writer and gives it back when it has committed `count` versions. */
  async function writer(count: number): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL('./store-writer.ts', import.meta.url)), [workspace, 'leaf'], {
      execArgv: sourceFlags,
    });
    const before = written.length;
    await new Promise<void>((resolve) => {
      child.on('message', (message: Written | { code: string }) => {
        if ('code' in message) codes.push(message.code);
        else written.push(message);
        if (written.length === before + count) resolve();
      });
    });
    return child;
  }

  const databasePid = () => (JSON.parse(readFileSync(join(workspace, 'lock'), 'utf8')) as LockOwner).database!.pid;

  async function check(): Promise<void> {
    await using store = await openStore({ workspace });
    const versions = (await store.listVersions('leaf')).reverse();
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
    const artifacts = await store.listArtifacts();
    const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
    for (const { model, pushed, version } of written) {
      expect(versions[version - 1]?.artifactId).toBe(model);
      expect(byId.get(pushed)?.properties.version).toBe(version);
    }
    const runs = await store.listRuns();
    expect(runs.every(({ state, error }) => state === 'failed' && error?.code === 'RUN_INTERRUPTED')).toBe(true);
    const executions = (await Promise.all(runs.map(({ id }) => store.listExecutions(id)))).flat();
    expect(executions.every(({ state }) => state === 'succeeded' || state === 'failed')).toBe(true);
    const succeeded = executions.filter(({ state }) => state === 'succeeded').map(({ id }) => id);
    expect(artifacts.map(({ executionId }) => executionId).sort()).toEqual(succeeded.sort());
    expect(artifacts.filter(({ type }) => type === 'PushedModel')).toHaveLength(versions.length);
    expect(await store.listDeployments('leaf')).toMatchObject([{ version: 1, traffic: 100 }]);
  }

  it.each([1, 25])('with its database after %i commits keeps what was committed, whole', async (count) => {
    const child = await writer(count);
    const database = databasePid();
    process.kill(database, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await check();
  });

  it('while its database lives on makes the next one wait for it', async () => {
    const child = await writer(5);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await check();
  });

  it('says so when its database alone is killed', async () => {
    const child = await writer(3);
    const ended = once(child, 'exit');
    process.kill(databasePid(), 'SIGKILL');
    await ended;
    expect(codes).toEqual(['DATABASE_STOPPED']);
    await check();
  });
});
