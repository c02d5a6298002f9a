import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type Client,
  createClient,
  type PhotoColumns,
  photoFlags,
  readPhotoIndex,
  splitOf,
} from '../../src/client/index.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import type { Photo } from '../support/photo-examples.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { unaudited } from '../support/unaudited.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** Data sets, photos and corrections, as a screen asks for them. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = new ScratchFolder();
let served: ServedApp;
let client: Client;
let viewer: Client;
let photos: Photo[];
let data: string;

async function run(): Promise<void> {
  const params = [`images=${folder.at('photos')}`, `corrections=${folder.at('corrections.jsonl')}`];
  await mitate('run', join(root, 'tests/e2e/looked-at.pipeline.ts'), ...params.flatMap((each) => ['--param', each]));
}

const mitate = (...args: string[]) =>
  promisify(execFile)(
    process.execPath,
    [...sourceFlags, join(root, 'src/cli/main.ts'), ...args, '--workspace', served.served.at('workspace')],
    { env: { ...process.env, MITATE_PROCESSES: '2' } },
  );

beforeAll(async () => {
  served = await ServedApp.open([], { env: { MITATE_DATA_ROOTS: folder.path } });
  client = createClient({ url: served.url, key: await served.makeKey('admin') });
  viewer = createClient({ url: served.url, key: await served.makeKey('predict') });
  photos = await drawnPhotos(80);
  for (const [i, { filename, bytes }] of photos.entries()) {
    const label = i === 0 || i === 5 ? photos[(i + 1) % 4]!.label : filename.split('/')[0];
    folder.write(`photos/${label}/${i}.jpg`, bytes);
  }
  const again = await sharp(photos[8]!.bytes).jpeg({ quality: 60 }).toBuffer();
  folder.write(`photos/${photos[8]!.label}/again.jpg`, again);
  folder.write(`photos/${photos[8]!.label}/broken.jpg`, Buffer.from('no photo'));
  await run();
  data = (await client.data.list({ newest: 'true' })).items[0]!.id;
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const columns = async (): Promise<PhotoColumns> => readPhotoIndex(await client.data.index(data));
const positionOf = async (bytes: Uint8Array) => {
  const { items } = await client.data.photos(data, { limit: 500 });
  return items.find((item) => item.sha256 === sha256(bytes))!;
};
const code = (error: { code: string }) => error.code;

describe('a data set over HTTP', () => {
  it('is listed with its photos, splits and labels', async () => {
    const [set] = (await client.data.list()).items;
    expect(set).toMatchObject({ photos: 81, labels: 4, rejected: 1, isNewest: true, pipeline: 'looked-at' });
    const detail = await client.data.get(data);
    expect(
      Object.values(detail.counts)
        .map((of) => of.train + of.eval + of.test)
        .reduce((a, b) => a + b),
    ).toBe(81);
    expect(detail.correctionsFile).toBe(folder.at('corrections.jsonl'));
    expect(detail.suspicious!.examined).toBe(81);
    await expect(client.data.get('nothing')).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  });

  it('has an index of ten bytes a photo that agrees with its pages', async () => {
    const buffer = await client.data.index(data);
    const index = readPhotoIndex(buffer);
    expect(index.count).toBe(81);
    expect(buffer.byteLength).toBeLessThan(81 * 10 + 300);
    const { items, total } = await client.data.photos(data, { limit: 500 });
    expect(total).toBe(81);
    expect(items.map(({ at }) => at)).toEqual(items.map((_, i) => i));
    expect(items.map(({ at }) => index.labels[index.label[at]!])).toEqual(items.map(({ label }) => label));
    expect(items.map(({ at }) => splitOf(index.flags[at]!))).toEqual(items.map(({ split }) => split));
    expect(items.map(({ at }) => index.group[at])).toEqual(items.map(({ group }) => group));
    const twins = items.filter(({ filename }) => /\/(8|again)\.jpg$/.test(filename));
    expect(twins[0]!.group).toBeGreaterThan(0);
    expect(twins[1]!.group).toBe(twins[0]!.group);
    expect((await client.data.photos(data, { group: twins[0]!.group })).items).toHaveLength(2);
    // a leaf is green rather than blue
    const [green, blue] = [1, 2].map((c) => items.reduce((sum, { at }) => sum + index.colour[3 * at + c]!, 0));
    expect(green).toBeGreaterThan(blue!);
  });

  it('answers 304 until somebody decides something', async () => {
    const ask = (etag?: string) =>
      served.ask('GET', `/api/v1/data/${data}/index`, {
        headers: { 'x-api-key': adminKey, ...(etag && { 'if-none-match': etag }) },
      });
    const adminKey = await served.makeKey('admin');
    const first = await ask();
    const etag = String(first.headers.etag);
    expect((await ask(etag)).statusCode).toBe(304);
    const { sha256: photo } = await positionOf(photos[20]!.bytes);
    const [kept] = await client.corrections.add({ data, photos: [{ sha256: photo, kind: 'keep' }] });
    expect((await ask(etag)).statusCode).toBe(200);
    await client.corrections.revert(kept!.id);
  });

  it('is paged and filtered', async () => {
    const label = photos[2]!.label;
    const pages = [];
    for (let cursor: string | undefined; ; ) {
      const page = await client.data.photos(data, { label, split: 'train', limit: 7, ...(cursor && { cursor }) });
      pages.push(...page.items);
      expect(page.total).toBe((await client.data.get(data)).counts[label]!.train);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(new Set(pages.map(({ at }) => at)).size).toBe(pages.length);
    expect(pages.every((photo) => photo.label === label && photo.split === 'train')).toBe(true);
    const some = await client.data.photos(data, { at: '5,3,80,5000' });
    expect(some.items.map(({ at }) => at)).toEqual([5, 3, 80]);
    await expect(client.data.photos(data, { cursor: 'x' })).rejects.toMatchObject({ code: 'HTTP_CURSOR_INVALID' });
    await expect(client.data.photos(data, { at: '1;2' })).rejects.toMatchObject({
      code: 'HTTP_REQUEST_INVALID',
    });
    expect((await client.data.photos(data, { label: 'no such label' })).total).toBe(0);
  });

  it('tells what was rejected, and shows statistics and anomalies', async () => {
    const rejected = await client.data.rejected(data);
    expect(rejected.items.map(({ filename }) => filename)).toEqual([`${photos[8]!.label}/broken.jpg`]);
    expect(rejected.codes).toEqual({ [rejected.items[0]!.code]: 1 });
    expect((await client.data.statistics(data)).splits.train!.count).toBeGreaterThan(50);
    expect((await client.data.anomalies(data)).format).toBe('mitate-anomalies/1');
  });

  it('is not shown to who may only predict', async () => {
    const asks = [
      viewer.data.list(),
      viewer.data.index(data),
      viewer.data.photo(sha256(photos[2]!.bytes)),
      viewer.corrections.list(),
    ];
    for (const asked of asks) expect(await asked.catch(code)).toBe('ACCESS_DENIED');
  });
});

describe('a photo over HTTP', () => {
  const image = async (bytes: Uint8Array, size: '160' | '320' | '1280' = '320') =>
    new Uint8Array(await (await client.data.image(sha256(bytes), { size, data })).arrayBuffer());

  it('comes as a small JPEG, never enlarged, from its file or from the copy in the data set', async () => {
    const one = await image(photos[3]!.bytes, '1280');
    expect(await sharp(one).metadata()).toMatchObject({ format: 'jpeg', width: 96, height: 96 });
    // its file is gone
    rmSync(folder.at(`photos/${photos[7]!.label}/7.jpg`));
    expect(await sharp(await image(photos[7]!.bytes)).metadata()).toMatchObject({ width: 96 });
    folder.write(`photos/${photos[7]!.label}/7.jpg`, photos[7]!.bytes);
    const unknown = client.data.image('0'.repeat(64), { data });
    expect(await unknown.catch(code)).toBe('PHOTO_UNKNOWN');
  });

  it('is not found from another project', async () => {
    const { store } = served.served;
    await unaudited(store).access.createProject({ name: 'roses', description: '' });
    const roses = createClient({ url: served.url, key: await served.makeKey('admin', null, 'roses') });
    const digest = sha256(photos[3]!.bytes);
    expect(await roses.data.image(digest).catch(code)).toBe('PHOTO_UNKNOWN');
    expect(await roses.data.image(digest, { data }).catch(code)).toBe('DATA_NOT_FOUND');
    expect(await roses.data.photo(digest).catch(code)).toBe('PHOTO_UNKNOWN');
    expect(await roses.data.index(data).catch(code)).toBe('DATA_NOT_FOUND');
    expect((await roses.data.list()).items).toEqual([]);
  });

  it('tells what is known of it, and which photos look like it', async () => {
    const digest = sha256(photos[8]!.bytes);
    const known = await client.data.photo(digest);
    expect(known.data).toMatchObject([{ examples: data, photo: { label: photos[8]!.label, sha256: digest } }]);
    const { items } = await client.data.neighbours(digest, { data, count: 3 });
    expect(items[0]!.filename).toBe(`${photos[8]!.label}/again.jpg`);
    expect(items.map(({ similarity }) => similarity)).toEqual(
      items.map(({ similarity }) => similarity).toSorted((a, b) => b - a),
    );
    const [label, other] = [photos[0]!.label, photos[1]!.label];
    const both = await client.data.neighbours(digest, { data, label, other, count: 2 });
    expect(both.items.map((item) => item.label).toSorted()).toEqual([label, label, other, other].toSorted());
    expect(await client.data.neighbours(digest, { data, label: 'none' }).catch(code)).toBe('RELABEL_LABEL_UNKNOWN');
  });
});

describe('corrections over HTTP', () => {
  it('find wrong labels in the list of suspicious ones, and mark the index', async () => {
    const { items, total } = await client.data.suspicious(data, { limit: 500 });
    expect(items).toHaveLength(total);
    const wrong = items.find(({ sha256: digest }) => digest === sha256(photos[0]!.bytes))!;
    expect(wrong.suspicious!.suggested).not.toBe(wrong.label);
    const margins = items.map(({ suspicious }) => suspicious!.margin);
    expect(margins).toEqual(margins.toSorted((a, b) => a - b));
    const { flags } = await columns();
    expect(flags[wrong.at]! & photoFlags.suspicious).toBe(photoFlags.suspicious);
    expect((await client.data.photos(data, { mark: 'suspicious', limit: 500 })).total).toBe(total);
  });

  it('are layers: the newest counts, one taken back lets the one before count again', async () => {
    const { at, sha256: photo, label: given } = await positionOf(photos[0]!.bytes);
    const right = photos[0]!.label;
    const [first] = await client.corrections.add({ data, photos: [{ sha256: photo, label: right }], why: 'I grew it' });
    expect(first).toMatchObject({ kind: 'label', given, label: right, why: 'I grew it', pipeline: 'looked-at' });
    const [second] = await client.corrections.add({ data, photos: [{ sha256: photo, kind: 'exclude' }] });
    const flagsNow = async () => (await columns()).flags[at]!;
    expect((await flagsNow()) & photoFlags.excluded).toBe(photoFlags.excluded);
    await client.corrections.revert(second!.id);
    expect((await flagsNow()) & (photoFlags.excluded | photoFlags.corrected)).toBe(photoFlags.corrected);
    expect((await client.data.photos(data, { mark: 'corrected' })).items).toMatchObject([
      { correction: { id: first!.id } },
    ]);
    const undecided = await client.data.suspicious(data, { decided: 'false' as never, limit: 500 });
    expect(undecided.items.map((item) => item.at)).not.toContain(at);
    expect(await client.corrections.revert(second!.id).catch(code)).toBe('CORRECTION_UNKNOWN');
    const all = (await client.corrections.list({ data, sha256: photo })).items;
    expect(all.map(({ id }) => id)).toEqual([second!.id, first!.id]);
    const standing = (await client.corrections.list({ data, standing: 'true' })).items;
    expect(standing.map(({ id }) => id)).toEqual([first!.id]);
  });

  it('are refused whole when one of them cannot be', async () => {
    const { sha256: photo } = await positionOf(photos[4]!.bytes);
    const add = (body: object) => client.corrections.add({ data, ...body } as never).catch(code);
    const known = { sha256: photo, kind: 'keep' };
    expect(await add({ photos: [known, { sha256: '1'.repeat(64), kind: 'keep' }] })).toBe('RELABEL_PHOTO_UNKNOWN');
    expect(await add({ photos: [{ sha256: photo, label: 'ｒｕｓｔ' }] })).toBe('RELABEL_LABEL_UNKNOWN');
    expect(await add({ photos: [known, known] })).toBe('HTTP_REQUEST_INVALID');
    expect(await add({ photos: [{ sha256: photo, kind: 'exclude', label: 'x' }] })).toBe('HTTP_REQUEST_INVALID');
    expect((await client.corrections.list({ sha256: photo })).items).toEqual([]);
  });

  it('become a new span with the next run, which leaves excluded photos out', async () => {
    const { sha256: gone } = await positionOf(photos[6]!.bytes);
    await client.corrections.add({ data, photos: [{ sha256: gone, kind: 'exclude' }] });
    const outside = await client.corrections.export({ data, to: '/etc/corrections.jsonl' }).catch(code);
    expect(outside).toBe('PLACE_OUTSIDE');
    const made = await client.corrections.export({ data });
    expect(made).toMatchObject({
      isRead: true,
      relabelled: 1,
      excluded: 1,
      changed: 2,
      file: folder.at('corrections.jsonl'),
    });
    expect(made.command).toContain('mitate run');
    const lines = readFileSync(folder.at('corrections.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ excluded }) => excluded)).toHaveLength(1);
    await run();
    const [newest, before] = (await client.data.list({ pipeline: 'looked-at' })).items;
    expect(before!.id).toBe(data);
    expect(newest).toMatchObject({ span: before!.span + 1, photos: 80 });
    const found = (await client.data.photo(sha256(photos[0]!.bytes))).data[0]!;
    expect(found).toMatchObject({ examples: newest!.id, photo: { label: photos[0]!.label } });
    expect(await client.data.image(gone, { data: newest!.id }).catch(code)).toBe('PHOTO_UNKNOWN');
    // it is what the new data set says anyway
    expect(await client.corrections.export({ data: newest!.id })).toMatchObject({ changed: 0, excluded: 1 });
  });

  it('a collection removes indexes of data sets that are gone', async () => {
    const indexes = served.served.at('workspace/cache/photo-index');
    mkdirSync(join(indexes, `${'0'.repeat(64)}-1`));
    const before = readdirSync(indexes).length;
    await mitate('gc', '--yes');
    expect(readdirSync(indexes)).toHaveLength(before - 1);
    expect((await client.data.photos(data)).total).toBe(81);
  });

  it('are erased with the photo, as are its small copies', async () => {
    const digest = sha256(photos[0]!.bytes);
    await client.data.image(digest, { data });
    const cache = served.served.at('workspace/cache/thumbnails');
    const copies = () =>
      readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes(digest));
    expect(copies()).not.toEqual([]);
    await mitate('log', 'erase', '--image', digest, '--why', 'asked', '--yes');
    expect(copies()).toEqual([]);
    expect((await client.corrections.list({ sha256: digest })).items).toEqual([]);
    expect(await client.data.photo(digest).catch(code)).toBe('PHOTO_UNKNOWN');
    expect(existsSync(folder.at('photos'))).toBe(true);
  });
});
