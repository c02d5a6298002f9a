import { fork, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/serving/journal/journal.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { readOwner } from '../../src/store/workspace/lock.ts';
import { requestRecord } from '../support/request-record.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function recorder() {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  return { said, debug: say, info: say, warn: say, error: say };
}

function openIn(store: OpenStore, dir: string, logger = recorder()) {
  const { requests } = store;
  return openJournal({
    dir: join(dir, 'journal'),
    requests,
    images: localImages(join(dir, 'images')),
    source: 'test',
    logger,
  });
}

async function loggedIds(store: OpenStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of store.requests.scanRequests()) ids.push(...page.map(({ publicId }) => publicId));
  return ids;
}

describe('a journal whose process is killed', () => {
  const folder = temporaryFolder();
  const promised: { id: string; image: string | null }[] = [];
  afterAll(() => folder[Symbol.dispose]());

  it.each([
    300, 700, 1_100,
  ])('with its database, %i ms into the load, loses nothing that was promised and has nothing twice', async (ms) => {
    const child = fork(fileURLToPath(new URL('./journal-writer.ts', import.meta.url)), [folder.path], {
      execArgv: sourceFlags,
    });
    child.on('message', (message: { id: string; image: string | null }) => void promised.push(message));
    await once(child, 'message');
    await new Promise((resolve) => setTimeout(resolve, ms));
    process.kill(readOwner(folder.path)!.database!.pid, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');

    await using store = await openStore({ workspace: folder.path });
    const journal = await openIn(store, folder.path);
    await journal.drained();
    await journal.close();
    const logged = await loggedIds(store);
    expect(new Set(logged).size).toBe(logged.length);
    const missing = promised.filter(({ id }) => !logged.includes(id));
    expect(missing).toEqual([]);
    for (const { image } of promised)
      if (image) expect(await localImages(join(folder.path, 'images')).get('default', image)).toHaveLength(5_000);
    expect(readdirSync(join(folder.path, 'journal')).filter((name) => name.endsWith('.journal'))).toEqual([]);
  }, 60_000);
});

describe('a journal of which the end is cut off', () => {
  it('gives the database all but the torn entry, and says so', async () => {
    using folder = temporaryFolder();
    await using store = await openStore({ workspace: folder.path });
    const away = {
      ...store,
      requests: { ...store.requests, ingest: () => Promise.reject(new Error('away')) },
    } as OpenStore;
    const first = await openIn(away, folder.path);
    const records = Array.from({ length: 5 }, () => requestRecord());
    for (const record of records) await first.append([{ record }]);
    const crashed = join(folder.path, 'crashed');
    cpSync(join(folder.path, 'journal'), join(crashed, 'journal'), { recursive: true });
    rmSync(join(crashed, 'journal', 'lock'));
    const [segment] = readdirSync(join(crashed, 'journal')).filter((name) => name.endsWith('.journal'));
    const path = join(crashed, 'journal', segment!);
    const written = readFileSync(path).findLastIndex((byte) => byte !== 0) + 1;
    truncateSync(path, written - 7);
    const logger = recorder();
    const journal = await openIn(store, crashed, logger);
    await journal.drained();
    expect((await loggedIds(store)).sort()).toEqual(records.slice(0, 4).map(({ publicId }) => publicId));
    expect(logger.said.join('\n')).toMatch(/cut off/);
    await journal.close();
  }, 30_000);
});

describe('a drained database that loses its last writes', () => {
  it('has every promised request again after replay', async () => {
    using folder = temporaryFolder();
    const db = join(folder.path, 'db');
    const saved = join(folder.path, 'saved-db');
    const records = Array.from({ length: 30 }, () => requestRecord());
    {
      await using store = await openStore({ workspace: folder.path });
      const journal = await openIn(store, folder.path);
      for (const record of records.slice(0, 10)) await journal.append([{ record }]);
      await journal.close();
      // what is on disk at this moment is what a power cut leaves of the database
      await store.requests.makeDurable();
      cpSync(db, saved, { recursive: true });
      const second = await openIn(store, folder.path);
      for (const record of records.slice(10)) await second.append([{ record }]);
      await second.drained();
      cpSync(join(folder.path, 'journal'), join(folder.path, 'saved-journal'), { recursive: true });
      expect(await loggedIds(store)).toHaveLength(30);
      await second.close();
    }
    rmSync(db, { recursive: true });
    cpSync(saved, db, { recursive: true });
    rmSync(join(folder.path, 'journal'), { recursive: true });
    cpSync(join(folder.path, 'saved-journal'), join(folder.path, 'journal'), { recursive: true });
    rmSync(join(folder.path, 'journal', 'lock'));
    await using store = await openStore({ workspace: folder.path });
    expect(await loggedIds(store)).toHaveLength(10);
    const journal = await openIn(store, folder.path);
    await journal.drained();
    expect((await loggedIds(store)).sort()).toEqual(records.map(({ publicId }) => publicId).sort());
    await journal.close();
  }, 60_000);
});

const disk = temporaryFolder();
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'none', disk.path]).status === 0;

describe.skipIf(!mounted)('a journal on a full disk', () => {
  const folder = temporaryFolder();
  let store: OpenStore;
  beforeAll(async () => {
    store = await openStore({ workspace: folder.path });
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    spawnSync('umount', ['-l', disk.path]);
    disk[Symbol.dispose]();
    folder[Symbol.dispose]();
  });

  it('promises nothing that it cannot hold, and goes on when there is room', async () => {
    const journal = await openIn(store, disk.path);
    const promised: string[] = [];
    const refused: string[] = [];
    const append = async (image?: Buffer) => {
      const record = requestRecord();
      try {
        await journal.append([image ? { record, image } : { record }]);
        promised.push(record.publicId);
      } catch (error) {
        expect(error).toMatchObject({ code: 'JOURNAL_FAILED' });
        refused.push(record.publicId);
      }
    };
    const filler = join(disk.path, 'filler');
    await append();
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(1_024), { flag: 'a' });
    } catch {
      // full
    }
    // a segment has room for 1 MiB that it reserved
    while (refused.length < 20) await append(randomBytes(100_000));
    expect(refused.length).toBeGreaterThan(0);
    rmSync(filler);
    for (let i = 0; i < 5; i++) await append();
    await journal.drained();
    const logged = await loggedIds(store);
    expect(logged.sort()).toEqual(promised.sort());
    expect(existsSync(filler)).toBe(false);
    await journal.close();
  }, 30_000);
});
