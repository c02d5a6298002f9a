import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestRecord } from '../../../tests/support/request-record.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import type { RequestRecord } from '../../contracts/request-record.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { recallAnswer } from './recall.ts';

const folder = temporaryFolder();
let store: OpenStore;
beforeAll(async () => {
  store = await openStore({ workspace: folder.path });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

let offset = 0;
async function log(records: RequestRecord[]): Promise<void> {
  await store.requests.ingest(
    'here',
    records.map((record) => JSON.stringify({ ...record, imageKept: false })),
    { segment: 1, offset: ++offset },
  );
}

/** As a request of so many photos is logged, which a shadow answers, too: in the order in which they were done. */
function rows(photos: number, key: string, requestId: string): RequestRecord[] {
  const base = { apiKeyId: 'phone', idempotencyKey: key, bodyDigest: 'd', requestId };
  return Array.from({ length: photos }, (_, i) => (7 * i) % photos).flatMap((instance) => {
    const answer = requestRecord({ ...base, instance });
    const response = { ...answer.response, id: answer.publicId } as RequestRecord['response'];
    return [requestRecord({ ...base, instance, shadowOf: answer.publicId, response: null }), { ...answer, response }];
  });
}

const recall = (key: string, photos: number) =>
  recallAnswer(
    store.requests,
    'phone',
    { key, method: 'predict', endpoint: rows(1, key, 'r')[0]!.endpoint, bodyDigest: 'd' },
    photos,
  );

it.each([1, 64, 300])('gives all of %i photos, in their order (of 64 with a shadow it gave 36)', async (photos) => {
  const logged = rows(photos, `all ${photos}`, `request ${photos}`);
  await log(logged);
  const expected = logged.filter(({ shadowOf }) => shadowOf === null).sort((a, b) => a.instance - b.instance);
  const found = await recall(`all ${photos}`, photos);
  expect(found?.predictions.map(({ id }) => id)).toEqual(expected.map(({ publicId }) => publicId));
  expect(found?.requestId).toBe(`request ${photos}`);
});

it('gives nothing of a request whose process died before all was logged, and the whole of the one after it', async () => {
  await log(rows(5, 'twice', 'died').slice(0, 4));
  expect(await recall('twice', 5)).toBeNull();
  await log(rows(5, 'twice', 'again'));
  expect((await recall('twice', 5))?.requestId).toBe('again');
  expect((await recall('twice', 5))?.predictions).toHaveLength(5);
});
