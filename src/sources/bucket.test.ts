import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BucketServer, refuse } from '../../tests/support/bucket-server.ts';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { runExampleGen } from '../../tests/support/run-example-gen.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { fingerprint } from '../pipeline/example-gen/fingerprint.ts';
import { exampleGenSpec } from '../pipeline/example-gen/spec.ts';

const source = 's3://leaves/photos';
const photos = await drawnPhotos(40, { size: 48, labels: 2 });
let server: BucketServer;
let scratch: ScratchFolder;
beforeEach(async () => {
  scratch = new ScratchFolder();
  server = await BucketServer.open();
  for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
  for (const { label, filename, bytes } of photos) server.put(`photos/${label}/${base(filename)}`, bytes);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

const base = (filename: string) => filename.split('/').at(-1)!;
const gets = () => server.asked.filter((each) => each !== 'LIST').length;
const fingerprintNow = () =>
  fingerprint(exampleGenSpec.parameters.parse({ source }), {
    cacheDir: scratch.at('cache'),
    signal: new AbortController().signal,
    golden: { photos: async () => [], fileOf: () => '' },
  });

describe('photos in a bucket', () => {
  it('give the same examples as the same photos in a folder', async () => {
    const folder = scratch.at('photos');
    for (const { label, filename, bytes } of photos) {
      const path = join(folder, label, base(filename));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    for (const key of ['photos/notes.txt', 'photos/.trash/x.jpg']) server.put(key, 'x');
    const fromFolder = await runExampleGen(scratch, { source: folder });
    const fromBucket = await runExampleGen(scratch, { source });
    expect(fromBucket.examples).toEqual(fromFolder.examples);
    expect(fromBucket.rejected).toEqual([]);
  });

  it('are downloaded once; new or changed ones again', async () => {
    await runExampleGen(scratch, { source });
    expect(gets()).toBe(40);
    await runExampleGen(scratch, { source });
    expect(gets()).toBe(40);
    const [first, second] = photos;
    server.put(`photos/${first!.label}/${base(first!.filename)}`, second!.bytes);
    server.put(`photos/${first!.label}/new.jpg`, first!.bytes);
    const { examples } = await runExampleGen(scratch, { source });
    expect(gets()).toBe(42);
    expect(examples.map(({ filename }) => filename)).toContain(`${first!.label}/new.jpg`);
  });

  it('are downloaded again when the cached file is corrupt or missing', async () => {
    await runExampleGen(scratch, { source });
    const kept = readdirSync(scratch.at('cache'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath.includes('buckets'))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(kept).toHaveLength(40);
    truncateSync(kept[0]!, 10);
    rmSync(kept[1]!);
    const { examples } = await runExampleGen(scratch, { source });
    expect(examples).toHaveLength(40);
    expect(gets()).toBe(42);
  });

  it('show by their ETags whether something changed, without being read', async () => {
    const before = await fingerprintNow();
    expect(gets()).toBe(0);
    for (const [key, { bytes }] of [...server.objects]) server.put(key, bytes, new Date(0));
    expect(await fingerprintNow()).toBe(before);
    server.put('photos/healthy/new.jpg', photos[0]!.bytes);
    expect(await fingerprintNow()).not.toBe(before);
  });

  it('that change or disappear while being read are rejected by name', async () => {
    const [gone] = [...server.objects.keys()];
    let came = 0;
    server.interfere = () => {
      if (++came === 2) server.objects.delete(gone!);
      return false;
    };
    // the first one asked for is the first in order
    const { examples, rejected } = await runExampleGen(scratch, { source, maxRejectedShare: 0.5 });
    expect(rejected).toMatchObject([{ code: 'SOURCE_CHANGED', message: expect.stringContaining(base(gone!)) }]);
    expect(examples).toHaveLength(39);
  });

  it('with an unsafe key are rejected; too large ones are not downloaded', async () => {
    server.put('photos/healthy/../../1.jpg', photos[0]!.bytes);
    server.put('photos/healthy/huge.jpg', Buffer.alloc(64 * 2 ** 20 + 1));
    const { rejected } = await runExampleGen(scratch, { source, maxRejectedShare: 0.1 });
    expect(rejected.map(({ code }) => code).sort()).toEqual(['BUCKET_KEY_UNSAFE', 'SOURCE_FILE_TOO_LARGE']);
    expect(gets()).toBe(40);
  });

  it('stop the run when the storage denies access', async () => {
    server.interfere = (request, response) => {
      if (request.url!.includes('list-type')) return false;
      refuse(response, 403, 'AccessDenied');
      return true;
    };
    const run = runExampleGen(scratch, { source, maxRejectedShare: 1 });
    await expect(run).rejects.toMatchObject({ code: 'BUCKET_DENIED' });
    expect(gets()).toBeLessThanOrEqual(8);
  });

  it.each([
    ['nothing lies there', 's3://leaves/photo', {}, 'SOURCE_EMPTY'],
    ['they lie there without a label', 's3://leaves/photos/healthy', {}, 'SOURCE_UNLABELLED'],
    ['there are more than allowed', source, { maxEntries: 39 }, 'SOURCE_TOO_MANY_ENTRIES'],
    ['they are larger than allowed', source, { maxBytes: 10_000 }, 'SOURCE_TOO_LARGE'],
    ['spans are asked for', 's3://leaves/{SPAN}', {}, 'BUCKET_PLACE_INVALID'],
  ])('are not read when %s', async (_, place, limits, code) => {
    const { label } = photos[0]!;
    const where = place.replace('healthy', label);
    await expect(runExampleGen(scratch, { source: where, limits })).rejects.toMatchObject({ code });
    expect(gets()).toBe(0);
  });
});
