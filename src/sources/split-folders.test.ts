import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BucketServer } from '../../tests/support/bucket-server.ts';
import { runExampleGen } from '../../tests/support/run-example-gen.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { smallPhoto } from '../../tests/support/small-photo.ts';
import { writeZip } from '../../tests/support/write-zip.ts';
import type { Example } from '../contracts/artifacts/example.ts';
import { openSource } from './open-source.ts';

type Files = { name: string; data: Buffer }[];
let scratch: ScratchFolder;
let seed = 0;
beforeEach(() => {
  scratch = new ScratchFolder();
});
afterEach(() => {
  vi.unstubAllEnvs();
  scratch[Symbol.dispose]();
});

/** `count` photos in each of the folders. */
async function photosIn(folders: string[], count = 4): Promise<Files> {
  const names = folders.flatMap((folder) => Array.from({ length: count }, (_, i) => `${folder}/${i}.jpg`));
  return Promise.all(names.map(async (name) => ({ name, data: await smallPhoto(++seed) })));
}

function inFolder(files: Files): string {
  for (const { name, data } of files) scratch.write(`photos/${name}`, data);
  return scratch.at('photos');
}

const inZip = (files: Files, top = '') =>
  scratch.write('photos.zip', writeZip(files.map(({ name, data }) => ({ name: `${top}${name}`, data }))));

const splitsOf = (examples: Example[]) => {
  const folderOf = ({ filename }: Example) => filename.split('/')[0]!;
  const pairs = examples.map((example) => `${folderOf(example)} ${example.split}`);
  return [...new Set(pairs)].sort();
};
const kaggle = ['train/healthy', 'train/sick', 'test/healthy', 'test/sick'];
const keras = [...kaggle, 'validation/healthy', 'validation/sick'];

describe('a source with the folders train and test', () => {
  it('gives splits, not the labels "train" and "test", and says so', async () => {
    const source = inFolder(await photosIn(kaggle));
    const { examples, summary, result } = await runExampleGen(scratch, { source });
    expect(summary.labels).toEqual(['healthy', 'sick']);
    expect(splitsOf(examples)).toEqual(['test test', 'train eval', 'train train']);
    expect(summary.splitFolders).toEqual(['test', 'train']);
    expect(result.summary).toBe('16 photos, 2 labels, none rejected, splits by the folders test, train');
  });

  it('and a third one gives all three, with nothing moved', async () => {
    const source = inFolder([...(await photosIn(keras)), ...(await photosIn(['train/healthy/tree 1']))]);
    const { examples, summary } = await runExampleGen(scratch, { source });
    expect(splitsOf(examples)).toEqual(['test test', 'train train', 'validation eval']);
    expect(summary.movedGroups).toEqual([]);
    expect(examples.find(({ filename }) => filename.includes('tree 1'))?.attributes).toEqual({ folder: 'tree 1' });
  });

  it.each([
    ['Train', 'Val', 'Test'],
    ['train', 'valid', 'test'],
    ['TRAINING', 'dev', 'testing'],
    ['train', 'eval', 'test'],
  ])('may name them %s, %s, %s', async (...folders) => {
    const source = inFolder(
      await photosIn(
        folders.flatMap((folder) => [`${folder}/a`, `${folder}/b`]),
        2,
      ),
    );
    const { examples } = await runExampleGen(scratch, { source });
    const expected = folders.map((folder, i) => `${folder} ${['train', 'eval', 'test'][i]}`);
    expect(splitsOf(examples)).toEqual(expected.sort());
  });

  it.each(['', 'leaves/'])('is read alike from a ZIP below "%s"', async (top) => {
    const { examples, summary } = await runExampleGen(scratch, { source: inZip(await photosIn(keras), top) });
    expect(summary.labels).toEqual(['healthy', 'sick']);
    expect(splitsOf(examples)).toEqual(['test test', 'train train', 'validation eval']);
  });

  it('is read alike from a bucket', async () => {
    await using server = await BucketServer.open();
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
    for (const { name, data } of await photosIn(keras)) server.put(`photos/${name}`, data);
    const { examples, summary } = await runExampleGen(scratch, { source: 's3://leaves/photos' });
    expect(summary.labels).toEqual(['healthy', 'sick']);
    expect(splitsOf(examples)).toEqual(['test test', 'train train', 'validation eval']);
  });

  it('takes the missing test split from train', async () => {
    const source = inFolder(await photosIn(keras.filter((folder) => !folder.startsWith('test'))));
    const { examples } = await runExampleGen(scratch, { source });
    expect(splitsOf(examples)).toEqual(['train test', 'train train', 'validation eval']);
  });

  it('keeps a photo that is in several splits in the one that measures the model', async () => {
    const files = await photosIn(keras);
    const [first] = files.filter(({ name }) => name.startsWith('train/healthy'));
    const [other] = files.filter(({ name }) => name.startsWith('train/sick'));
    const source = inFolder([
      ...files,
      { name: 'test/healthy/again.jpg', data: first!.data },
      { name: 'validation/sick/again.jpg', data: other!.data },
    ]);
    const { examples, summary } = await runExampleGen(scratch, { source });
    const again = examples.filter(({ filename }) => filename.endsWith('again.jpg'));
    expect(again.map(({ split }) => split).sort()).toEqual(['eval', 'test']);
    expect(examples).toHaveLength(24);
    expect(summary.leftOutForTest.map(({ filename }) => filename)).toEqual([first!.name]);
  });

  it('is a single folder around the labels when there is only train', async () => {
    const { examples, summary } = await runExampleGen(scratch, {
      source: inFolder(await photosIn(['train/a', 'train/b'])),
    });
    expect(summary).toMatchObject({ labels: ['a', 'b'], splitFolders: [] });
    expect(splitsOf(examples)).toEqual(['train eval', 'train test', 'train train']);
  });
});

describe('label folders with the folders train and test below (their test photos were trained on)', () => {
  const labelFirst = ['healthy/train', 'healthy/test', 'healthy/val', 'sick/Train', 'sick/val', 'sick/test'];
  const expected = ['healthy eval', 'healthy test', 'healthy train', 'sick eval', 'sick test', 'sick train'];

  it('give splits, from a folder, a ZIP and a bucket', async () => {
    const files = [...(await photosIn(labelFirst)), ...(await photosIn(['sick/test/tree 1']))];
    await using server = await BucketServer.open();
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
    for (const { name, data } of files) server.put(`photos/${name}`, data);
    for (const source of [inFolder(files), inZip(files), 's3://leaves/photos']) {
      const { examples, summary } = await runExampleGen(scratch, { source });
      expect(summary.labels).toEqual(['healthy', 'sick']);
      expect(splitsOf(examples)).toEqual(expected);
      expect(summary.splitFolders).toEqual(['Train', 'test', 'train', 'val']);
      expect(examples.find(({ filename }) => filename.includes('tree 1'))?.attributes).toEqual({ folder: 'tree 1' });
    }
  });

  it.each([
    ['a label without them', [...labelFirst, 'mould']],
    ['photos beside them', [...labelFirst, 'sick']],
    ['another folder beside them', [...labelFirst, 'sick/tree 1']],
  ])('are an error with %s', async (_, folders) => {
    const files = await photosIn(folders, 2);
    for (const source of [inFolder(files), inZip(files)])
      await expect(runExampleGen(scratch, { source })).rejects.toMatchObject({
        code: 'SOURCE_SPLITS_MIXED',
        message: expect.stringContaining('are in none of them'),
      });
  });

  it('are attributes when there is no train among them, or nothing else', async () => {
    for (const folders of [
      ['a/test', 'b/val'],
      ['a/train', 'b/train', 'b/tree 1'],
    ]) {
      const { examples } = await runExampleGen(new ScratchFolder(), { source: inFolder(await photosIn(folders, 8)) });
      expect(new Set(examples.map(({ attributes }) => attributes.folder))).toContain(folders[0]!.split('/')[1]);
      scratch[Symbol.dispose]();
    }
  });
});

describe('a mixture of splits and labels', () => {
  it.each([
    ['a label beside them', [...kaggle, 'mould'], '"test", "train" are read as splits, but "mould" beside them is not'],
    ['labels beside train', ['train/a', 'train/b', 'a', 'b'], '"a", "b" beside them are not'],
    ['a test split without labels', ['train/a', 'train/b', 'test'], 'photos in "test" are in no label folder'],
    ['splits without labels', ['train', 'test'], 'photos in "test", "train" are in no label folder'],
    ['no train', ['val/a', 'val/b', 'test/a', 'test/b'], 'there is no folder "train"'],
  ])('is an error: %s', async (_, folders, message) => {
    const files = await photosIn(folders, 2);
    for (const source of [inFolder(files), inZip(files)]) {
      const refused = runExampleGen(scratch, { source });
      await expect(refused).rejects.toMatchObject({
        code: 'SOURCE_SPLITS_MIXED',
        message: expect.stringContaining(message),
      });
    }
  });

  it('is none when a label has the name of a split and no folders below', async () => {
    const { summary } = await runExampleGen(scratch, { source: inFolder(await photosIn(['train', 'bus', 'car'])) });
    expect(summary.labels).toEqual(['bus', 'car', 'train']);
  });

  it('is none for photos that need no label', async () => {
    const source = inFolder(await photosIn(['train/a', 'test'], 1));
    const labels = [];
    for await (const { label } of openSource(source, { labels: 'optional' })) labels.push(label);
    expect(labels.sort()).toEqual(['test', 'train']);
  });
});
