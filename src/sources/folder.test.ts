import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { openSource, type SourceItem, type SourceOptions } from './open-source.ts';

async function collect(source: string, options?: SourceOptions): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of openSource(source, options)) items.push(item);
  return items;
}
const brief = (items: SourceItem[]) => items.map(({ filename, label }) => [filename, label]);

describe('a folder per label', () => {
  it('merges labels of different Unicode forms, in any script', async () => {
    using scratch = new ScratchFolder();
    scratch.write(`${'がん病'.normalize('NFD')}/1.jpg`, 'a');
    scratch.write(`${'がん病'.normalize('NFC')}/2.jpg`, 'b');
    scratch.write('健康/3.jpg', 'c');
    scratch.write('здоровый/4.jpg', 'd');
    const labels = new Set((await collect(scratch.path)).map(({ label }) => label));
    expect([...labels].sort()).toEqual(['здоровый', 'がん病'.normalize('NFC'), '健康'].sort());
  });

  it('ignores files of operating systems, and uses nested folders as an attribute', async () => {
    using scratch = new ScratchFolder();
    for (const name of ['.DS_Store', 'Thumbs.db', 'desktop.ini', '._1.jpg', 'notes.txt', '__MACOSX/1.jpg']) {
      scratch.write(`healthy/${name}`, 'x');
    }
    scratch.write('.cache/1.jpg', 'x');
    scratch.write('healthy/leaf 7/front.jpg', 'x');
    scratch.write('unwell/1.JPG', 'x');
    const items = await collect(scratch.path);
    expect(brief(items)).toEqual([
      ['healthy/leaf 7/front.jpg', 'healthy'],
      ['unwell/1.JPG', 'unwell'],
    ]);
    expect(items[0]?.attributes).toEqual({ folder: 'leaf 7' });
  });

  it('yields stray photos without a label, to be rejected one by one', async () => {
    using scratch = new ScratchFolder();
    scratch.write('healthy/1.jpg', 'x');
    scratch.write('stray.jpg', 'x');
    expect(brief(await collect(scratch.path))).toEqual([
      ['healthy/1.jpg', 'healthy'],
      ['stray.jpg', undefined],
    ]);
  });

  it('does not follow link cycles', async () => {
    using scratch = new ScratchFolder();
    scratch.write('healthy/1.jpg', 'x');
    symlinkSync(scratch.path, scratch.at('healthy', 'again'));
    expect(await collect(scratch.path)).toHaveLength(1);
  });

  it('without labels is rejected with a remedy, unless labels are optional', async () => {
    using scratch = new ScratchFolder();
    scratch.write('1.jpg', 'x');
    scratch.write('2.jpg', 'x');
    const refused = collect(scratch.path);
    await expect(refused).rejects.toMatchObject({
      code: 'SOURCE_UNLABELLED',
      remedy: expect.stringContaining('subfolder per label'),
    });
    expect(await collect(scratch.path, { labels: 'optional' })).toHaveLength(2);
  });

  it('without photos is rejected', async () => {
    using scratch = new ScratchFolder();
    mkdirSync(scratch.at('healthy'));
    scratch.write('unwell/readme.txt', 'soon');
    await expect(collect(scratch.path)).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
  });

  it('that does not exist is rejected', async () => {
    await expect(collect('/nowhere/at/all')).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });

  it("that cannot be read is rejected with the system's reason", async () => {
    using scratch = new ScratchFolder();
    scratch.write('healthy/1.jpg', 'x');
    // Root may read everything, so permissions prove nothing here: a path through a file is refused to root too.
    await expect(collect(scratch.at('healthy', '1.jpg', 'below'))).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringContaining('ENOTDIR'),
    });
  });

  it.each([
    [
      'a link to nowhere',
      '/nowhere/photo.jpg',
      '2.jpg',
      'a link to /nowhere/photo.jpg, which does not exist',
      'Correct the link',
    ],
    ['a relative link to nowhere', '../gone', 'gone', 'a link to ../gone, which does not exist', 'Correct the link'],
    ['a link to itself', 'loop', 'loop', 'a link that leads back to itself', 'Put the photo or folder itself'],
    ['a link in a ring', 'ring-b', 'ring-a', 'a link that leads back to itself', 'Put the photo or folder itself'],
  ])('rejects %s with its cause and a remedy that fits', async (_, target, name, cause, remedy) => {
    using scratch = new ScratchFolder();
    scratch.write('healthy/1.jpg', 'x');
    symlinkSync(target, scratch.at('healthy', name));
    if (name === 'ring-a') symlinkSync('ring-a', scratch.at('healthy', 'ring-b'));
    const items = await collect(scratch.path);
    const broken = items.find(({ filename }) => filename === `healthy/${name}`)!;
    await expect(broken.read()).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringContaining(`healthy/${name} cannot be read (it is ${cause}).`),
      remedy: expect.stringMatching(new RegExp(`^${remedy}.*or remove it from the source\\.$`)),
    });
    await expect(broken.read()).rejects.not.toMatchObject({ remedy: expect.stringContaining('chmod') });
  });

  it('rejects a photo and a folder whose name is not UTF-8, and reads the rest', async () => {
    using scratch = new ScratchFolder();
    scratch.write('healthy/1.jpg', 'x');
    const shiftJis = Buffer.from([0x83, 0x65]);
    writeFileSync(Buffer.concat([Buffer.from(scratch.at('healthy/')), shiftJis]), 'x');
    mkdirSync(Buffer.concat([Buffer.from(scratch.at('/')), shiftJis]));
    const items = await collect(scratch.path);
    expect(items).toHaveLength(3);
    for (const item of items.filter(({ filename }) => filename !== 'healthy/1.jpg'))
      await expect(item.read()).rejects.toMatchObject({
        message: expect.stringContaining('(its name is not UTF-8)'),
        remedy: expect.stringContaining('Rename it, for example with "convmv'),
      });
  });

  it('reads folders that links reach once each, however they lead to each other', async () => {
    using scratch = new ScratchFolder();
    for (const name of ['a', 'b', 'c']) scratch.write(`${name}/1.jpg`, 'x');
    for (const [from, to] of ['ac', 'cb', 'bc'] as const) symlinkSync(`../${to}`, scratch.at(from!, `to-${to}`));
    const names = brief(await collect(scratch.path)).map(([name]) => name);
    expect(names).toContain('a/to-c/to-b/1.jpg');
    expect(names.filter((name) => name!.split('/').length > 4)).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('that cannot be listed is rejected', async () => {
    using scratch = new ScratchFolder();
    mkdirSync(scratch.at('healthy'), { mode: 0o000 });
    await expect(collect(scratch.path)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });

  it('is distinguished from an unknown kind of file', async () => {
    using scratch = new ScratchFolder();
    const path = scratch.write('photos.rar', 'Rar!\x1a\x07\x00');
    await expect(collect(path)).rejects.toMatchObject({ code: 'SOURCE_KIND_UNKNOWN' });
  });
});
