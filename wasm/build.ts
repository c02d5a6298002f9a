import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `node wasm/build.ts`: compiles pixels.as.ts into src/vision/resample/wasm-bytes.ts. The compiler is fetched when it is needed: it takes 100 MB,
 * and its 1 KB of output is in the repository.
 */
const compiler = 'assemblyscript@0.28.20';
const source = fileURLToPath(new URL('pixels.as.ts', import.meta.url));
const target = new URL('../src/vision/resample/wasm-bytes.ts', import.meta.url);

const scratch = mkdtempSync(join(tmpdir(), 'mitate-wasm-'));
try {
  const out = join(scratch, 'pixels.wasm');
  const options = ['--runtime', 'stub', '--use', 'abort=', '--enable', 'simd', '-O3', '--noAssert', '-o', out];
  execFileSync('npx', ['--yes', '--package', compiler, 'asc', source, ...options], { stdio: 'inherit' });
  const lines = readFileSync(out, 'base64').match(/.{1,110}/g)!;
  const text = [
    `// Written by wasm/build.ts with ${compiler}. Do not edit.`,
    '',
    '/** sha256 of wasm/pixels.as.ts. */',
    `export const sourceDigest = '${createHash('sha256').update(readFileSync(source)).digest('hex')}';`,
    '',
    'export const wasmBase64 =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ];
  writeFileSync(target, text.join('\n'));
} finally {
  rmSync(scratch, { recursive: true });
}
