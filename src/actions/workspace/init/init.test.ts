import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../../tests/support/scratch-folder.ts';
import { initProject } from './init.ts';

const folder = new ScratchFolder();
afterEach(() => folder[Symbol.dispose]());

const read = (name: string) => readFileSync(folder.at(name), 'utf8');
const manifest = () => JSON.parse(read('package.json'));

describe('a new project', () => {
  it('has a pipeline, a tsconfig and a package.json that refers to this Mitate', async () => {
    const { files, pipeline, photos } = await initProject(folder.at('My Leaves'));
    expect(files).toEqual(['.gitignore', 'README.md', 'package.json', 'pipeline.ts', 'tsconfig.json']);
    expect([pipeline, photos]).toEqual(['pipeline.ts', { folder: 'photos', exists: false, toMove: [] }]);
    const { name, type, scripts, dependencies, devDependencies } = JSON.parse(read('My Leaves/package.json'));
    expect([name, type]).toEqual(['my-leaves', 'module']);
    expect(scripts).toMatchObject({ start: 'mitate run pipeline.ts --param images=photos', check: 'tsc' });
    // a checkout is in no registry
    expect(dependencies.mitate).toMatch(/^file:/);
    expect(Object.keys(devDependencies)).toEqual(['@types/node', 'node', 'typescript']);
  });

  it.each([
    ['!!!', 'project'],
    ['mitate', 'mitateproject'],
  ])('in the folder %s has a name that npm accepts', async (dir, name) => {
    await initProject(folder.at(dir));
    expect(JSON.parse(read(`${dir}/package.json`)).name).toBe(name);
  });
});

describe('"init ." (it refused every folder that was not empty)', () => {
  it.each([
    ['photos/healthy/a.jpg', 'photos'],
    ['pictures/healthy/a.PNG', 'pictures'],
    ['my leaves/train/rust/a.webp', "'my leaves'"],
  ])('trains on the photos that are there: %s', async (photo, images) => {
    folder.write(photo, 'x');
    folder.write('.mitate/x/y.png', 'x');
    folder.write('node_modules/a/b/y.png', 'x');
    expect((await initProject(folder.path)).photos.exists).toBe(true);
    expect(manifest().scripts.start).toBe(`mitate run pipeline.ts --param images=${images}`);
  });

  it('names the label folders that lie beside the pipeline', async () => {
    for (const photo of ['rust/1.jpg', 'healthy/2.jpg', 'notes/3.txt']) folder.write(photo, 'x');
    expect((await initProject(folder.path)).photos).toEqual({
      folder: 'photos',
      exists: false,
      toMove: ['healthy', 'rust'],
    });
  });

  it('extends the package.json of npm init', async () => {
    const test = 'echo "Error: no test specified" && exit 1';
    const before = { name: 'x', version: '1.0.0', type: 'commonjs', scripts: { test, start: 'mine' } };
    folder.write('package.json', JSON.stringify({ ...before, dependencies: { mitate: '^9.0.0', other: '1' } }));
    expect((await initProject(folder.path)).pipeline).toBe('pipeline.ts');
    expect(manifest()).toMatchObject({ name: 'x', version: '1.0.0', type: 'module' });
    expect(manifest().scripts).toMatchObject({ start: 'mine', sample: 'mitate data sample photos' });
    expect(manifest().scripts.test).toBeUndefined();
    expect(manifest().dependencies).toEqual({ mitate: '^9.0.0', other: '1' });
  });

  it('leaves the module type of a project that has code, whose pipeline is .mts', async () => {
    folder.write('package.json', '{"type":"commonjs"}');
    folder.write('index.js', 'module.exports = 1;');
    expect((await initProject(folder.path)).pipeline).toBe('pipeline.mts');
    expect(manifest()).toMatchObject({ type: 'commonjs', scripts: { start: expect.stringContaining('pipeline.mts') } });
  });

  it('keeps a README, a tsconfig, and the lines of .gitignore', async () => {
    for (const name of ['README.md', 'tsconfig.json']) folder.write(name, 'mine');
    folder.write('.gitignore', 'node_modules/\nmine');
    const { files } = await initProject(folder.path);
    expect(files).toEqual(['.gitignore', 'package.json', 'pipeline.ts']);
    expect([read('README.md'), read('tsconfig.json')]).toEqual(['mine', 'mine']);
    expect(read('.gitignore')).toBe('node_modules/\nmine\n.mitate/\nphotos/\n');
  });

  it.each(['{', '[]', 'null'])('writes nothing beside a package.json that is %s', async (text) => {
    folder.write('package.json', text);
    await expect(initProject(folder.path)).rejects.toMatchObject({ code: 'INIT_PACKAGE_INVALID' });
    expect(read('package.json')).toBe(text);
    expect(() => read('pipeline.ts')).toThrow(/ENOENT/);
  });

  it('never replaces a pipeline', async () => {
    folder.write('pipeline.ts', 'mine');
    await expect(initProject(folder.path)).rejects.toMatchObject({ code: 'INIT_FOLDER_NOT_EMPTY' });
    expect(read('pipeline.ts')).toBe('mine');
  });
});
