import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { runExampleGen } from '../../../tests/support/run-example-gen.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { smallPhoto } from '../../../tests/support/small-photo.ts';
import { validatedPhotos } from '../../../tests/support/validated-photos.ts';
import { writeZip } from '../../../tests/support/write-zip.ts';
import { exportExamples } from '../../artifacts/examples/export-examples.ts';
import { readIndex } from '../../artifacts/examples/read-examples.ts';
import { recordFrom } from '../../codecs/record-from.ts';
import { type Example, splits } from '../../contracts/artifacts/example.ts';

const photos = await Promise.all(Array.from({ length: 8 }, (_, i) => smallPhoto(i)));
/** Label `word` for the even photos, `other` for the odd ones. */
const files = (word: string) => photos.map((data, i) => ({ name: `${i % 2 ? 'other' : word}/${i}${word}.jpg`, data }));
const csvCell = (text: string) => `"${text.replaceAll('"', '""')}"`;

const doors: Record<string, (scratch: ScratchFolder, word: string) => string> = {
  folder(scratch, word) {
    for (const { name, data } of files(word)) scratch.write(`photos/${name}`, data);
    return scratch.at('photos');
  },
  zip: (scratch, word) => scratch.write('photos.zip', writeZip(files(word))),
  csv(scratch, word) {
    for (const { name, data } of files(word)) scratch.write(name, data);
    const rows = files(word).map(({ name }) => [name, name.split('/')[0]!, word].map(csvCell).join(','));
    return scratch.write('m.csv', ['path,label,site', ...rows].join('\n'));
  },
  jsonl(scratch, word) {
    for (const { name, data } of files(word)) scratch.write(name, data);
    const rows = files(word).map(({ name }) => ({ path: name, label: name.split('/')[0], site: word, [word]: 'kept' }));
    return scratch.write('m.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  },
};

const rowsOf = (examples: Example[]) =>
  examples.map(({ sha256, label, group, split, attributes }) => ({ sha256, label, group, split, attributes }));

const words = {
  'U+2028': 'line\u2028separator',
  'U+2029': 'paragraph\u2029separator',
  'U+0085': 'next\u0085line',
  'a vertical tab': 'vertical\vtab',
  'a carriage return': 'carriage\rreturn',
  __proto__: '__proto__',
  constructor: 'constructor',
  toString: 'toString',
  hasOwnProperty: 'hasOwnProperty',
};

describe('any text in labels, attributes and file names is kept', () => {
  it.each(Object.entries(words))('with %s, from a manifest to the schema, an export and back', async (_, word) => {
    using scratch = new ScratchFolder();
    const source = doors.jsonl!(scratch, word);
    const { uri, examples, summary, statistics, schema } = await validatedPhotos(scratch, { source });
    expect(summary.labels).toEqual([word, 'other'].sort());
    expect(Object.keys(summary.counts)).toEqual([word, 'other'].sort());
    expect(Object.values(summary.counts[word]!).reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(schema.properties?.schema).toMatchObject({ labels: 2 });
    expect(Object.keys(statistics.splits.train!.labels)).toEqual([word, 'other'].sort());
    expect(Object.keys(statistics.splits.train!.attributes)).toEqual([word, 'site'].sort());
    expect(statistics.splits.train!.attributes.site!.values).toEqual(
      Object.fromEntries([[word, statistics.splits.train!.count]]),
    );
    expect(examples.map(({ filename }) => filename).sort()).toEqual(
      files(word)
        .map(({ name }) => name)
        .sort(),
    );
    const out = scratch.at('out');
    await exportExamples(uri, out, { format: 'folder' });
    const again = await runExampleGen(scratch, { source: join(out, 'manifest.jsonl') });
    expect(rowsOf(again.examples)).toEqual(rowsOf(examples));
  });

  it.each([
    ['folder', 'a\u2028b'],
    ['folder', '__proto__'],
    ['zip', 'a\u2029b'],
    ['zip', '__proto__'],
    ['csv', 'a\u2028b'],
    ['csv', '__proto__'],
  ])('from a %s with %j', async (door, word) => {
    using scratch = new ScratchFolder();
    const { summary, statistics, examples } = await validatedPhotos(scratch, { source: doors[door]!(scratch, word) });
    expect(summary.labels).toEqual([word, 'other'].sort());
    expect(Object.keys(statistics.splits.test!.labels)).toEqual([word, 'other'].sort());
    expect(examples[0]!.filename).toContain(word);
  });

  it('as the name of a CSV column', async () => {
    using scratch = new ScratchFolder();
    for (const { name, data } of files('a')) scratch.write(name, data);
    const rows = files('a').map(({ name }) => `${name},${name.split('/')[0]},1,2`);
    const source = scratch.write('m.csv', ['path,label,__proto__,constructor', ...rows].join('\n'));
    const { examples } = await runExampleGen(scratch, { source, splits: { train: 1, eval: 0, test: 0 } });
    expect(Object.entries(examples[0]!.attributes)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it('and a name that no photo has is not found', async () => {
    using scratch = new ScratchFolder();
    const refused = runExampleGen(scratch, { source: doors.csv!(scratch, 'a'), groupBy: { attribute: 'toString' } });
    await expect(refused).rejects.toMatchObject({ code: 'GROUP_ATTRIBUTE_MISSING' });
  });
});

describe('an exported data set', () => {
  const attributes = recordFrom(
    [
      ...['split', 'original', 'attributes', 'mitate', 'path', 'label', 'group', 'url', 'Image File', 'class'],
      ...[' padded ', 'a\u2028b', '__proto__', '写真'],
    ].map((name) => [name, `the ${name}`]),
  );

  it('keeps splits, labels with spaces, and attributes with the names of its own columns when it is imported', async () => {
    using scratch = new ScratchFolder();
    const uri = scratch.at('examples');
    const labelled = photos.map((bytes, i) => ({
      ...{ bytes, filename: `${i}.jpg`, label: i % 2 ? ' padded ' : 'padded', attributes },
      split: splits[Math.max(0, (i >> 1) - 1)]!,
    }));
    await writePhotoExamples(uri, labelled);
    await exportExamples(uri, scratch.at('out'), { format: 'folder' });
    const again = await runExampleGen(scratch, { source: scratch.at('out', 'manifest.jsonl') });
    const sorted = (examples: Example[]) => rowsOf(examples).sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    expect(sorted(again.examples)).toEqual(sorted(await readIndex(uri)));
  });

  it('has its attributes in columns of their own, as before, unless such a column exists', async () => {
    using scratch = new ScratchFolder();
    for (const { name, data } of files('a')) scratch.write(name, data);
    const rows = files('a').map(({ name }) => `${name},${name.split('/')[0]},north,fold 1,scan 1`);
    const source = scratch.write('m.csv', ['path,label,site,split,original', ...rows].join('\n'));
    const { uri, examples } = await runExampleGen(scratch, { source });
    expect(examples[0]!.attributes).toEqual({ site: 'north', split: 'fold 1', original: 'scan 1' });
    await exportExamples(uri, scratch.at('out'), { format: 'folder' });
    const [first] = readFileSync(scratch.at('out', 'manifest.jsonl'), 'utf8').split('\n');
    const { split, filename } = examples[0]!;
    expect(JSON.parse(first!)).toMatchObject({
      ...{ site: 'north', split, original: filename },
      attributes: { split: 'fold 1', original: 'scan 1' },
    });
  });
});
