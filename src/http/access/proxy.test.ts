import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../../tests/support/served-app.ts';
import { trainedModels } from '../../../tests/support/trained-models.ts';
import { newKey } from '../../codecs/key-format.ts';

const folder = new ScratchFolder();
let served: ServedApp;
let photos: Uint8Array[];

beforeAll(async () => {
  photos = (await drawnPhotos(2)).map(({ bytes }) => bytes);
  served = await ServedApp.open(await trainedModels(folder.path, 1), { env: { MITATE_TRUST_PROXY: '10.0.0.0/8' } });
  const key = await served.makeKey('admin');
  const changed = await served.ask('PATCH', '/api/v1/endpoints/leaf', {
    headers: { 'x-api-key': key },
    payload: { settings: { public: true } },
  });
  expect(changed.statusCode).toBe(200);
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** Through a proxy at `peer`, which says whom it forwards. */
const from = (client: string, { peer = '10.1.2.3' } = {}) => ({
  remoteAddress: peer,
  headers: { 'x-forwarded-for': client },
});

async function predict(photo: Uint8Array, via: ReturnType<typeof from>) {
  const { statusCode, body } = await served.app.inject({
    method: 'POST',
    url: '/api/v1/endpoints/leaf:predict',
    remoteAddress: via.remoteAddress,
    headers: { ...via.headers, 'content-type': 'image/jpeg', 'idempotency-key': 'photo-1' },
    payload: Buffer.from(photo),
  });
  return { statusCode, body: JSON.parse(body) };
}

async function guess(via: ReturnType<typeof from>): Promise<number> {
  const headers = { ...via.headers, 'x-api-key': newKey().key };
  return (await served.app.inject({ url: '/api/v1/me', remoteAddress: via.remoteAddress, headers })).statusCode;
}

describe('clients of a trusted proxy', () => {
  it('without a key have idempotency keys of their own (they met in one space)', async () => {
    const mine = await predict(photos[0]!, from('192.0.2.1'));
    const theirs = await predict(photos[1]!, from('192.0.2.2'));
    expect([mine.statusCode, theirs.statusCode]).toEqual([200, 200]);
    expect((await predict(photos[0]!, from('192.0.2.1'))).body).toEqual(mine.body);
    const other = await predict(photos[1]!, from('192.0.2.1'));
    expect([other.statusCode, other.body.error.code]).toEqual([422, 'IDEMPOTENCY_CONFLICT']);
  });

  it('are limited by their own address (one guesser behind a proxy stopped all others)', async () => {
    const guesses = await Promise.all(Array.from({ length: 130 }, () => guess(from('198.51.100.7'))));
    expect(guesses).toContain(429);
    expect(await guess(from('198.51.100.8'))).toBe(401);
  });

  it('are not believed when nobody said that the peer is a proxy', async () => {
    const guesses = Array.from({ length: 130 }, (_, i) => guess(from(`198.51.100.${i}`, { peer: '203.0.113.9' })));
    expect(await Promise.all(guesses)).toContain(429);
  });
});
