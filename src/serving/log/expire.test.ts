import { existsSync } from 'node:fs';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../../tests/support/request-record.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { localImages } from '../../store/images/image-store.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { archivePath, expireImages, expireMonths } from './expire.ts';

const change = { who: 'ann', why: 'test' };

describe('the request log', () => {
  const scratch = new ScratchFolder();
  let store: OpenStore;
  beforeAll(async () => {
    store = await openStore({ workspace: scratch.at('workspace') });
    await unaudited(store).access.createProject({ name: 'greenhouse', description: '' });
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
  });
  const log = (records: ReturnType<typeof requestRecord>[], imageKept = false) =>
    store.requests.ingest(
      'test',
      records.map((record) => JSON.stringify({ ...record, imageKept })),
      { segment: 1, offset: 0 },
    );

  it('lets old months go into Parquet files, a project each', async () => {
    await store.requests.makePartitions(new Date('2026-01-15T00:00:00Z'));
    const at = (day: string, project = 'default') =>
      requestRecord({ loggingTime: `2026-${day}T12:00:00.000Z`, project });
    const january = [at('01-01'), at('01-31'), at('01-20', 'greenhouse')];
    const february = at('02-01');
    await log([...january, february]);
    const expired = await expireMonths(store, new Date('2026-02-15T00:00:00Z'));
    const files = ['default', 'greenhouse'].map((project) => archivePath(store.workspace.log, project, '2026-01'));
    expect(expired).toEqual([{ month: '2026-01', rows: 3, files }]);
    const ids = async (file: string) =>
      (await parquetReadObjects({ file: await asyncBufferFromFile(file) })).map(({ public_id }) => public_id);
    expect(await ids(files[0]!)).toEqual([january[0]!.publicId, january[1]!.publicId]);
    expect(await ids(files[1]!)).toEqual([january[2]!.publicId]);
    expect(await store.requests.getRequest(january[0]!.publicId)).toBeNull();
    expect(await store.requests.getRequest(february.publicId)).not.toBeNull();
    expect(await expireMonths(store, new Date('2026-02-15T00:00:00Z'))).toEqual([]);
  });

  it('lets photos go when their endpoint has kept them for its days', async () => {
    const images = localImages(store.workspace.images);
    await unaudited(store).endpoints.createEndpoint('week', { ...change, settings: { imageRetentionDays: 7 } });
    await unaudited(store).endpoints.createEndpoint('ever', { ...change, settings: { imageRetentionDays: 0 } });
    const now = new Date('2027-06-20T00:00:00Z');
    const at = (endpoint: string, day: string) =>
      requestRecord({ endpoint, loggingTime: `2027-06-${day}T00:00:00.000Z` });
    const [old, young, ever] = [at('week', '01'), at('week', '19'), at('ever', '01')];
    await log([old, young, ever], true);
    for (const { imageSha256 } of [old, young, ever]) await images.put('default', imageSha256!, Buffer.from('photo'));
    expect(await expireImages(store, images, now)).toBe(1);
    expect(await images.get('default', old.imageSha256!)).toBeNull();
    expect(await images.get('default', young.imageSha256!)).not.toBeNull();
    expect((await store.requests.getRequest(old.publicId))?.imageKept).toBe(false);
    expect((await store.requests.getRequest(ever.publicId))?.imageKept).toBe(true);
    expect(existsSync(store.workspace.images)).toBe(true);
  });
});
