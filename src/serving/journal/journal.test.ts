import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../../tests/support/request-record.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { type ImageStore, localImages } from '../../store/images/image-store.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { openJournal } from './journal.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

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
  const open = (dir: string) => openJournal({ dir, requests: store.requests, images, source: 'test', logger: quiet });

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
    expect(readdirSync(dir).filter((name) => name.endsWith('.journal'))).toEqual([]);
  });
});
