import { cpSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { runExampleGen } from '../../../tests/support/run-example-gen.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { smallPhoto } from '../../../tests/support/small-photo.ts';
import { validatedPhotos } from '../../../tests/support/validated-photos.ts';
import { writeZip } from '../../../tests/support/write-zip.ts';

const photos = await Promise.all(Array.from({ length: 24 }, (_, i) => smallPhoto(i, { size: 96, quality: 95 })));
const labels = ['a', 'b'];
const files = photos.map((data, i) => ({ name: `${labels[i % 2]}/p${i}.jpg`, data }));

function write(scratch: ScratchFolder, given = files): string {
  for (const { name, data } of given) scratch.write(`photos/${name}`, data);
  return scratch.at('photos');
}

describe('photos under two labels', () => {
  it('that are all of them are an error that names the labels, not "no photos found"', async () => {
    using scratch = new ScratchFolder();
    const all = [...files, ...files.map(({ name, data }) => ({ name: name.replace(/./, 'all'), data }))];
    for (const source of [write(scratch, all), scratch.write('photos.zip', writeZip(all))]) {
      const refused = runExampleGen(scratch, { source });
      await expect(refused).rejects.toMatchObject({
        code: 'SOURCE_LABELS_CONFLICT',
        message: expect.stringMatching(
          /48 of 48 photos have more than one label and are left out \("a" and "all": 12, "all" and "b": 12; first: .*all\/p.*\.jpg\)\. Labels that remain: none\./,
        ),
        remedy: expect.stringContaining('delete the folder'),
      });
    }
  });

  it('that are all of one label are an error, not "only one label"', async () => {
    using scratch = new ScratchFolder();
    const source = write(scratch);
    cpSync(scratch.at('photos/a'), scratch.at('photos/copy of a'), { recursive: true });
    await expect(runExampleGen(scratch, { source })).rejects.toMatchObject({
      code: 'SOURCE_LABELS_CONFLICT',
      message: expect.stringMatching(/24 of 36 photos.*"a" and "copy of a": 12.*remain: "b"/),
    });
  });

  it('that are all in a manifest are an error', async () => {
    using scratch = new ScratchFolder();
    write(scratch);
    const rows = files.flatMap(({ name }) => labels.map((label) => `${name},${label}`));
    const source = scratch.write('photos/m.csv', `path,label\n${rows.join('\n')}\n`);
    await expect(runExampleGen(scratch, { source })).rejects.toMatchObject({ code: 'SOURCE_LABELS_CONFLICT' });
  });
});

const again: Record<string, (photo: Buffer) => Promise<Buffer>> = {
  'as JPEG of quality 70': (photo) => sharp(photo).jpeg({ quality: 70 }).toBuffer(),
  'as PNG': (photo) => sharp(photo).png().toBuffer(),
  'as WebP': (photo) => sharp(photo).webp({ quality: 80 }).toBuffer(),
  'at half the size': (photo) => sharp(photo).resize(48, 48).jpeg({ quality: 90 }).toBuffer(),
  'a little brighter': (photo) => sharp(photo).linear(1.05, 2).jpeg({ quality: 90 }).toBuffer(),
};

describe('one photo saved again under another label', () => {
  it.each(Object.entries(again))('is a warning that names both: %s', async (_, save) => {
    using scratch = new ScratchFolder();
    const source = write(scratch);
    for (const i of [0, 2, 4]) scratch.write(`photos/b/again-${i}`, await save(photos[i]!));
    const { summary, anomalies } = await validatedPhotos(scratch, { source });
    const pairs = summary.alikeConflicts.map((group) => group.photos.map(({ filename }) => filename).sort());
    expect(pairs.sort()).toEqual([0, 2, 4].map((i) => [`a/p${i}.jpg`, `b/again-${i}`]));
    const found = anomalies.anomalies.find(({ code }) => code === 'LABEL_CONFLICT_ALIKE');
    expect(found).toMatchObject({
      severity: 'warning',
      value: 0.1111,
      filenames: expect.arrayContaining(['b/again-0']),
    });
    expect(found!.message).toContain(
      '3 groups of photos look alike and have several labels, so at least 11.1 % of the labels',
    );
  });

  it.each([
    ['groups are off', 'none' as const],
    ['groups are an attribute', { attribute: 'folder' }],
  ])('is found when %s', async (_, groupBy) => {
    using scratch = new ScratchFolder();
    const source = write(
      scratch,
      files.map(({ name, data }) => ({
        name: name.replace('/', `/${name.length + Number(name.replace(/\D/g, ''))}/`),
        data,
      })),
    );
    scratch.write('photos/b/1/again.png', await sharp(photos[0]).png().toBuffer());
    const { summary, statistics } = await validatedPhotos(scratch, { source, groupBy });
    expect(summary.alikeConflicts).toMatchObject([{ labels }]);
    expect(statistics.alikeConflicts.count).toBe(1);
  });

  it('is no conflict under the same label', async () => {
    using scratch = new ScratchFolder();
    const source = write(scratch);
    scratch.write('photos/a/again.png', await sharp(photos[0]).png().toBuffer());
    const { summary, anomalies } = await validatedPhotos(scratch, { source });
    expect(summary.alikeConflicts).toEqual([]);
    expect(anomalies.anomalies).toEqual([]);
  });
});
