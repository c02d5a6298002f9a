import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runExampleGen } from '../../tests/support/run-example-gen.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { smallPhoto } from '../../tests/support/small-photo.ts';
import { openSource, type SourceItem, type SourceOptions } from './open-source.ts';

async function collect(source: string, options?: SourceOptions): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of openSource(source, options)) items.push(item);
  return items;
}

describe('a manifest', () => {
  it('in CSV gives label, group and the other columns as attributes', async () => {
    using scratch = new ScratchFolder();
    scratch.write('img/a, b.jpg', 'A');
    const path = scratch.write('m.csv', '\ufeffFile Name,Class,Group_ID,site,note\n"img/a, b.jpg",健康,leaf-7,北,\n');
    const [item] = await collect(path);
    expect(item).toMatchObject({
      filename: 'img/a, b.jpg',
      label: '健康',
      group: 'leaf-7',
      attributes: { site: '北' },
    });
    expect(Buffer.from(await item!.read()).toString()).toBe('A');
  });

  it.each([
    ['semicolons', 'path;label\na.jpg;x\n'],
    ['tabs', 'path\tlabel\r\na.jpg\tx\r\n'],
  ])('may use %s', async (_, text) => {
    using scratch = new ScratchFolder();
    expect(await collect(scratch.write('m.csv', text))).toMatchObject([{ filename: 'a.jpg', label: 'x' }]);
  });

  it('in JSONL reads numbers as text and needs no final line break', async () => {
    using scratch = new ScratchFolder();
    const path = scratch.write('m.jsonl', '{"path":"a.jpg","label":3,"age":2}\n\n{"path":"b.jpg","label":"x"}');
    expect(await collect(path)).toMatchObject([
      { filename: 'a.jpg', label: '3', attributes: { age: '2' } },
      { filename: 'b.jpg', label: 'x' },
    ]);
  });

  it('finds a file whose name is in another Unicode form', async () => {
    using scratch = new ScratchFolder();
    scratch.write(`${'が'.normalize('NFD')}.jpg`, 'A');
    const [item] = await collect(scratch.write('m.csv', `path,label\n${'が'.normalize('NFC')}.jpg,x\n`));
    expect(Buffer.from(await item!.read()).toString()).toBe('A');
  });

  it.each([
    [
      'no label column',
      'm.csv',
      'path,kind\na.jpg,x\n',
      'MANIFEST_COLUMN_MISSING',
      /column "label", got "path", "kind"/,
    ],
    ['no path column', 'm.csv', 'where,label\na.jpg,x\n', 'MANIFEST_COLUMN_MISSING', /"path" or "url"/],
    ['a row with a field too many', 'm.csv', 'path,label\na.jpg,x\nb.jpg,x,y\n', 'MANIFEST_INVALID', /line 3/],
    ['an open quote', 'm.csv', 'path,label\n"a.jpg,x\n', 'MANIFEST_INVALID', /line/],
    [
      'text that is not UTF-8',
      'm.csv',
      Buffer.from([0x70, 0x61, 0x74, 0x68, 0x0a, 0x83, 0x65]),
      'MANIFEST_INVALID',
      /UTF-8/,
    ],
    ['broken JSON', 'm.jsonl', '{"path":"a.jpg","label":"x"}\n{oops\n', 'MANIFEST_INVALID', /line 2/],
    ['a list', 'm.jsonl', '[1,2]\n', 'MANIFEST_INVALID', /one JSON object/],
    ['only a header', 'm.csv', 'path,label\n', 'SOURCE_EMPTY', /no photos/],
    ['a row without a path', 'm.csv', 'path,label\n,x\n', 'MANIFEST_INVALID', /line 2: no path/],
    [
      'a JSONL row without a path',
      'm.jsonl',
      '{"path":"a.jpg","label":"x"}\n{"label":"x"}',
      'MANIFEST_INVALID',
      /line 2: no/,
    ],
    [
      'no label in any row',
      'm.jsonl',
      '{"path":"a.jpg"}\n{"path":"b.jpg","tag":"x"}',
      'MANIFEST_COLUMN_MISSING',
      /"label"/,
    ],
    [
      'a label column twice',
      'm.csv',
      'path,label,label\na.jpg,x,y\n',
      'MANIFEST_INVALID',
      /line 1: the column "label" occurs twice/,
    ],
    [
      'it in two spellings',
      'm.csv',
      'path,Label,LABEL\na.jpg,x,y\n',
      'MANIFEST_INVALID',
      /"Label" and "LABEL" are the same/,
    ],
    ['the path twice', 'm.tsv', 'File Name\tlabel\tfile_name\na.jpg\tx\tb.jpg\n', 'MANIFEST_INVALID', /"file_name"/],
    [
      'an attribute twice',
      'm.csv',
      'path;label;site;site\na.jpg;x;1;2\n',
      'MANIFEST_INVALID',
      /column "site" occurs twice/,
    ],
    [
      'an attribute in two Unicode forms',
      'm.csv',
      `path,label,${'é'.normalize('NFC')},${'é'.normalize('NFD')}\na.jpg,x,1,2\n`,
      'MANIFEST_INVALID',
      /are the same column/,
    ],
    [
      'a repeated member',
      'm.jsonl',
      '{"path":"a.jpg","label":"x"}\n{"path":"b.jpg","label":"x","label":"y"}',
      'MANIFEST_INVALID',
      /line 2: the column "label" occurs twice/,
    ],
    [
      'a member repeated by an escape',
      'm.jsonl',
      '{"path":"a.jpg","label":"x","l\\u0061bel":"y"}',
      'MANIFEST_INVALID',
      /line 1: the column "label"/,
    ],
  ])('with %s is rejected', async (_, name, text, code, message) => {
    using scratch = new ScratchFolder();
    const refused = collect(scratch.write(name, text));
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    '../secret.jpg',
    '/etc/passwd',
    'img/../../secret.jpg',
    '..\\secret.jpg',
    '.',
  ])('may not refer outside its folder by %s', async (path) => {
    using scratch = new ScratchFolder();
    scratch.write('secret.jpg', 's');
    const manifest = scratch.write('set/m.csv', `path,label\n${path},x\n`);
    await expect(collect(manifest)).rejects.toMatchObject({ code: 'MANIFEST_PATH_OUTSIDE' });
  });

  it('may not refer outside its folder by a link', async () => {
    using scratch = new ScratchFolder();
    scratch.write('secret/1.jpg', 's');
    mkdirSync(scratch.at('set'));
    symlinkSync(scratch.at('secret'), scratch.at('set', 'img'));
    const manifest = scratch.write('set/m.csv', 'path,label\nimg/1.jpg,x\n');
    await expect(collect(manifest)).rejects.toMatchObject({ code: 'MANIFEST_PATH_OUTSIDE' });
  });

  it('rejects only a file that does not exist', async () => {
    using scratch = new ScratchFolder();
    scratch.write('b.jpg', 'B');
    const [a, b] = await collect(scratch.write('m.csv', 'path,label\na.jpg,x\nb.jpg,x\n'));
    await expect(a!.read()).rejects.toMatchObject({ code: 'MANIFEST_FILE_MISSING' });
    expect(Buffer.from(await b!.read()).toString()).toBe('B');
  });

  it('may contain URLs only if allowed', async () => {
    using scratch = new ScratchFolder();
    const path = scratch.write('m.csv', 'url,label\nhttps://example.org/a.jpg?signature=s3cret,x\n');
    const refused = collect(path);
    await expect(refused).rejects.toMatchObject({ code: 'URL_NOT_ALLOWED' });
    await expect(refused).rejects.not.toThrow(/s3cret/);
  });

  it('may have several columns without a name, and equal names inside a value', async () => {
    using scratch = new ScratchFolder();
    const csv = await collect(scratch.write('m.csv', 'path,label,,\na.jpg,x,,\n'));
    expect(csv).toMatchObject([{ label: 'x', attributes: {} }]);
    const row = { path: 'a.jpg', label: 'x', box: { label: 'y', x: [{ label: 'z' }] }, note: '"label": {' };
    const jsonl = await collect(scratch.write('m.jsonl', JSON.stringify(row)));
    expect(jsonl).toMatchObject([{ label: 'x', attributes: { box: JSON.stringify(row.box), note: row.note } }]);
  });

  it.each([
    ['null', '"label":null,'],
    ['no label', ''],
    ['an empty label', '"label":"",'],
    ['a blank label', '"label":" \\t",'],
  ])('in JSONL with %s in one row rejects this row with its line, as in CSV', async (_, label) => {
    using scratch = new ScratchFolder();
    const rows: string[] = [];
    for (let i = 0; i < 24; i++) {
      scratch.write(`${i}.jpg`, await smallPhoto(i));
      rows.push(`{${i === 0 ? label : `"label":"${i % 2 ? 'a' : 'b'}",`}"path":"${i}.jpg"}`);
    }
    const { rejected, examples } = await runExampleGen(scratch, { source: scratch.write('m.jsonl', rows.join('\n')) });
    expect(examples).toHaveLength(23);
    expect(rejected).toMatchObject([{ filename: '0.jpg', code: 'SOURCE_LABEL_MISSING' }]);
    expect(rejected[0]!.message).toMatch(/^0\.jpg: no label \(manifest line 1\)\./);
    const csv = rows.map((_row, i) => `${i}.jpg,${i === 0 ? '' : i % 2 ? 'a' : 'b'}`).join('\n');
    const other = await runExampleGen(scratch, { source: scratch.write('m.csv', `path,label\n${csv}`) });
    expect(other.rejected[0]!.message).toMatch(/^0\.jpg: no label \(manifest line 2\)\./);
  });

  it('says where a link leads that it names', async () => {
    using scratch = new ScratchFolder();
    symlinkSync('/nowhere/photo.jpg', scratch.at('gone.jpg'));
    symlinkSync('loop.jpg', scratch.at('loop.jpg'));
    const [gone, loop] = await collect(scratch.write('m.csv', 'path,label\ngone.jpg,x\nloop.jpg,x\n'));
    await expect(gone!.read()).rejects.toThrow(
      'gone.jpg cannot be read (it is a link to /nowhere/photo.jpg, which does not exist)',
    );
    await expect(loop!.read()).rejects.toThrow('it is a link that leads back to itself');
  });

  it('needs no labels when they are optional', async () => {
    using scratch = new ScratchFolder();
    const path = scratch.write('m.csv', 'path\na.jpg\n');
    expect(await collect(path, { labels: 'optional' })).toMatchObject([{ filename: 'a.jpg' }]);
  });
});
