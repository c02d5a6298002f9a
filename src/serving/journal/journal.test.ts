import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../../tests/support/request-record.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { type Logger, silentLogger } from '../../contracts/logger.ts';
import { MitateError } from '../../errors/index.ts';
import { type ImageStore, localImages } from '../../store/images/image-store.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { inspectJournal } from './inspect.ts';
import { openJournal } from './journal.ts';

describe('the journal', () => {
  const scratch = new ScratchFolder();
  let store: OpenStore;
  let images: ImageStore;
  beforeAll(async () => {
    store = await openStore({ workspace: scratch.at('workspace') });
    images = localImages(scratch.at('images'));
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
  });
  const open = (dir: string, logger: Logger = silentLogger) =>
    openJournal({ dir, requests: store.requests, images, source: 'test', logger });

  it('is refused to a second process, and goes on after a refused record', async () => {
    const dir = scratch.at('second');
    const errors: string[] = [];
    const logger = { ...silentLogger, error: (message: string) => void errors.push(message) };
    await using closing = { journal: await open(dir, logger), [Symbol.asyncDispose]: () => closing.journal.close() };
    await expect(open(dir)).rejects.toMatchObject({ code: 'WORKSPACE_LOCKED' });
    const records = [1, 2, 3].map((instance) => requestRecord({ endpoint: 'refused', instance }));
    // no such integer in PostgreSQL
    records[1]!.imageBytes = 2 ** 40;
    await closing.journal.append(records.map((record) => ({ record })));
    await closing.journal.drained();
    const logged = await store.requests.listRequests({ endpoint: 'refused' });
    expect(logged.map(({ instance }) => instance).sort()).toEqual([1, 3]);
    expect(readFileSync(join(dir, 'refused.jsonl'), 'utf8')).toContain(records[1]!.publicId);
    expect(errors.join('\n')).toMatch(/record refused by the database/);
  });

  it('holds more than fits into memory while the database is away, and loses nothing when it comes back', async () => {
    const dir = scratch.at('away');
    let isAway = true;
    const ingest: OpenStore['requests']['ingest'] = (...batch) =>
      isAway
        ? Promise.reject(new MitateError('DATABASE_STOPPED', { path: 'db', reason: 'test' }))
        : store.requests.ingest(...batch);
    const requests = { ...store.requests, ingest };
    const journal = await openJournal({ dir, requests, images, source: 'test', logger: silentLogger, drainEveryMs: 5 });
    const records = Array.from({ length: 60 }, (_, instance) => requestRecord({ endpoint: 'away', instance }));
    const image = randomBytes(1 << 20);
    for (const record of records) await journal.append([{ record, image }]);
    expect(journal.backlog.records).toBe(60);
    expect(journal.backlog.bytes).toBeGreaterThan(60 << 20);
    const state = () => inspectJournal(dir, (id) => store.requests.journalPosition(id));
    const behindSince = new Date(records[0]!.loggingTime);
    expect(await state()).toEqual({ behind: 60, behindSince, damaged: 0, refusedBytes: 0 });
    isAway = false;
    await journal.drained();
    const logged = await store.requests.listRequests({ endpoint: 'away' });
    expect(logged.map(({ instance }) => instance).sort((a, b) => a - b)).toEqual(
      records.map(({ instance }) => instance),
    );
    expect(journal.backlog).toEqual({ records: 0, bytes: 0 });
    expect(await state()).toEqual({ behind: 0, behindSince: null, damaged: 0, refusedBytes: 0 });
    await journal.close();
    expect(await inspectJournal(scratch.at('none'), async () => null)).toBeNull();
  }, 30_000);

  it('tries again when the photo of a record cannot be kept, and does not keep one that was erased', async () => {
    const dir = scratch.at('photos');
    let failures = 1;
    const put: ImageStore['put'] = async (...photo) => {
      if (failures-- > 0) throw new MitateError('DISK_FULL', { path: 'images' });
      await images.put(...photo);
    };
    const options = { dir, requests: store.requests, source: 'test', logger: silentLogger, drainEveryMs: 5 };
    const journal = await openJournal({ ...options, images: { ...images, put } });
    const [kept, erased] = [requestRecord({ endpoint: 'photos' }), requestRecord({ endpoint: 'photos' })];
    const change = { who: 'ann', why: 'asked to' };
    await unaudited(store).requests.eraseRequests({ publicIds: [], images: [erased.imageSha256!] }, change);
    await journal.append([kept, erased].map((record) => ({ record, image: Buffer.from('photo') })));
    await journal.close();
    expect(await images.get('default', kept.imageSha256!)).toEqual(Buffer.from('photo'));
    expect(await images.get('default', erased.imageSha256!)).toBeNull();
    expect((await store.requests.getRequest(kept.publicId))?.imageKept).toBe(true);
  });

  it('brings records and photos into database and image store, then deletes its segments', async () => {
    const dir = scratch.at('journal');
    const journal = await open(dir);
    const photos = Array.from({ length: 40 }, () => randomBytes(2_000));
    const records = photos.map((_, instance) => requestRecord({ endpoint: 'drained', instance }));
    await Promise.all(records.map((record, i) => journal.append([{ record, image: photos[i]! }])));
    expect(journal.backlog.records).toBeGreaterThan(0);
    await journal.drained();
    expect(journal.backlog).toEqual({ records: 0, bytes: 0 });
    const logged = await store.requests.listRequests({ endpoint: 'drained' });
    expect(logged.map(({ publicId }) => publicId).sort()).toEqual(records.map(({ publicId }) => publicId).sort());
    for (const { imageSha256, instance } of logged)
      expect(await images.get('default', imageSha256!)).toEqual(photos[instance]);
    await journal.close();
    const month = new Date().toISOString().slice(0, 7).replace('-', '_');
    expect((await store.requests.listPartitions()).map(({ name }) => name)).toContain(`fact_requests_${month}`);
    expect(readdirSync(dir).filter((name) => name.endsWith('.journal'))).toEqual([]);
  });
});
