import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { prepareBackbones } from '../../scripts/prepare/backbones.ts';
import { prepareDist } from '../../scripts/prepare/dist.ts';
import { lockPath, withLock } from '../../scripts/prepare/lock.ts';
import { swapFolder } from '../../scripts/prepare/swap.ts';
import { prepareWeights } from '../../scripts/prepare/weights.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A checkout of two files. */
async function smallCheckout(root: string): Promise<void> {
  await mkdir(join(root, 'src/store/migrations'), { recursive: true });
  await writeFile(join(root, 'src/one.ts'), 'export const one: number = 1;\n');
  await writeFile(join(root, 'src/one.test.ts'), 'this is no TypeScript');
  await writeFile(join(root, 'src/store/migrations/0.sql'), 'select 1;');
  const settings = {
    compilerOptions: { outDir: 'dist', rootDir: 'src', types: [] },
    include: ['src'],
    exclude: ['**/*.test.ts'],
  };
  await writeFile(join(root, 'tsconfig.build.json'), JSON.stringify(settings));
  for (const name of ['tsconfig.json', 'package.json', 'package-lock.json']) await writeFile(join(root, name), '{}');
}

describe('prepare', () => {
  it('compiles what changed, copies the rest, and is done at once when nothing changed', async () => {
    using folder = temporaryFolder();
    const root = folder.path;
    await smallCheckout(root);
    expect(await prepareDist(root)).toEqual({ changed: true });
    expect((await readdir(join(root, 'dist'), { recursive: true })).sort()).toEqual(
      ['.stamp', 'one.js', 'store', 'store/migrations', 'store/migrations/0.sql'].map((path) => join(path)),
    );
    expect(await prepareDist(root)).toEqual({ changed: false });
    await rm(join(root, 'src/store'), { recursive: true });
    await writeFile(join(root, 'src/one.ts'), 'export const one: number = 2;\n');
    expect(await prepareDist(root)).toEqual({ changed: true });
    expect(existsSync(join(root, 'dist/store'))).toBe(false);
  });

  it('keeps the old dist when there are type errors, and tries again next time', async () => {
    using folder = temporaryFolder();
    const root = folder.path;
    await smallCheckout(root);
    await prepareDist(root);
    await writeFile(join(root, 'src/one.ts'), 'export const one: number = "one";\n');
    for (let time = 0; time < 2; time++) {
      expect(await prepareDist(root)).toEqual({ changed: false, problem: expect.stringContaining('type errors') });
      expect(await readFile(join(root, 'dist/one.js'), 'utf8')).toContain('one = 1');
    }
    expect((await readdir(root)).filter((name) => /new|old/.test(name))).toEqual([]);
  });

  it('converts the backbones only when the converter or nsfwjs changed', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    await prepareBackbones(root);
    const file = join(root, 'assets/backbones/mobilenet-v2.onnx');
    const { mtimeMs } = await stat(file);
    expect(await prepareBackbones(root)).toEqual({ changed: false });
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  it('goes on without the weights that only pip can fetch, says so once, and tries again the next day', async () => {
    using folder = temporaryFolder();
    const root = folder.path;
    const { PATH } = process.env;
    process.env.PATH = root;
    try {
      expect(await prepareWeights(root)).toEqual({
        changed: false,
        note: expect.stringMatching(/^The weights of .* could not be downloaded: .*mobilenet-v2 meanwhile\.$/),
      });
      expect(await prepareWeights(root)).toEqual({ changed: false });
      const yesterday = new Date(Date.now() - 25 * 3_600_000);
      await utimes(join(root, 'assets/backbones/.weights-tried'), yesterday, yesterday);
      expect(await prepareWeights(root)).toMatchObject({ note: expect.any(String) });
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('leaves a folder alone when filling its successor fails', async () => {
    using folder = temporaryFolder();
    const target = join(folder.path, 'out');
    await swapFolder(target, (fresh) => writeFile(join(fresh, 'a'), '1'));
    await expect(swapFolder(target, () => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(await readdir(folder.path)).toEqual(['out']);
    expect(await readdir(target)).toEqual(['a']);
  });

  it('lets one run at a time, and takes over from a dead one', async () => {
    using folder = temporaryFolder();
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 30));
      inside--;
    };
    // No system gives out process numbers as high.
    await writeFile(lockPath(folder.path), '2147483646');
    await Promise.all([1, 2, 3].map(() => withLock(folder.path, work)));
    expect(most).toBe(1);
    expect(existsSync(lockPath(folder.path))).toBe(false);
  });
});
