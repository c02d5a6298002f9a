import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LabelledRequests } from '../../tests/support/labelled-requests.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { smallPhoto } from '../../tests/support/small-photo.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { sha256 } from '../codecs/digest.ts';

let served: ServedApp;

beforeAll(async () => {
  served = await ServedApp.open([]);
  await unaudited(served.served.store).endpoints.createEndpoint('leaf', { who: 'test', why: 'test' });
  const requests = LabelledRequests.in(served.served.store);
  for (let seed = 0; seed < 4; seed++) await requests.answered(await smallPhoto(seed), seed % 2 ? 'healthy' : 'spot');
});
afterAll(async () => await served?.[Symbol.asyncDispose]());

it('100 parallel additions to a golden set fork two processes at a time, keep each photo once and whole, and refuse the rest', async () => {
  const headers = { 'x-api-key': await served.makeKey('operate') };
  const payload = { set: 'field', endpoint: 'leaf' };
  const forks = () => process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length;
  const before = forks();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, forks() - before)), 5);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => served.ask('POST', '/api/v1/golden', { headers, payload })),
  );
  clearInterval(watch);
  expect(most).toBeLessThanOrEqual(2);
  const added = answers.filter(({ statusCode }) => statusCode === 200);
  const refused = answers.filter(({ statusCode }) => statusCode !== 200);
  expect(added.length).toBe(22);
  for (const answer of refused) {
    expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'SERVER_BUSY']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  }
  expect(added.flatMap((answer) => answer.json().added)).toHaveLength(4);
  const photos = await served.served.store.golden.listPhotos('field');
  const folder = join(served.served.store.workspace.golden, 'default', 'field');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name).sort()).toEqual(photos.map(({ sha256 }) => `${sha256}.jpg`).sort());
  for (const { name, parentPath } of files) expect(`${sha256(readFileSync(join(parentPath, name)))}.jpg`).toBe(name);
}, 120_000);
