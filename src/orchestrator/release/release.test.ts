import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack as newPack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { packBundle, unpackBundle } from './bundle.ts';
import { codeDigest, collectCode } from './collect-code.ts';
import { commitOf } from './commit-of.ts';
import { placeCode } from './place-code.ts';

let folder: ScratchFolder;
beforeEach(() => {
  folder = new ScratchFolder();
});
afterEach(() => folder[Symbol.dispose]());

/** A project with these files; its pipeline is `flow/pipeline.ts`. */
function project(files: Record<string, string>): string {
  for (const [path, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(folder.at(path)), { recursive: true });
    writeFileSync(folder.at(path), text);
  }
  return folder.at('flow/pipeline.ts');
}

const refusal = (code: string) => expect.objectContaining({ code });

describe('the code of a release', () => {
  const files = {
    'flow/pipeline.ts': `
      import { definePipeline } from 'mitate';
      import fs from 'node:fs';
      import type { Leaf } from 'nowhere';
      import { a } from '../lib/a.ts';
      // import './comment.ts'
      const text = "import './text.ts'";
      const table = new URL('./labels.json', import.meta.url);
      const late = () => import('./late.ts');`,
    'flow/labels.json': '["well"]',
    'flow/late.ts': 'export {};',
    'flow/unused.ts': 'export {};',
    'lib/a.ts': "export * from './b.js'; import '../flow/pipeline.ts';",
    'lib/b.js': 'export const b = 1;',
  };

  it('contains what the pipeline imports from its project, lazily or in a cycle, and files referred to by URL', async () => {
    const code = await collectCode(project(files));
    expect(code.entry).toBe('flow/pipeline.ts');
    expect(code.files.map(({ path }) => path)).toEqual([
      'flow/labels.json',
      'flow/late.ts',
      'flow/pipeline.ts',
      'lib/a.ts',
      'lib/b.js',
      'package.json',
    ]);
  });

  it('has a digest of every file that it reaches, and of no other', async () => {
    const file = project(files);
    const before = codeDigest(await collectCode(file));
    writeFileSync(folder.at('flow/unused.ts'), 'changed');
    expect(codeDigest(await collectCode(file))).toBe(before);
    writeFileSync(folder.at('lib/b.js'), 'export const b = 2;');
    expect(codeDigest(await collectCode(file))).not.toBe(before);
  });

  it.each([
    ['a package', "import lodash from 'lodash';", 'RELEASE_IMPORT_UNKNOWN'],
    ['an import that nobody can follow', 'const x = await import(name);', 'RELEASE_IMPORT_UNKNOWN'],
    ['a file whose name nobody can follow', `new URL(\`./\${name}.json\`, import.meta.url)`, 'RELEASE_IMPORT_UNKNOWN'],
    ['a missing file in backticks', 'new URL(`./gone.json`, import.meta.url)', 'FILE_UNREADABLE'],
    ['a file outside the project', "import '../../outside.ts';", 'RELEASE_FILE_OUTSIDE'],
    ['a link out of the project', "import './link.ts';", 'RELEASE_FILE_OUTSIDE'],
    ['a file of node_modules', "import '../node_modules/x/index.js';", 'RELEASE_FILE_OUTSIDE'],
    ['a missing file', "import './gone.ts';", 'FILE_UNREADABLE'],
    ['what is not a module', "import {{{ from './a.ts'", 'PIPELINE_FILE_INVALID'],
    ['more than a release may be', `new URL('./big.bin', import.meta.url)`, 'RELEASE_TOO_LARGE'],
  ])('rejects %s', async (_what, text, code) => {
    using outside = new ScratchFolder();
    writeFileSync(outside.at('outside.ts'), 'export {};');
    const file = project({ 'flow/pipeline.ts': text, 'node_modules/x/index.js': '', 'flow/big.bin': '' });
    if (code === 'RELEASE_TOO_LARGE') writeFileSync(folder.at('flow/big.bin'), new Uint8Array(5 * 1024 * 1024));
    symlinkSync(outside.at('outside.ts'), folder.at('flow/link.ts'));
    await expect(collectCode(file)).rejects.toEqual(refusal(code));
  });
});

describe('the commit of a release', () => {
  it('is known only when it contains every file unchanged', async () => {
    const file = project({ 'flow/pipeline.ts': "import '../lib/a.ts';", 'lib/a.ts': '', '.gitignore': 'lib' });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=m', '-c', 'user.email=m@x.example', ...args], { cwd: folder.path });
    const paths = (await collectCode(file)).files.map(({ path }) => path);
    expect(await commitOf(file, paths)).toBeNull();
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    // lib/a.ts is ignored
    expect(await commitOf(file, paths)).toBeNull();
    git('add', '-f', 'lib');
    git('commit', '-q', '-m', 'second');
    const head = git('rev-parse', 'HEAD').toString().trim();
    writeFileSync(folder.at('flow/other.ts'), 'not of the release');
    expect(await commitOf(file, paths)).toBe(head);
    writeFileSync(folder.at('lib/a.ts'), '// changed');
    expect(await commitOf(file, paths)).toBeNull();
  });
});

describe('a bundle', () => {
  it('unpacks to the code that was packed, and the same code packs to the same bytes', async () => {
    const code = await collectCode(project({ 'flow/pipeline.ts': 'export default 1;' }));
    const bundle = await packBundle(code);
    expect(await packBundle(code)).toEqual(bundle);
    const unpacked = await unpackBundle(bundle);
    expect(unpacked.entry).toBe(code.entry);
    expect(codeDigest(unpacked)).toBe(codeDigest(code));
  });

  const manifest = { name: 'mitate-release.json', text: '{"formatVersion":1,"entry":"p.ts"}' };
  const own = { name: 'project/p.ts', text: '' };
  const archive = async (...entries: { name: string; text?: string; type?: 'symlink'; linkname?: string }[]) => {
    const pack = newPack();
    for (const { name, text = '', type, linkname } of entries)
      if (type) pack.entry({ name, type, linkname: linkname! });
      else pack.entry({ name }, text);
    pack.finalize();
    return gzipSync(await buffer(pack as unknown as NodeJS.ReadableStream));
  };

  it.each([
    ['what climbs out', () => archive(manifest, own, { name: 'project/../../etc/cron.d/x' })],
    ['an absolute name', () => archive(manifest, own, { name: '/etc/passwd' })],
    ['a name of Windows', () => archive(manifest, own, { name: 'project/a\\b.ts' })],
    ['a link', () => archive(manifest, own, { name: 'project/l', type: 'symlink', linkname: '/etc/passwd' })],
    ['modules of its own', () => archive(manifest, own, { name: 'project/node_modules/mitate/index.js' })],
    ['a file twice', () => archive(manifest, own, own)],
    ['one without its pipeline', () => archive(manifest, { name: 'project/q.ts' })],
    ['one without a manifest', () => archive(own)],
    ['one of another format', () => archive({ ...manifest, text: '{"formatVersion":2,"entry":"p.ts"}' }, own)],
    ['what is not gzip', async () => Buffer.from('hello')],
    ['a bomb', async () => gzipSync(new Uint8Array(64 * 1024 * 1024))],
    ['one that was cut', async () => (await archive(manifest, own)).subarray(0, 60)],
  ])('is refused: %s', async (_what, bytes) => {
    await expect(unpackBundle(await bytes())).rejects.toEqual(refusal('RELEASE_BUNDLE_INVALID'));
  });

  it('has the released digest where it is placed, whatever is around that folder', async () => {
    const file = project({ 'flow/pipeline.ts': "import '../lib/a.ts';", 'lib/a.ts': '' });
    rmSync(folder.at('package.json'));
    writeFileSync(folder.at('mitate.config.mjs'), '');
    const code = await collectCode(file);
    using server = new ScratchFolder();
    server.write('package.json', '{"type":"module"}');
    const placed = await placeCode(server.at('releases'), code);
    expect(codeDigest(await collectCode(placed))).toBe(codeDigest(code));
  });

  it('is placed once and completely, also by several processes at once', async () => {
    const code = await collectCode(project({ 'flow/pipeline.ts': 'export default 1;' }));
    const target = folder.at('releases');
    const placed = await Promise.all([placeCode(target, code), placeCode(target, code), placeCode(target, code)]);
    expect(new Set(placed).size).toBe(1);
    expect(readFileSync(placed[0]!, 'utf8')).toBe('export default 1;');
    expect(readdirSync(target)).toEqual([codeDigest(code)]);
    expect(existsSync(join(target, codeDigest(code), 'package.json'))).toBe(true);
  });
});
