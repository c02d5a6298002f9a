import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Imported } from '../../src/actions/workspace/data.ts';
import { frameRecord } from '../../src/artifacts/examples/tfrecord/frame.ts';
import { pixelBomb } from '../support/pixel-bomb.ts';
import { smallPhoto } from '../support/small-photo.ts';
import { writeZip } from '../support/write-zip.ts';
import { errorOf, Sandbox } from './cli.ts';

/** What ExampleGen is given by mistake or malice, through `mitate data import`. */
const sandbox = new Sandbox();
afterAll(() => sandbox[Symbol.dispose]());

let photos: Buffer[];
const text = (content: string) => new TextEncoder().encode(content);

/** A sound data set: 12 photos under each of two labels. */
function writeSound(folder: string): void {
  for (const [i, bytes] of photos.entries()) sandbox.write(`${folder}/${i % 2 ? 'healthy' : 'spot'}/${i}.jpg`, bytes);
}

beforeAll(async () => {
  photos = await Promise.all(Array.from({ length: 24 }, (_, seed) => smallPhoto(seed)));
  writeSound('sound');
  await sandbox.json('data', 'import', 'sound');
});

/** The import must fail with this code, cause and remedy. */
async function refused(source: string, code: string, said: RegExp): Promise<void> {
  const ran = await sandbox.mitate('data', 'import', source, '--json');
  const error = errorOf(ran);
  expect([ran.code, error.code]).toEqual([1, code]);
  expect(error.message).toMatch(said);
  expect(error.remedy.length).toBeGreaterThan(20);
}

const heic = () => Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), Buffer.alloc(64)]);

/** As a careless repair leaves it: decoders take it for a whole photo. */
const withEndMarker = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.of(0xff, 0xd9)]);

/** File name -> content and the code it is rejected with. */
const badFiles = (): Record<string, [Uint8Array, string]> => ({
  'truncated.jpg': [withEndMarker(photos[0]!.subarray(0, photos[0]!.length >> 1)), 'IMAGE_TRUNCATED'],
  'empty.jpg': [new Uint8Array(), 'IMAGE_EMPTY'],
  'bomb.png': [pixelBomb(), 'IMAGE_TOO_LARGE'],
  'drawing.jpg': [text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'IMAGE_SVG'],
  'page.jpg': [text('<!doctype html><title>404</title>'), 'IMAGE_HTML'],
  'phone.jpg': [heic(), 'IMAGE_HEIC'],
});

describe('files that are no photos', () => {
  it('land in the rejected list with a reason each; the rest goes on', async () => {
    writeSound('mixed');
    for (let i = 0; i < 100; i++)
      sandbox.write(`mixed/${i % 2 ? 'healthy' : 'spot'}/more-${i}.jpg`, await smallPhoto(100 + i));
    for (const [name, [bytes]] of Object.entries(badFiles())) sandbox.write(`mixed/spot/${name}`, bytes);
    const [{ run, rejected, statistics }] = (await sandbox.json<Imported>('data', 'import', 'mixed')) as [Imported];
    expect(run.state).toBe('succeeded');
    const codes = Object.fromEntries(rejected.map(({ filename, code }) => [filename.replace('spot/', ''), code]));
    expect(codes).toEqual(Object.fromEntries(Object.entries(badFiles()).map(([name, [, code]]) => [name, code])));
    expect(statistics!.rejected.count).toBe(rejected.length);
    const { stdout } = await sandbox.mitate('data', 'import', 'mixed');
    expect(stdout).toContain('spot/page.jpg: The image is a web page (HTML).');
  });

  it('more than 5 % of them is an error', async () => {
    writeSound('worse');
    for (const [name, [bytes]] of Object.entries(badFiles())) sandbox.write(`worse/spot/${name}`, bytes);
    await refused('worse', 'SOURCE_TOO_MANY_REJECTED', /6 of 30 files rejected, limit 5 %/);
  });

  it('only HEIC says how to get JPEG', async () => {
    for (const label of ['a', 'b']) sandbox.write(`heic/${label}/1.heic`, heic());
    await refused('heic', 'SOURCE_TOO_MANY_REJECTED', /HEIC.*Most Compatible/s);
  });
});

describe('folders', () => {
  it('no such folder, no photos, no labels, one label, a label of one photo', async () => {
    await refused('nowhere', 'SOURCE_NOT_FOUND', /nowhere: no such file or folder/);
    mkdirSync(sandbox.at('empty'));
    await refused('empty', 'SOURCE_EMPTY', /no photos found/);
    for (const [i, bytes] of photos.entries()) sandbox.write(`flat/${i}.jpg`, bytes);
    await refused('flat', 'SOURCE_UNLABELLED', /24 photos are not in a label folder/);
    cpSync(sandbox.at('sound/spot'), sandbox.at('one/spot'), { recursive: true });
    await refused('one', 'SOURCE_SINGLE_LABEL', /only "spot"/);
    writeSound('lone');
    sandbox.write('lone/rare/1.jpg', await smallPhoto(99));
    await refused('lone', 'SPLIT_TOO_SMALL', /"rare"/);
  });

  it('the same photo under two labels is an anomaly, not a silent pick', async () => {
    writeSound('twice');
    sandbox.write('twice/healthy/copy.jpg', photos[0]!);
    const [{ anomalies }] = (await sandbox.json<Imported>('data', 'import', 'twice')) as [Imported];
    expect(anomalies!.anomalies.map(({ code }) => code)).toContain('LABEL_CONFLICT');
  });

  it.skipIf(process.getuid?.() === 0)('an unreadable folder', async () => {
    writeSound('locked');
    chmodSync(sandbox.at('locked/spot'), 0);
    try {
      await refused('locked', 'SOURCE_UNREADABLE', /spot/);
    } finally {
      chmodSync(sandbox.at('locked/spot'), 0o755);
    }
  });
});

describe('archives', () => {
  it.each([
    ['../', () => [{ name: '../../evil/1.jpg', data: photos[0]! }], 'SOURCE_ZIP_UNSAFE', /evil/],
    [
      'a link',
      () => [{ name: 'a/l.jpg', data: text('/etc/passwd'), mode: 0o120777 }],
      'SOURCE_ZIP_UNSAFE',
      /symbolic link/,
    ],
    [
      '100,000 entries',
      () => Array.from({ length: 100_000 }, (_, i) => ({ name: `a/${i}.jpg`, data: new Uint8Array() })),
      'SOURCE_TOO_MANY_ENTRIES',
      /entries/,
    ],
    [
      'a bomb',
      () => [{ name: 'a/1.jpg', data: Buffer.alloc(80 << 20) }],
      'SOURCE_TOO_MANY_REJECTED',
      /larger than \d+ bytes/,
    ],
  ] as const)('ZIP with %s', async (name, entries, code, said) => {
    const file = `${name.replace(/\W/g, '')}.zip`;
    sandbox.write(file, writeZip([...entries()]));
    await refused(file, code, said);
  });

  it('a ZIP that was cut off, and a file of another kind', async () => {
    const zip = writeZip([{ name: 'a/1.jpg', data: photos[0]! }]);
    sandbox.write('cut.zip', zip.subarray(0, zip.length - 30));
    await refused('cut.zip', 'SOURCE_ZIP_CORRUPT', /cut\.zip/);
    sandbox.write('notes.doc', text('notes'));
    await refused('notes.doc', 'SOURCE_KIND_UNKNOWN', /expected a folder, ZIP, CSV, JSONL or TFRecord/);
  });

  it('TFRecord with a wrong checksum, and with a length past the end', async () => {
    const record = Buffer.from(frameRecord(new Uint8Array(100)));
    const flipped = Buffer.from(record);
    flipped[50]! ^= 1;
    sandbox.write('flipped.tfrecord', flipped);
    await refused('flipped.tfrecord', 'SOURCE_TFRECORD_CORRUPT', /record 0 at byte 0: wrong checksum of the data/);
    sandbox.write('short.tfrecord', record.subarray(0, 60));
    await refused('short.tfrecord', 'SOURCE_TFRECORD_CORRUPT', /100 bytes, past the end/);
  });
});

describe('manifests', () => {
  it.each([
    ['column.csv', 'path,klass\na.jpg,x\n', 'MANIFEST_COLUMN_MISSING', /expected a column "label"/],
    ['outside.csv', 'path,label\n../../etc/passwd,x\n', 'MANIFEST_PATH_OUTSIDE', /line 2/],
    ['url.csv', 'url,label\nhttps://example.com/1.jpg,x\n', 'URL_NOT_ALLOWED', /example\.com/],
    ['broken.jsonl', '{"path":"a.jpg"\n', 'MANIFEST_INVALID', /line 1/],
    ['header.csv', 'path,label\n', 'SOURCE_EMPTY', /no photos/],
  ])('%s', async (name, content, code, said) => {
    sandbox.write(name, content);
    await refused(name, code, said);
  });
});

it('none of it lost what was stored before', async () => {
  const before = await sandbox.json('data', 'stats', 'sound');
  const [imported] = await sandbox.json<Imported>('data', 'import', 'sound');
  expect(imported!.run.steps.map(({ state }) => state)).toEqual(['cached', 'cached', 'cached', 'cached']);
  expect([imported!.statistics]).toEqual(before);
  expect(readdirSync(sandbox.at('.mitate/artifacts'))).toContain('data-sound');
  expect(readFileSync(sandbox.at('sound/spot/0.jpg')).equals(photos[0]!)).toBe(true);
  rmSync(sandbox.at('mixed'), { recursive: true });
});
