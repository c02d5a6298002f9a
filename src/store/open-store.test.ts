import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { testDatabaseUrl } from '../../tests/support/database.ts';
import { temporaryFolder } from '../../tests/support/temporary-folder.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { runs } from './database/schema.ts';
import { openStore } from './open-store.ts';

const run = (id: string) => ({
  id,
  pipeline: 'leaf',
  parameters: {},
  seed: 1,
  definitionDigest: 'd',
  source: null,
  gitCommit: null,
  who: 'ann',
  pid: process.pid,
  trigger: 'demand',
  startedAt: new Date(),
});

it('admits one process; others read and cancel through it', async () => {
  using folder = temporaryFolder();
  const workspace = join(folder.path, 'workspace');
  {
    await using store = await openStore({ workspace, command: 'mitate run pipeline.ts' });
    await store.createRun(run('one'));
    const second = openStore({ workspace });
    await expect(second).rejects.toMatchObject({
      code: 'WORKSPACE_LOCKED',
      message: expect.stringContaining('mitate run'),
    });
    {
      await using looking = await openStore({ workspace, attach: true });
      const work = Array.from({ length: 40 }, (_, i) => [
        store.createRun(run(`own-${i}`)),
        looking.listRuns({ pipeline: 'leaf' }),
        unaudited(looking)
          .setAlias({ name: 'none', alias: 'champion', version: 1, who: 'ann', why: '' })
          .catch((error) => error.code),
      ]).flat();
      const codes = (await Promise.all(work)).filter((answer) => typeof answer === 'string');
      expect(new Set(codes)).toEqual(new Set(['MODEL_NOT_FOUND']));
      expect(await unaudited(looking).requestCancel('one')).toBe(true);
    }
    expect((await store.getRun('one'))?.cancelRequested).toBe(true);
    expect(await store.listRuns()).toHaveLength(41);
  }
  expect(existsSync(join(workspace, 'lock'))).toBe(false);
  await using alone = await openStore({ workspace, attach: true });
  expect(await alone.listRuns()).toHaveLength(41);
});

it('waits for a server that is stopping (a restart failed with WORKSPACE_LOCKED)', async () => {
  using folder = temporaryFolder();
  const workspace = join(folder.path, 'workspace');
  const stopping = await openStore({ workspace, serves: true });
  stopping.leave();
  const restarted = openStore({ workspace, serves: true });
  const early = await Promise.race([restarted.catch((error: unknown) => error), wait(300, 'waits')]);
  expect(early).toBe('waits');
  await stopping[Symbol.asyncDispose]();
  await using store = await restarted;
  expect(await store.listRuns()).toEqual([]);
});

it('attaches long-running commands to a server, and to nothing else', async () => {
  using folder = temporaryFolder();
  const workspace = join(folder.path, 'workspace');
  {
    await using _run = await openStore({ workspace, command: 'mitate run pipeline.ts' });
    await expect(openStore({ workspace, attach: 'server' })).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' });
  }
  await using server = await openStore({ workspace, command: 'mitate serve', serves: true });
  await using lasting = await openStore({ workspace, attach: 'server' });
  await lasting.createRun(run('beside'));
  expect((await server.getRun('beside'))?.state).toBe('running');
  await expect(openStore({ workspace })).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' });
});

it('ends the run of a process that was killed beside a server', async () => {
  using folder = temporaryFolder();
  const workspace = join(folder.path, 'workspace');
  await using server = await openStore({ workspace, serves: true });
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(other, 'spawn');
  await server.createRun({ ...run('beside'), pid: other.pid! });
  const look = async () => {
    await using looking = await openStore({ workspace, attach: true });
    return (await looking.getRun('beside'))?.state;
  };
  expect(await look()).toBe('running');
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(await look()).toBe('failed');
});

it('opens the named project, which must exist; its views close nothing', async () => {
  using folder = temporaryFolder();
  const workspace = join(folder.path, 'workspace');
  await expect(openStore({ workspace, project: 'roses' })).rejects.toMatchObject({ code: 'PROJECT_UNKNOWN' });
  {
    await using store = await openStore({ workspace });
    await unaudited(store).access.createProject({ name: 'roses', description: '' });
    {
      await using view = store.forProject('roses');
      await view.createRun(run('rose'));
    }
    expect(await store.listRuns()).toEqual([]);
  }
  await using roses = await openStore({ workspace, project: 'roses' });
  expect((await roses.listRuns()).map(({ id }) => id)).toEqual(['rose']);
});

it('waits for a read-only command, even while it opens or closes', async () => {
  using folder = temporaryFolder();
  const workspace = join(folder.path, 'workspace');
  const look = async () => {
    await using store = await openStore({ workspace, attach: true });
    return (await store.listRuns()).length;
  };
  const work = async () => {
    await using store = await openStore({ workspace });
    return (await store.listRuns()).length;
  };
  expect(await Promise.all([look(), look(), look()])).toEqual([0, 0, 0]);
  expect(await Promise.all([look(), work()])).toEqual([0, 0]);
});

it('reports an unknown project at once, also with a running server', async () => {
  using folder = temporaryFolder();
  const workspace = join(folder.path, 'workspace');
  await using _server = await openStore({ workspace, serves: true });
  const refused = openStore({ workspace, attach: true, project: 'roses' }).catch((error) => error.code);
  // it asked again for 10 s, as if the server were closing
  expect(await Promise.race([refused, wait(5_000)])).toBe('PROJECT_UNKNOWN');
});

it('rejects folders that are not a workspace, read-only or newer, with the reason', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, '');
  await expect(openStore({ workspace: join(file, 'in') })).rejects.toMatchObject({ code: 'WORKSPACE_READ_ONLY' });
  writeFileSync(join(folder.path, 'workspace.json'), '{"formatVersion":99}');
  await expect(openStore({ workspace: folder.path })).rejects.toMatchObject({ code: 'WORKSPACE_NEWER' });
  writeFileSync(join(folder.path, 'workspace.json'), '{"formatVersion":');
  await expect(openStore({ workspace: folder.path })).rejects.toMatchObject({ code: 'WORKSPACE_DAMAGED' });
  expect(readFileSync(join(folder.path, 'workspace.json'), 'utf8')).toBe('{"formatVersion":');
});

it.skipIf(process.getuid?.() === 0)('rejects a folder that is not writable', async () => {
  using folder = temporaryFolder();
  chmodSync(folder.path, 0o500);
  await expect(openStore({ workspace: folder.path })).rejects.toMatchObject({ code: 'WORKSPACE_READ_ONLY' });
  chmodSync(folder.path, 0o700);
});

it('reports an unreachable server without the password', async () => {
  using folder = temporaryFolder();
  const databaseUrl = 'postgres://ann:secret@127.0.0.1:1/none';
  const error = await openStore({ workspace: folder.path, databaseUrl }).catch((error) => error);
  expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  expect(JSON.stringify(error)).not.toContain('secret');
});

it.skipIf(testDatabaseUrl === undefined)(
  'on a server ends runs of other hosts once their heartbeat stops',
  async () => {
    using folder = temporaryFolder();
    const options = { workspace: folder.path, databaseUrl: testDatabaseUrl! };
    const [silent, beating] = [`silent-${Date.now()}`, `beating-${Date.now()}`];
    {
      await using store = await openStore(options);
      const { database } = store.context;
      const long = new Date(Date.now() - 3_600_000);
      for (const id of [silent, beating]) {
        await store.createRun({ ...run(id), startedAt: long });
        await database.update(runs).set({ host: 'elsewhere' }).where(eq(runs.id, id));
      }
      await database.update(runs).set({ heartbeatAt: new Date() }).where(eq(runs.id, beating));
    }
    await using store = await openStore(options);
    expect(await store.getRun(silent)).toMatchObject({ state: 'failed', error: { code: 'RUN_INTERRUPTED' } });
    expect((await store.getRun(beating))?.state).toBe('running');
  },
);
