import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { openStore } from '../open-store.ts';
import { acquireLock, type LockOwner } from './lock.ts';
import { identify } from './process-identity.ts';

const owner = (change: Partial<LockOwner>): LockOwner => ({
  ...identify(),
  token: 'other',
  command: 'mitate run pipeline.ts',
  since: '2026-01-01T00:00:00.000Z',
  ...change,
});
const write = (dir: string, value: LockOwner) => writeFileSync(join(dir, 'lock'), JSON.stringify(value));

describe('the workspace lock', () => {
  it('names its living owner', () => {
    using folder = temporaryFolder();
    write(folder.path, owner({}));
    const message = new RegExp(`in use by process ${process.pid} .*mitate run pipeline.ts.*2026-01-01`);
    expect(() => acquireLock(folder.path, 'x')).toThrow(message);
  });

  it('is released, and then free', () => {
    using folder = temporaryFolder();
    for (let i = 0; i < 3; i++) acquireLock(folder.path, 'x').lock[Symbol.dispose]();
    expect(existsSync(join(folder.path, 'lock'))).toBe(false);
  });

  it('is taken over from a dead process', async () => {
    using folder = temporaryFolder();
    const child = spawn(process.execPath, ['-e', '0']);
    await once(child, 'exit');
    const dead = owner({ pid: child.pid!, started: null });
    write(folder.path, dead);
    const { lock, previous } = acquireLock(folder.path, 'x');
    expect(previous).toEqual(dead);
    lock[Symbol.dispose]();
  });

  it.runIf(process.platform === 'linux')('is taken over when the pid belongs to a later process', () => {
    using folder = temporaryFolder();
    write(folder.path, owner({ started: 'an-earlier-boot:1' }));
    acquireLock(folder.path, 'x').lock[Symbol.dispose]();
  });

  it('of another host is valid while its heartbeat is fresh', () => {
    using folder = temporaryFolder();
    write(folder.path, owner({ host: 'elsewhere' }));
    expect(() => acquireLock(folder.path, 'x')).toThrow(/on elsewhere/);
    const past = new Date(Date.now() - 120_000);
    utimesSync(join(folder.path, 'lock'), past, past);
    acquireLock(folder.path, 'x').lock[Symbol.dispose]();
  });

  it('of a living owner on another host is not taken when the clock was set forward by hours', async () => {
    using folder = temporaryFolder();
    write(folder.path, owner({ host: 'elsewhere' }));
    const path = join(folder.path, 'lock');
    const past = new Date(Date.now() - 7_200_000);
    utimesSync(path, past, past);
    const opening = openStore({ workspace: folder.path });
    // its next heartbeat
    const beat = setTimeout(() => utimesSync(path, new Date(), new Date()), 5_000);
    await expect(opening).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' });
    clearTimeout(beat);
  }, 40_000);

  it('is taken over if it is unreadable', () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'lock'), '{"pid":');
    const { lock } = acquireLock(folder.path, 'x');
    expect(JSON.parse(readFileSync(join(folder.path, 'lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
      command: 'x',
    });
    lock[Symbol.dispose]();
  });
});
