import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ScratchFolder } from '../support/scratch-folder.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: Record<
    string,
    {
      version: string;
      dev?: boolean;
      hasInstallScript?: boolean;
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    }
  >;
};
const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);

it('were reviewed in the version that is installed', () => {
  const rows = read('docs/contributing/dependencies.md').matchAll(/^\| (\S+) \| (\d\S+) \|/gm);
  const reviewed = Object.fromEntries([...rows].map(([, name, version]) => [name, version]));
  const versions = Object.keys(dependencies).map((name) => [name, packages[`node_modules/${name}`]!.version]);
  expect(reviewed).toEqual(Object.fromEntries(versions));
});

it('have a reason in ARCHITECTURE.md', () => {
  const architecture = read('ARCHITECTURE.md');
  for (const name of Object.keys(dependencies)) expect(architecture, name).toMatch(new RegExp(`[|,] ${name}[ ,]`));
});

it('are all in the lock file, also the optional ones of other systems, or `npm ci` refuses it', () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(path, name))
      .map((name) => `${path} needs ${name}`),
  );
  expect(missing).toEqual([]);
});

it('run no script when they are installed', () => {
  expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
});

it('are all in the bill of materials, with the weights of the backbone and licences', () => {
  using folder = new ScratchFolder();
  const file = join(folder.path, 'mitate.cdx.json');
  execFileSync(process.execPath, [join(root, 'scripts/sbom.ts'), file], { cwd: root });
  const bom = JSON.parse(readFileSync(file, 'utf8')) as {
    specVersion: string;
    metadata: { component: { name: string } };
    components: { name: string; version: string; licenses: unknown[] }[];
  };
  expect([bom.specVersion, bom.metadata.component.name]).toEqual(['1.5', 'mitate']);
  const listed = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
  const missing = installed
    .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`)
    .filter((name) => !listed.has(name));
  expect(missing).toEqual([]);
  expect([...listed].filter((name) => name.startsWith('nsfwjs weights'))).toHaveLength(1);
  expect(bom.components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([]);
});

/** Whether a folder at or above that of the package holds the one named, as Node looks for it. */
function isLocked(from: string, name: string): boolean {
  const parts = `/${from}`.split('/node_modules/');
  return parts.some((_, at) => {
    const above = [...parts.slice(1, parts.length - at), name];
    return above.map((part) => `node_modules/${part}`).join('/') in packages;
  });
}
