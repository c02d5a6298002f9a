import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

it('installing downloads no CUDA files, and npm prints no warning about .npmrc', () => {
  // npm 11 obeys allowScripts; npm 10 runs the install scripts that the lock file marks
  expect(JSON.parse(read('package.json')).allowScripts).toMatchObject({ 'onnxruntime-node': false });
  const { packages } = JSON.parse(read('package-lock.json'));
  expect(packages['node_modules/onnxruntime-node'].hasInstallScript).toBeUndefined();
  // npm 11 warns on every call about a setting that it does not know
  expect(read('.npmrc')).toBe('fund=false\naudit=false\n');
});
