import { appendFile, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelBomb } from '../../tests/support/pixel-bomb.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { smallPhoto } from '../../tests/support/small-photo.ts';
import { tester } from '../../tests/support/tester.ts';
import { erase } from '../actions/erasure/erase.ts';
import { confinePlace } from '../actions/places/confine.ts';
import { expire } from '../actions/requests/expire.ts';
import { addUploadedPhoto } from '../actions/uploads/add-photo.ts';
import { UploadIndexes, uploadAt } from '../actions/uploads/upload-folder.ts';
import { type Client, createClient } from '../client/index.ts';
import { sha256 } from '../codecs/digest.ts';
import { dayMs } from '../codecs/duration.ts';
import { resolveConfig } from '../config/config.ts';
import { openSource } from '../sources/open-source.ts';

let served: ServedApp;
let client: Client;
let reader: Client;

beforeAll(async () => {
  served = await ServedApp.open([]);
  client = createClient({ url: served.url, key: await served.makeKey('operate') });
  reader = createClient({ url: served.url, key: served.key });
});
afterAll(async () => await served?.[Symbol.asyncDispose]());

const photo = async (seed: number) => new Uint8Array(await smallPhoto(seed));
const begin = async (name = 'greenhouse') => (await client.uploads.create({ name })).id;
const codeOf = async (asked: Promise<unknown>) =>
  await asked.then(
    () => null,
    ({ code }) => code,
  );
const names = async (source: string) => {
  const found = [];
  for await (const { filename, label } of openSource(source)) found.push(`${label} ${filename}`);
  return found;
};

describe('an upload', () => {
  it('is a source like any other once it is finished: a folder per label, inside what the project may name', async () => {
    const id = await begin();
    await client.uploads.add(id, 'rust/é.jpg', await photo(1));
    await client.uploads.add(id, 'rust/2.jpg', await photo(2));
    await client.uploads.add(id, 'well/a/3.jpg', await photo(3));
    expect(await client.uploads.get(id)).toMatchObject({ name: 'greenhouse', photos: 3, finishedAt: null });
    const { source, labels, finishedAt } = await client.uploads.finish(id);
    expect(finishedAt).not.toBeNull();
    expect(labels).toEqual([
      { label: 'rust', split: null, photos: 2 },
      { label: 'well', split: null, photos: 1 },
    ]);
    expect(await names(source)).toEqual(['rust rust/2.jpg', 'rust rust/é.jpg', 'well well/a/3.jpg']);
    const config = resolveConfig({
      flags: { workspace: served.served.store.workspace.dir },
      env: {},
      cwd: '/',
      isTty: false,
    });
    expect(await confinePlace({ config, project: 'default' }, source)).toBe(source);
    await expect(confinePlace({ config, project: 'other' }, source)).rejects.toMatchObject({ code: 'PLACE_OUTSIDE' });
    expect(await codeOf(client.uploads.add(id, 'rust/4.jpg', await photo(4)))).toBe('UPLOAD_FINISHED');
    expect(await codeOf(client.uploads.finish(id))).toBe('UPLOAD_FINISHED');
  });

  it('goes on where it stopped: the same photo again changes nothing, and the list says what is there', async () => {
    const id = await begin();
    const bytes = await photo(1);
    expect(await client.uploads.add(id, 'rust/1.jpg', bytes)).toMatchObject({ repeated: false, sha256: sha256(bytes) });
    expect(await client.uploads.add(id, 'rust/1.jpg', bytes)).toMatchObject({ repeated: true });
    const more = Array.from({ length: 12 }, (_, i) => i + 2);
    await Promise.all(more.map(async (i) => await client.uploads.add(id, `well/${i}.jpg`, await photo(i))));
    const first = await client.uploads.photos(id, { limit: 3 });
    const rest = await client.uploads.photos(id, { limit: 100, cursor: first.nextCursor! });
    const paths = [...first.items, ...rest.items].map(({ path }) => path).sort();
    expect(paths).toEqual(['rust/1.jpg', ...more.map((i) => `well/${i}.jpg`)].sort());
    expect((await client.uploads.list()).items[0]).toMatchObject({ id, photos: 13 });
  });

  it('goes on after a server that died while it wrote a line of the index', async () => {
    const id = await begin();
    await client.uploads.add(id, 'rust/1.jpg', await photo(1));
    const { index } = uploadAt(served.served.store, id);
    await appendFile(index, '{"path":"rust/2.jpg","sha');
    const again = await client.uploads.add(id, 'rust/2.jpg', await photo(2));
    expect(again).toMatchObject({ path: 'rust/2.jpg' });
    await client.uploads.add(id, 'rust/3.jpg', await photo(3));
    const { items } = await client.uploads.photos(id);
    expect(items.map(({ path }) => path)).toEqual(['rust/1.jpg', 'rust/2.jpg', 'rust/3.jpg']);
  });

  it('refuses what is no photo, what is too large, and names that lead out of it or are taken', async () => {
    const id = await begin();
    const bytes = await photo(1);
    const add = async (path: string, content: Uint8Array<ArrayBuffer> = bytes) =>
      await codeOf(client.uploads.add(id, path, content));
    expect(await add('rust/1.jpg', new TextEncoder().encode('<script>alert(1)</script>'))).toBe('IMAGE_HTML');
    expect(await add('rust/1.jpg', new Uint8Array(0))).toBe('IMAGE_EMPTY');
    expect(await add('rust/bomb.png', new Uint8Array(pixelBomb()))).toBe('IMAGE_TOO_LARGE');
    expect(await add('rust/huge.jpg', new Uint8Array(20 * 2 ** 20 + 1))).toBe('HTTP_BODY_TOO_LARGE');
    for (const path of [
      '../1.jpg',
      'rust/../../1.jpg',
      '/etc/1.jpg',
      'rust//1.jpg',
      'rust\\1.jpg',
      'rust/a\u202Eb.jpg',
    ])
      expect(await add(path), path).toBe('UPLOAD_PATH_INVALID');
    // an import would pass over them, or read them as something else
    for (const path of ['.hidden/1.jpg', 'mitate-attributes.jsonl', 'rust/labels.csv'])
      expect(await add(path), path).toBe('UPLOAD_PATH_INVALID');
    expect(await add('rust/1.jpg')).toBeNull();
    expect(await add('rust/1.jpg', await photo(2))).toBe('UPLOAD_NAME_TAKEN');
    expect(await add('rust', await photo(2))).toBe('UPLOAD_NAME_TAKEN');
    expect(await add('rust/1.jpg/2.jpg', await photo(2))).toBe('UPLOAD_NAME_TAKEN');
    expect((await client.uploads.get(id)).photos).toBe(1);
  });

  it('is not finished without photos, without labels, or with folders that are labels and splits', async () => {
    const id = await begin();
    expect(await codeOf(client.uploads.finish(id))).toBe('SOURCE_EMPTY');
    await client.uploads.add(id, '1.jpg', await photo(1));
    expect(await codeOf(client.uploads.finish(id))).toBe('SOURCE_UNLABELLED');
    await client.uploads.add(id, 'train/rust/2.jpg', await photo(2));
    await client.uploads.add(id, 'test/rust/3.jpg', await photo(3));
    await client.uploads.add(id, 'well/4.jpg', await photo(4));
    expect(await codeOf(client.uploads.finish(id))).toBe('SOURCE_SPLITS_MIXED');
  });

  it('stops while the disk has little space left, and keeps what came', async () => {
    const id = await begin();
    await client.uploads.add(id, 'rust/1.jpg', await photo(1));
    const spaceOf = async () => ({ freeBytes: 2 ** 30, sizeBytes: 2 ** 40 });
    const given = { path: 'rust/2.jpg', bytes: await photo(2) };
    const adding = addUploadedPhoto(served.served.store, id, given, { indexes: new UploadIndexes(), spaceOf });
    await expect(adding).rejects.toMatchObject({ code: 'UPLOAD_DISK_FULL' });
    expect((await client.uploads.get(id)).photos).toBe(1);
    expect(await client.uploads.add(id, 'rust/2.jpg', await photo(2))).toMatchObject({ repeated: false });
  });

  it('is found by no other project and no made-up id, and is changed by nobody who only reads', async () => {
    const id = await begin();
    for (const each of ['x', `${id}0`, id.replace(/./, (c) => (c === '0' ? '1' : '0'))])
      expect(await codeOf(client.uploads.get(each)), each).toBe('UPLOAD_UNKNOWN');
    expect(await codeOf(reader.uploads.create({ name: 'x' }))).toBe('ACCESS_DENIED');
    expect(await codeOf(reader.uploads.add(id, 'rust/1.jpg', await photo(1)))).toBe('ACCESS_DENIED');
    expect(await codeOf(reader.uploads.list())).toBe('ACCESS_DENIED');
  });

  it('loses photos that are erased, which may not come back; and all of them when it is removed', async () => {
    const id = await begin();
    const [gone, stays] = [await photo(71), await photo(72)];
    await client.uploads.add(id, 'rust/1.jpg', gone);
    await client.uploads.add(id, 'rust/2.jpg', stays);
    const erased = await erase(served.served.store, { image: sha256(gone), actor: tester, why: 'asked for' });
    expect(erased.copies.map((path) => path.split('/').slice(-2).join('/'))).toEqual(['rust/1.jpg']);
    const { photos, source } = await client.uploads.get(id);
    expect(photos).toBe(1);
    expect(await readdir(join(source, 'rust'))).toEqual(['2.jpg']);
    expect(await codeOf(client.uploads.add(id, 'rust/1.jpg', gone))).toBe('UPLOAD_PHOTO_ERASED');
    await client.uploads.remove(id);
    expect(await codeOf(client.uploads.get(id))).toBe('UPLOAD_UNKNOWN');
    await expect(readdir(source)).rejects.toThrow('ENOENT');
  });

  it('is swept when nothing came for a week, unless it is finished', async () => {
    const [left, done] = [await begin('left'), await begin('done')];
    for (const id of [left, done]) await client.uploads.add(id, 'rust/1.jpg', await photo(1));
    const { source } = await client.uploads.finish(done);
    const ago = new Date(Date.now() - 8 * dayMs);
    for (const folder of [source.replace(done, left), source]) await utimes(join(folder, '../photos.jsonl'), ago, ago);
    const { uploads } = await expire(served.served.store, { logMonths: 0, historyDays: 0, auditDays: 0 });
    expect(uploads).toBe(1);
    expect(await codeOf(client.uploads.get(left))).toBe('UPLOAD_UNKNOWN');
    expect((await client.uploads.get(done)).photos).toBe(1);
  });

  it('is one of at most twenty that nobody finished', async () => {
    for (;;) {
      const code = await codeOf(client.uploads.create({ name: 'more' }));
      if (code === null) continue;
      expect(code).toBe('UPLOADS_TOO_MANY');
      break;
    }
    const { items } = await client.uploads.list({ limit: 100 });
    expect(items.filter(({ finishedAt }) => finishedAt === null)).toHaveLength(20);
  });
});
