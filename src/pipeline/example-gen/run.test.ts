import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasRealData, realFolder } from '../../../tests/support/real-data.ts';
import { runExampleGen } from '../../../tests/support/run-example-gen.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { smallPhoto } from '../../../tests/support/small-photo.ts';
import { writeZip } from '../../../tests/support/write-zip.ts';
import { readImages } from '../../artifacts/examples/read-examples.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { writeSample } from '../../vision/sample/write-sample.ts';
import { fingerprint } from './run.ts';
import { exampleGenSpec } from './spec.ts';

/** `count` photos in each of the labels. */
async function writePhotos(scratch: ScratchFolder, folder: string, labels: string[], count: number, from = 0) {
  for (const [k, label] of labels.entries()) {
    for (let i = from; i < from + count; i++) {
      scratch.write(`${folder}/${label}/${i}.jpg`, await smallPhoto(10_000 * k + i));
    }
  }
  return scratch.at(folder);
}

const splitOf = (examples: Example[]) => new Map(examples.map(({ sha256, split }) => [sha256, split]));
const labels = ['healthy', 'unwell'];

function filesBelow(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length), readFileSync(path)]),
  );
}

describe('ExampleGen', () => {
  it('turns drawn leaves into examples that are read back unchanged', async () => {
    using scratch = new ScratchFolder();
    await writeSample(scratch.at('leaves'), { photos: 40, seed: 1, size: 96 });
    const { uri, summary, examples, rejected, result } = await runExampleGen(scratch, { source: scratch.at('leaves') });
    expect([examples.length, rejected.length]).toEqual([40, 0]);
    expect(summary.labels).toEqual([...summary.labels].sort());
    for (const label of summary.labels) {
      for (const split of ['train', 'eval', 'test'] as const) expect(summary.counts[label]?.[split]).toBeGreaterThan(0);
    }
    expect(result.properties?.examples).toMatchObject({ span: 0, version: 0, split_names: '["train","eval","test"]' });
    expect(existsSync(join(uri, '.spool'))).toBe(false);
    let photos = 0;
    for (const split of ['train', 'eval', 'test'] as const) {
      for await (const { example, image } of readImages(uri, split)) {
        expect(Buffer.from(image)).toEqual(readFileSync(scratch.at('leaves', example.filename)));
        photos++;
      }
    }
    expect(photos).toBe(40);
  });

  it('gives the same bytes again, with an empty cache and from another folder', async () => {
    using scratch = new ScratchFolder();
    using elsewhere = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', labels, 12);
    const copy = await writePhotos(elsewhere, 'copied', labels, 12);
    const [one, again, other] = [
      await runExampleGen(scratch, { source }),
      await runExampleGen(scratch, { source }),
      await runExampleGen(elsewhere, { source: copy }),
    ];
    expect(filesBelow(again.uri)).toEqual(filesBelow(one.uri));
    expect(filesBelow(other.uri)).toEqual(filesBelow(one.uri));
  });

  it('gives the same examples from a folder, a ZIP and a manifest', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', labels, 8);
    const files = [...filesBelow(source)].map(([name, data]) => ({ name: name.slice(1), data }));
    const zip = scratch.write('photos.zip', writeZip(files));
    const rows = files.map(({ name }) => `${name},${name.split('/')[0]}`);
    const manifest = scratch.write('photos/m.csv', `path,label\n${rows.join('\n')}\n`);
    const expected = await runExampleGen(scratch, { source });
    for (const other of [zip, manifest]) {
      expect((await runExampleGen(scratch, { source: other })).examples).toEqual(expected.examples);
    }
  });

  it('rejects broken files with a reason, and continues', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', labels, 60);
    const photo = await smallPhoto(777);
    scratch.write('photos/healthy/cut.jpg', photo.subarray(0, photo.length / 2));
    scratch.write('photos/healthy/page.jpg', '<!doctype html><html></html>');
    scratch.write('photos/unwell/drawing.jpg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
    scratch.write('photos/unwell/empty.jpg', '');
    scratch.write('photos/unwell/phone.heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'));
    scratch.write('photos/stray.jpg', photo);
    scratch.write('photos/unwell/really-a-png.jpg', await smallPhoto(778, { format: 'png' }));
    const { examples, rejected, summary } = await runExampleGen(scratch, { source });
    expect(rejected.map(({ filename, code }) => [filename, code])).toEqual([
      ['healthy/cut.jpg', 'IMAGE_TRUNCATED'],
      ['healthy/page.jpg', 'IMAGE_HTML'],
      ['stray.jpg', 'SOURCE_LABEL_MISSING'],
      ['unwell/drawing.jpg', 'IMAGE_SVG'],
      ['unwell/empty.jpg', 'IMAGE_EMPTY'],
      ['unwell/phone.heic', 'IMAGE_HEIC'],
    ]);
    expect(rejected.at(-1)?.message).toContain('Convert it to JPEG');
    expect(summary.rejected).toBe(6);
    expect(examples.find(({ filename }) => filename.endsWith('png.jpg'))?.format).toBe('png');
  });

  it('rejects a pixel bomb', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', labels, 20);
    const png = Buffer.from(await smallPhoto(1, { format: 'png' }));
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(60_000, 20);
    scratch.write('photos/healthy/bomb.png', png);
    const { rejected } = await runExampleGen(scratch, { source });
    expect(rejected).toMatchObject([{ filename: 'healthy/bomb.png', code: expect.stringMatching(/^IMAGE_/) }]);
  });

  it('stops above 5 % rejected, naming files, reasons and remedies', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', labels, 10);
    for (let i = 0; i < 5; i++) {
      scratch.write(`photos/healthy/x${i}.heic`, Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'));
    }
    const refused = runExampleGen(scratch, { source });
    await expect(refused).rejects.toMatchObject({
      code: 'SOURCE_TOO_MANY_REJECTED',
      message: expect.stringMatching(
        /5 of 25 files rejected, limit 5 %\. healthy\/x0\.heic: The image is HEIC.*Convert it.*2 more/,
      ),
    });
    expect((await runExampleGen(scratch, { source, maxRejectedShare: 0.5 })).rejected).toHaveLength(5);
  });

  it('keeps a duplicate photo once, and leaves out one with two labels', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', labels, 8);
    copyFileSync(join(source, 'healthy/0.jpg'), join(source, 'healthy/copy.jpg'));
    copyFileSync(join(source, 'healthy/1.jpg'), join(source, 'unwell/copy.jpg'));
    const { examples, summary } = await runExampleGen(scratch, { source });
    expect(examples).toHaveLength(15);
    expect(summary.duplicates).toMatchObject([{ filenames: ['healthy/0.jpg', 'healthy/copy.jpg'] }]);
    expect(summary.conflicts).toMatchObject([{ labels, filenames: ['healthy/1.jpg', 'unwell/copy.jpg'] }]);
    expect(examples.some(({ filename }) => filename === 'healthy/1.jpg')).toBe(false);
  });

  it.each([
    ['one label only', ['healthy'], 5, 'SOURCE_SINGLE_LABEL'],
    ['labels of one photo', labels, 1, 'SPLIT_TOO_SMALL'],
  ])('rejects %s', async (_, names, count, code) => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', names, count);
    await expect(runExampleGen(scratch, { source })).rejects.toMatchObject({ code });
  });

  it('suggests the folder of the labels when its parent was given', async () => {
    using scratch = new ScratchFolder();
    await writePhotos(scratch, 'all/photos', labels, 3);
    await expect(runExampleGen(scratch, { source: scratch.at('all') })).rejects.toThrow(
      /only "photos" \(6 photos\); did you mean its folder "photos", with healthy, unwell\?/,
    );
  });

  it('keeps splits when photos are added and removed, and counts spans', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', labels, 15);
    const first = await runExampleGen(scratch, { source });
    await writePhotos(scratch, 'photos', labels, 6, 15);
    rmSync(join(source, 'healthy/0.jpg'));
    const second = await runExampleGen(scratch, { source, splitSalt: 'would split anew' }, { previous: first.uri });
    const [before, after] = [splitOf(first.examples), splitOf(second.examples)];
    for (const [sha256, split] of before) if (after.has(sha256)) expect(after.get(sha256)).toBe(split);
    expect([first.summary.span, second.summary.span]).toEqual([0, 1]);
    expect(new Set(second.examples.filter(({ sha256 }) => before.has(sha256)).map(({ span }) => span))).toEqual(
      new Set([0]),
    );
    expect(second.examples.filter(({ span }) => span === 1)).toHaveLength(12);
    const third = await runExampleGen(scratch, { source }, { previous: second.uri });
    expect(third.summary.span).toBe(1);
  });

  it('reads the span from the path', async () => {
    using scratch = new ScratchFolder();
    await writePhotos(scratch, 'span-3', labels, 4);
    await writePhotos(scratch, 'span-12', labels, 5);
    const { summary, result } = await runExampleGen(scratch, { source: scratch.at('span-{SPAN}') });
    expect([summary.span, result.properties?.examples?.span, summary.counts.healthy?.train]).toEqual([12, 12, 3]);
  });

  it("keeps a group in one split, by attribute or by the manifest's group", async () => {
    using scratch = new ScratchFolder();
    const rows: string[] = [];
    for (let i = 0; i < 60; i++) {
      scratch.write(`${i}.jpg`, await smallPhoto(i));
      rows.push(`${i}.jpg,${labels[i % 2]},leaf ${i % 20},tree ${i % 12}`);
    }
    const source = scratch.write('m.csv', `path,label,group,tree\n${rows.join('\n')}\n`);
    for (const attribute of ['group', 'tree']) {
      const { examples, summary } = await runExampleGen(scratch, { source, groupBy: { attribute } });
      const splits = new Map<string, Set<string>>();
      for (const { group, split } of examples) splits.set(group, (splits.get(group) ?? new Set()).add(split));
      expect([...splits.values()].every((found) => found.size === 1)).toBe(true);
      expect(splits.size).toBe(attribute === 'group' ? 20 : 12);
      expect(summary).toMatchObject({ groupBy: 'attribute', groupAttribute: attribute });
    }
    await expect(runExampleGen(scratch, { source, groupBy: { attribute: 'plot' } })).rejects.toMatchObject({
      code: 'GROUP_ATTRIBUTE_MISSING',
      message: expect.stringContaining('tree'),
    });
  });

  it('uses a test source as a whole, and trains on nothing of it', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'train', labels, 10);
    const test = await writePhotos(scratch, 'test', labels, 4, 8);
    const { examples, summary } = await runExampleGen(scratch, { source, test });
    const tested = examples.filter(({ split }) => split === 'test');
    expect(tested).toHaveLength(8);
    expect(examples).toHaveLength(24);
    expect(summary.leftOutForTest.map(({ filename }) => filename)).toEqual([
      'healthy/8.jpg',
      'healthy/9.jpg',
      'unwell/8.jpg',
      'unwell/9.jpg',
    ]);
    await writePhotos(scratch, 'test', ['other'], 1, 500);
    await expect(runExampleGen(scratch, { source, test })).rejects.toMatchObject({ code: 'SPLIT_TEST_LABEL' });
  });

  it('cleans up and throws when cancelled', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', labels, 10);
    const control = new AbortController();
    control.abort();
    await expect(runExampleGen(scratch, { source }, { signal: control.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe('the fingerprint', () => {
  it('depends on content, not on times', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch, 'photos', labels, 3);
    const context = {
      cacheDir: scratch.at('cache'),
      signal: new AbortController().signal,
      golden: { photos: async () => [], fileOf: () => '' },
    };
    const print = (parameters: { source: string; test?: string }) =>
      fingerprint(exampleGenSpec.parameters.parse(parameters), context);
    const first = await print({ source });
    utimesSync(join(source, 'healthy/0.jpg'), 1, 1);
    expect(await print({ source })).toBe(first);
    scratch.write('photos/healthy/.DS_Store', 'x');
    expect(await print({ source })).toBe(first);
    expect(await print({ source, test: source })).not.toBe(first);
    appendFileSync(join(source, 'healthy/0.jpg'), 'x');
    const second = await print({ source });
    expect(second).not.toBe(first);
    scratch.write('cache/example-gen/stats', 'damaged');
    expect(await print({ source })).toBe(second);
  });

  it('of an archive depends on its photos', async () => {
    using scratch = new ScratchFolder();
    const context = {
      cacheDir: scratch.at('cache'),
      signal: new AbortController().signal,
      golden: { photos: async () => [], fileOf: () => '' },
    };
    const zipped = async (seed: number) => [
      { name: 'healthy/1.jpg', data: await smallPhoto(seed) },
      { name: 'unwell/2.jpg', data: await smallPhoto(2) },
    ];
    const print = (source: string) => fingerprint(exampleGenSpec.parameters.parse({ source }), context);
    const one = await print(scratch.write('a.zip', writeZip(await zipped(1))));
    expect(await print(scratch.at('a.zip'))).toBe(one);
    expect(await print(scratch.write('b.zip', writeZip((await zipped(1)).reverse())))).toBe(one);
    expect(await print(scratch.write('a.zip', writeZip(await zipped(3))))).not.toBe(one);
  });
});

function onRealPhotos(): void {
  it('splits field photos of beans by label', async () => {
    using scratch = new ScratchFolder();
    const { examples, summary } = await runExampleGen(scratch, { source: realFolder('beans') });
    expect(examples).toHaveLength(270);
    expect(summary.labels).toEqual(['angular_leaf_spot', 'bean_rust', 'healthy']);
    expect(basename(examples[0]!.filename)).toMatch(/\.jpg$/);
  });

  it("reads the original system's shards", async () => {
    using scratch = new ScratchFolder();
    const { examples, summary } = await runExampleGen(scratch, { source: realFolder('tfrecord') });
    expect(examples).toHaveLength(152);
    expect(summary.labels).toEqual(['healthy', 'unwell']);
  });
}
if (hasRealData) describe('ExampleGen on real photos', onRealPhotos);
