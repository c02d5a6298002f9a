import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BucketServer } from '../../tests/support/bucket-server.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { smallPhoto } from '../../tests/support/small-photo.ts';
import { validatedPhotos } from '../../tests/support/validated-photos.ts';
import { writeZip } from '../../tests/support/write-zip.ts';

const photos = await Promise.all(
  Array.from({ length: 8 }, async (_, i) => ({ name: `${i % 2 ? 'b' : 'a'}/p${i}.jpg`, data: await smallPhoto(i) })),
);
const text = Buffer.from('not a photo');
const beside = (names: string[]) => names.map((name) => ({ name, data: text }));

const kinds: Record<string, string[]> = {
  'sidecars of photo editors': ['a/p0.xmp', 'a/p0.jpg.xmp', 'a/p2.AAE', 'a/p4.jpg.pp3', 'b/p1.jpg.dop'],
  'videos of phones and cameras': ['a/p0.MOV', 'b/p1.mp4', 'b/clip.AVI', 'b/p1.THM'],
  'marks of downloads': ['a/p0.jpg:Zone.Identifier', 'b/p1.jpg\uF03AZone.Identifier'],
  'notes without an ending': ['README', 'LICENSE', 'a/readme', 'COPYING', 'LICENSE-CC0', 'SHA256SUMS'],
  'annotations and code': ['a/p0.json', 'labels.txt', 'a/p0.xml', 'load.py', 'model.ipynb', 'README.rst'],
};
/** Each counts once, whatever is in it. */
const systemFolders = [
  '$RECYCLE.BIN',
  'System Volume Information',
  'lost+found',
  '#recycle',
  '@eaDir',
  'a/__MACOSX',
  '.Trash-1000',
];

let scratch: ScratchFolder;
beforeEach(() => {
  scratch = new ScratchFolder();
});
afterEach(() => {
  vi.unstubAllEnvs();
  scratch[Symbol.dispose]();
});

type Files = { name: string; data: Buffer }[];
function inFolder(files: Files): string {
  for (const { name, data } of files) scratch.write(`photos/${name}`, data);
  return scratch.at('photos');
}
const inZip = (files: Files) => scratch.write('photos.zip', writeZip(files));

describe('files that are no photos', () => {
  it.each(Object.entries(kinds))('are passed over and counted, not rejected: %s', async (_, names) => {
    const source = inFolder([...photos, ...beside(names)]);
    const { examples, rejected, summary, result } = await validatedPhotos(scratch, { source });
    expect([examples.length, rejected.length]).toEqual([8, 0]);
    expect(summary.passedOver).toEqual({ count: names.length, first: expect.arrayContaining([names[0]]) });
    expect(result.summary).toBe(`8 photos, 2 labels, none rejected, ${names.length} other files passed over`);
  });

  it('are passed over in a ZIP and a bucket too, and with system folders, whose photos make no label', async () => {
    const extra = [
      ...beside(Object.values(kinds).flat()),
      ...systemFolders.flatMap((folder) =>
        photos.slice(0, 2).map(({ data }, i) => ({ name: `${folder}/${i}.jpg`, data })),
      ),
    ];
    const count = Object.values(kinds).flat().length + systemFolders.length;
    await using server = await BucketServer.open();
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
    for (const { name, data } of [...photos, ...extra]) server.put(`photos/${name}`, data);
    const sources = [inFolder([...photos, ...extra]), inZip([...photos, ...extra]), 's3://leaves/photos'];
    for (const source of sources) {
      const { summary, rejected } = await validatedPhotos(scratch, { source });
      expect(summary.labels).toEqual(['a', 'b']);
      expect(rejected).toEqual([]);
      expect(summary.passedOver.count).toBe(count);
    }
  });

  it('do not hide what may be a photo: other endings are rejected with a reason', async () => {
    const source = inFolder([...photos, ...beside(['a/p9', 'a/scan.tif', 'b/old.jpg~'])]);
    const { rejected } = await validatedPhotos(scratch, { source, maxRejectedShare: 0.5 });
    expect(rejected.map(({ filename }) => filename)).toEqual(['a/p9', 'a/scan.tif', 'b/old.jpg~']);
  });
});

describe('a label folder without photos', () => {
  it.each([
    ['folder', () => inFolder([...photos, ...beside(['mould/notes.txt', 'rust/.keep'])])],
    ['ZIP', () => inZip([...photos, { name: 'mould/', data: Buffer.alloc(0) }, ...beside(['rust/.keep'])])],
    [
      'ZIP with a top folder',
      () =>
        inZip([...photos, ...beside(['mould/a.txt', 'rust/b.txt'])].map((one) => ({ ...one, name: `x/${one.name}` }))),
    ],
  ])('is reported: %s', async (_, source) => {
    const { summary, anomalies } = await validatedPhotos(scratch, { source: source() });
    expect(summary.emptyLabels).toEqual(['mould', 'rust']);
    const found = anomalies.anomalies.filter(({ code }) => code === 'LABEL_EMPTY');
    expect(found.map(({ subject, severity }) => [subject, severity])).toEqual([
      ['mould', 'warning'],
      ['rust', 'warning'],
    ]);
  });

  it('is none when its photos are in one of the splits, or were rejected', async () => {
    const split = photos.flatMap(({ name, data }, i) =>
      i < 4 ? [{ name: `test/${name}`, data }] : [{ name: `train/${name}`, data }],
    );
    const source = inFolder([...split, ...beside(['train/c/.keep', 'test/broken/1.jpg'])]);
    const { summary } = await validatedPhotos(scratch, { source, maxRejectedShare: 0.5 });
    expect(summary.emptyLabels).toEqual(['c']);
  });
});
