import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The page of docs/guides/feedback.md, for an endpoint and with a key. */
export function guidePage(endpoint: string, key: string): { html: string; script: string } {
  const guide = readFileSync(join(root, 'docs/guides/feedback.md'), 'utf8');
  const block = (language: string) => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(guide)?.[1] ?? '';
  const script = block('ts').replace('mk_...', key).replace("'leaf-health'", JSON.stringify(endpoint));
  return { html: block('html'), script };
}

/** As its author bundles it: `page.js` next to `index.html`. */
export async function bundlePage({ html, script }: ReturnType<typeof guidePage>, folder: string): Promise<void> {
  writeFileSync(join(folder, 'index.html'), html);
  const stdin = { contents: script, loader: 'ts', resolveDir: root } as const;
  const outfile = join(folder, 'page.js');
  await build({ stdin, bundle: true, format: 'esm', platform: 'browser', conditions: ['mitate:source'], outfile });
}

/** What `tsc --strict` reports of a script in a browser project: the DOM library, no types of Node. Empty = it compiles. */
export async function problemsOf(script: string, folder: string): Promise<string> {
  const options = {
    strict: true,
    noEmit: true,
    target: 'es2024',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: [],
    noUncheckedIndexedAccess: true,
    paths: { 'mitate/client': [join(root, 'dist/client/index.d.ts')] },
  };
  writeFileSync(join(folder, 'page.ts'), script);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['page.ts'] }));
  const about = createRequire(import.meta.url).resolve('typescript/package.json');
  const compiler = join(dirname(about), JSON.parse(readFileSync(about, 'utf8')).bin.tsc);
  return await promisify(execFile)(process.execPath, [compiler, '-p', folder]).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
}
