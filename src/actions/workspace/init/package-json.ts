import { readdir, readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { shellWord } from '../../../codecs/shell-word.ts';
import { packageRoot } from '../../../config/package-root.ts';
import { MitateError } from '../../../errors/index.ts';

interface Manifest {
  name?: string;
  private?: boolean;
  type?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  [field: string]: unknown;
}

/**
 * The package.json of a new project, or the one that is there with what it lacks.
 * @param photos folder of the photos, relative to the project
 * @returns isModule = `.ts` files beside it are ES modules
 * @throws INIT_PACKAGE_INVALID
 */
export async function manifestOf(folder: string, photos: string): Promise<{ manifest: Manifest; isModule: boolean }> {
  const present = await read(join(folder, 'package.json'));
  const own = (await read(join(packageRoot, 'package.json'))) as Manifest & { version: string };
  // npm init writes "commonjs", which matters to nobody as long as there is no code
  const type = present && (await hasCode(folder)) ? present.type : 'module';
  const pipeline = type === 'module' ? 'pipeline.ts' : 'pipeline.mts';
  const { node, typescript, '@types/node': types } = own.devDependencies ?? {};
  const manifest: Manifest = {
    ...(present ?? { name: nameOf(folder), private: true }),
    ...(type !== undefined && { type }),
    scripts: {
      sample: 'mitate data sample photos',
      start: `mitate run ${pipeline} --param images=${shellWord(photos)}`,
      check: 'tsc',
      ...withoutPlaceholder(present?.scripts),
    },
    dependencies: { mitate: await whereFrom(folder, own.version), ...present?.dependencies },
    devDependencies: {
      ...(types !== undefined && { '@types/node': types }),
      ...(node !== undefined && { node }),
      ...(typescript !== undefined && { typescript }),
      ...present?.devDependencies,
    },
  };
  if (present?.devDependencies?.mitate !== undefined) delete manifest.dependencies?.mitate;
  return { manifest, isModule: type === 'module' };
}

async function read(path: string): Promise<Manifest | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Manifest;
    throw new SyntaxError('it is not an object');
  } catch (error) {
    throw new MitateError('INIT_PACKAGE_INVALID', { path, reason: (error as Error).message });
  }
}

/** npm init's script "test" only prints that there is none. */
function withoutPlaceholder(scripts: Record<string, string> = {}): Record<string, string> {
  const isPlaceholder = ([name, script]: [string, string]) => name === 'test' && script.includes('no test specified');
  return Object.fromEntries(Object.entries(scripts).filter((entry) => !isPlaceholder(entry)));
}

async function hasCode(folder: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => /\.[jt]sx?$/.test(name));
}

function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '');
  return name === '' || name === 'node_modules' || name === 'mitate' ? `${name}project` : name;
}

/**
 * How package.json refers to this Mitate: as the project does that it is installed in (npx has one, too), otherwise by its path: a checkout, a global
 * installation.
 */
async function whereFrom(folder: string, version: string): Promise<string> {
  const at = packageRoot.indexOf(`${sep}node_modules${sep}`);
  const host = at < 0 ? undefined : packageRoot.slice(0, at);
  const parent = host === undefined ? undefined : await read(join(host, 'package.json')).catch(() => undefined);
  const spec = parent?.dependencies?.mitate ?? parent?.devDependencies?.mitate;
  if (host === undefined || spec === undefined) return pathSpec(folder, packageRoot);
  const local = /^(?:file:|link:)(.*)$/.exec(spec)?.[1];
  if (local !== undefined) return pathSpec(folder, resolve(host, local));
  return spec === '' || spec === '*' || spec === 'latest' ? `^${version}` : spec;
}

function pathSpec(folder: string, target: string): string {
  const path = relative(folder, target);
  return `file:${isAbsolute(path) ? path : path.split(sep).join('/')}`;
}
