import { describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { writeZip, type ZipEntry } from '../../tests/support/write-zip.ts';
import { openSource, type SourceItem, type SourceOptions } from './open-source.ts';

const data = Buffer.from('photo');
const limits = { maxBytes: 1e9, maxEntries: 50_000 };

async function open(entries: ZipEntry[], options?: SourceOptions): Promise<SourceItem[]> {
  const scratch = new ScratchFolder();
  const path = scratch.write('photos.zip', writeZip(entries));
  const items: SourceItem[] = [];
  for await (const item of openSource(path, options)) items.push(item);
  return items.map((item) => ({ ...item, read: () => item.read().finally(() => scratch[Symbol.dispose]()) }));
}
const names = (items: SourceItem[]) => items.map(({ filename }) => filename);

describe('a ZIP', () => {
  it('uses its folders as labels, with or without a common parent folder', async () => {
    const plain = [
      { name: 'healthy/1.jpg', data },
      { name: 'unwell/2.jpg', data },
    ];
    expect((await open(plain)).map(({ label }) => label)).toEqual(['healthy', 'unwell']);
    const wrapped = await open(plain.map((entry) => ({ ...entry, name: `leaves/${entry.name}` })));
    expect(wrapped.map(({ label }) => label)).toEqual(['healthy', 'unwell']);
    expect(names(wrapped)).toEqual(['healthy/1.jpg', 'unwell/2.jpg']);
  });

  it('gives the bytes of its entries, after the iteration too', async () => {
    const [item] = await open([{ name: 'healthy/1.jpg', data }]);
    expect(Buffer.from(await item!.read())).toEqual(data);
  });

  it('reads UTF-8 names without the flag, and ignores what macOS adds', async () => {
    const items = await open([
      { name: '健康/が.jpg'.normalize('NFD'), data },
      { name: '__MACOSX/健康/._1.jpg', data },
      { name: '健康/.DS_Store', data },
    ]);
    expect(names(items)).toEqual(['健康/が.jpg'.normalize('NFC')]);
  });

  it.each([
    ['Shift-JIS, as Windows in Japan writes', '8c928d4e2f955c202831292e6a7067', 0, '健康/表 (1).jpg'],
    ['Shift-JIS with half-width katakana', 'b6deddc62f312e6a7067', 0, 'ｶﾞﾝﾆ/1.jpg'],
    ['Shift-JIS with backslashes and the byte 5C inside a character', '9569955c5c312e6a7067', 0, '品表/1.jpg'],
    ['code page 437', '63616681202f312e6a7067', 0, 'cafü /1.jpg'],
    ['code page 437 where Shift-JIS is invalid', '822f312e6a7067', 0, 'é/1.jpg'],
    ['UTF-8 with its flag', Buffer.from('健康/1.jpg').toString('hex'), 0x800, '健康/1.jpg'],
    ['UTF-8 without its flag', Buffer.from('葉/1.jpg').toString('hex'), 0, '葉/1.jpg'],
  ])('decodes names in %s', async (_, hex, flags, expected) => {
    const items = await open([
      { name: Buffer.from(hex, 'hex'), data, flags },
      { name: 'b/1.jpg', data },
    ]);
    expect(names(items)).toContain(expected.normalize('NFC'));
    expect(items.map(({ label }) => label)).toContain(expected.split('/')[0]!.normalize('NFC'));
  });

  it.each([
    ['../ in a name', { name: 'healthy/../../etc/passwd.jpg', data }],
    ['..\\ in a name', { name: 'healthy\\..\\..\\1.jpg', data }],
    ['an absolute name', { name: '/etc/1.jpg', data }],
    ['a drive', { name: 'C:/1.jpg', data }],
    ['a symbolic link', { name: 'healthy/1.jpg', data: Buffer.from('/etc/passwd'), mode: 0o120777 }],
  ])('is rejected as a whole because of %s', async (_, entry) => {
    await expect(open([{ name: 'healthy/0.jpg', data }, entry])).rejects.toMatchObject({ code: 'SOURCE_ZIP_UNSAFE' });
  });

  it('is rejected with 100,000 entries', async () => {
    const entries = Array.from({ length: 100_000 }, (_, i) => ({ name: `a/${i}`, data: Buffer.alloc(0) }));
    await expect(open(entries)).rejects.toMatchObject({ code: 'SOURCE_TOO_MANY_ENTRIES' });
  });

  it('is rejected when it expands to more than the limit, whatever its headers say', async () => {
    const bomb = Buffer.alloc(3_000_000);
    const items = await open(
      [
        { name: 'a/1.jpg', data: bomb },
        { name: 'b/2.jpg', data: bomb },
      ],
      { limits: { ...limits, maxBytes: 1_000_000 } },
    );
    await expect(items[0]!.read()).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' });
  });

  it('rejects an entry that expands beyond its own header, or beyond one photo', async () => {
    const [lying] = await open([{ name: 'a/1.jpg', data: Buffer.alloc(3_000_000), claimedSize: 10 }]);
    await expect(lying!.read()).rejects.toMatchObject({ code: 'SOURCE_ZIP_ENTRY' });
    const [huge] = await open([{ name: 'a/1.jpg', data: Buffer.alloc(65 * 2 ** 20) }]);
    await expect(huge!.read()).rejects.toMatchObject({ code: 'SOURCE_FILE_TOO_LARGE' });
  });

  it('rejects an encrypted entry', async () => {
    const [item] = await open([{ name: 'a/1.jpg', data, flags: 1 }]);
    await expect(item!.read()).rejects.toMatchObject({
      code: 'SOURCE_ZIP_ENTRY',
      remedy: expect.stringContaining('password'),
    });
  });

  it('is rejected when it is truncated, empty or without labels', async () => {
    using scratch = new ScratchFolder();
    const cut = scratch.write('cut.zip', writeZip([{ name: 'a/1.jpg', data }]).subarray(0, 40));
    await expect(openSource(cut).next()).rejects.toMatchObject({ code: 'SOURCE_ZIP_CORRUPT' });
    await expect(open([])).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
    await expect(open([{ name: '1.jpg', data }])).rejects.toMatchObject({ code: 'SOURCE_UNLABELLED' });
  });
});
