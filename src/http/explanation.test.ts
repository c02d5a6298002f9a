import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';
import { createClient } from '../client/index.ts';
import { localImages } from '../store/images/image-store.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const models = new ScratchFolder();
let served: ServedApp;
let client: ReturnType<typeof createClient>;
let photo: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const [uris, drawn] = await Promise.all([trainedModels(models.path, 1), drawnPhotos(1, { seed: 9 })]);
  photo = Uint8Array.from(drawn[0]!.bytes);
  served = await ServedApp.open(uris);
  client = createClient({ url: served.url, key: await served.makeKey('operate') });
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  models[Symbol.dispose]();
});

let segment = 0;
async function logged(change: Parameters<typeof requestRecord>[0], imageKept: boolean): Promise<string> {
  const record = requestRecord({ modelName: 'leaf', modelVersion: 1, ...change });
  const { store } = served.served;
  await store.requests.ingest('test', [JSON.stringify({ ...record, imageKept })], { segment: ++segment, offset: 0 });
  if (imageKept) await localImages(store.workspace.images).put('default', record.imageSha256!, photo);
  return record.publicId;
}

describe('the heat map of a logged prediction', () => {
  it('is that of a fresh explanation, of the label that was answered, and adds nothing to the log', async () => {
    const fresh = await client.explain('leaf', photo);
    const entries = served.served.sink.entries.length;
    const kept = await client.requests.explanation(await logged({ label: fresh.prediction.label }, true));
    const { grid, height, width } = fresh;
    expect(kept).toMatchObject({ label: fresh.prediction.label, height, width, grid });
    // the label that it leaned to
    const leaning = fresh.prediction.label;
    const unsure = { label: 'uncertain', response: { label: 'uncertain', leaning } };
    expect(await client.requests.explanation(await logged(unsure, true))).toEqual(kept);
    expect(served.served.sink.entries).toHaveLength(entries);
  });

  it('is refused without the photo or the version, and to those who may not see photos', async () => {
    const ask = async (id: string) => client.requests.explanation(id).catch(({ code }) => code);
    expect(await ask(await logged({}, false))).toBe('REVIEW_PHOTO_GONE');
    expect(await ask(await logged({ modelVersion: 7 }, true))).toBe('DEPLOYMENT_NOT_READY');
    expect(await ask('00000000-0000-7000-8000-000000000000')).toBe('REQUEST_UNKNOWN');
    const { statusCode } = await served.ask('GET', `/api/v1/requests/${await logged({}, true)}/explanation`);
    expect(statusCode).toBe(403);
  });
});
