import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { found } from '../../../tests/support/found.ts';
import { writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { halfBytes, writeReferenceModel } from '../../../tests/support/reference-model.ts';
import { registerModel } from '../../../tests/support/register-model.ts';
import { requestRecord } from '../../../tests/support/request-record.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { silentLogger } from '../../contracts/logger.ts';
import { Random } from '../../math/stats/random.ts';
import { localImages } from '../../store/images/image-store.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { alertGrid, alertPhotos } from './photos.ts';
import { raiseAlerts } from './raise.ts';

const scratch = new ScratchFolder();
const random = new Random('projections');
const projections = Array.from({ length: 4 }, () => Float32Array.from({ length: 64 }, () => random.normal()));
const [examples, model] = [scratch.at('examples'), scratch.at('model')];
let store: OpenStore;
/** Of the training photos. */
let trained: string[];
/** Two requests, both kept, that look like the first and the third training photo. */
let records: ReturnType<typeof requestRecord>[];

beforeAll(async () => {
  store = await openStore({ workspace: scratch.at('workspace') });
  const [photos, sent] = await Promise.all([drawnPhotos(4), drawnPhotos(2, { seed: 9 })]);
  trained = (await writePhotoExamples(examples, photos)).map(({ sha256 }) => sha256);
  writeReferenceModel(model, projections, trained);
  await registerModel(store, { name: 'leaf-health', uri: model, examples });
  records = [0, 2].map((row) =>
    requestRecord({ modelVersion: 1, projection: halfBytes(projections[row]!).toString('base64') }),
  );
  const rows = records.map((record) => JSON.stringify({ ...record, imageKept: true }));
  await store.requests.ingest('test', rows, { segment: 1, offset: 0 });
  for (const [i, { imageSha256 }] of records.entries())
    await localImages(store.workspace.images).put('default', imageSha256!, sent[i]!.bytes);
  await found(store, { monitor: 'm', day: 1, movers: records.map(({ publicId }) => publicId) });
  await raiseAlerts(store, { now: new Date('2026-03-02T00:00:00Z'), logger: silentLogger });
});
afterAll(async () => {
  await store?.[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

/** Each step takes more away, as days go by. */
describe('the photos of an alert', () => {
  const shown = async () =>
    (await alertPhotos(store, 'm')).map(({ requestId, isKept, nearest }) => ({
      requestId,
      isKept,
      nearest: nearest[0],
    }));
  const [first, second] = [0, 1];

  it('are there with the training photos nearest to them', async () => {
    expect(await shown()).toMatchObject([
      { requestId: records[first]!.publicId, isKept: true, nearest: { id: trained[0], isKept: true } },
      { requestId: records[second]!.publicId, isKept: true, nearest: { id: trained[2], isKept: true } },
    ]);
  });

  it('are left out when they were erased', async () => {
    const { publicId, imageSha256 } = records[first]!;
    await unaudited(store).requests.eraseRequests(
      { publicIds: [publicId], images: [imageSha256!] },
      { who: 'test', why: 'asked' },
    );
    await localImages(store.workspace.images).delete('default', imageSha256!);
    expect(await shown()).toMatchObject([{ requestId: records[second]!.publicId }]);
    expect((await alertGrid(store, 'm')).length).toBeGreaterThan(1_000);
  });

  it('stay when the Examples that the model learned from were collected', async () => {
    rmSync(examples, { recursive: true });
    expect(await shown()).toMatchObject([{ isKept: true, nearest: { id: trained[2], isKept: false } }]);
    expect((await alertGrid(store, 'm')).length).toBeGreaterThan(1_000);
  });

  it('stay when the model was collected', async () => {
    rmSync(model, { recursive: true });
    expect(await shown()).toEqual([{ requestId: records[second]!.publicId, isKept: true, nearest: undefined }]);
    expect((await alertGrid(store, 'm')).length).toBeGreaterThan(1_000);
  });

  it('are said to be gone when none of them is kept any more', async () => {
    await store.requests.forgetImages([records[second]!.imageSha256!]);
    await expect(alertGrid(store, 'm')).rejects.toThrow('did not keep them, or not so long');
    await unaudited(store).requests.eraseRequests(
      { publicIds: [records[second]!.publicId], images: [] },
      { who: 'test', why: '' },
    );
    await expect(alertGrid(store, 'm')).rejects.toThrow('their requests have left the log');
    expect(await shown()).toEqual([]);
  });
});
