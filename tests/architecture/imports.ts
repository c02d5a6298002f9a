import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const src = fileURLToPath(new URL('../../src', import.meta.url));

/** A module specifier in a file of src/; paths are relative to src/, with forward slashes. */
export interface Import {
  from: string;
  /** A file of src/ or a package. */
  to: string;
  isLocal: boolean;
  isTypeOnly: boolean;
  /** `import(...)`, `new URL(...)` or `childEntry(...)`: loaded later, if at all. */
  isLazy: boolean;
  /** `new URL(...)` or `childEntry(...)`: the entry of a child process, not loaded here. */
  isEntry: boolean;
}

const slashes = (path: string) => path.split(sep).join('/');

/** Files of src/ that are shipped: no tests. */
export function sources(): string[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.(test|bench)\.tsx?$/.test(entry.name))
    .map((entry) => slashes(relative(src, join(entry.parentPath, entry.name))))
    .sort();
}

const forms: { pattern: RegExp; isLazy: boolean; isEntry?: true }[] = [
  { pattern: /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s*['"]([^'"]+)['"]/g, isLazy: false },
  { pattern: /(?:^|\n)\s*import\s+()['"]([^'"]+)['"]/g, isLazy: false },
  { pattern: /\bimport\(\s*()['"]([^'"]+)['"]/g, isLazy: true },
  { pattern: /\bnew URL\(\s*()['"](\.[^'"]+\.[jt]s)['"]\s*,\s*import\.meta\.url/g, isLazy: true, isEntry: true },
  { pattern: /\bchildEntry\(\s*()['"](\.[^'"]+\.ts)['"]\s*,\s*import\.meta\.url/g, isLazy: true, isEntry: true },
  { pattern: /\brequire\(\s*()['"]([^'"]+)['"]/g, isLazy: true },
];

/** A file without its comments. */
export function codeOf(file: string): string {
  return readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g, '$1');
}

export function importsOf(file: string): Import[] {
  const text = codeOf(file);
  return forms.flatMap(({ pattern, isLazy, isEntry = false }) =>
    [...text.matchAll(pattern)].map(([, type, specifier = '']) => {
      const isLocal = specifier.startsWith('.');
      const to = isLocal ? slashes(normalize(join(dirname(file), specifier))) : specifier;
      return { from: file, to, isLocal, isTypeOnly: type !== undefined && type !== '', isLazy, isEntry };
    }),
  );
}

/** Every file of src/ with the files it imports: types and lazy imports too. */
export function importGraph(): Map<string, string[]> {
  const edges = (file: string) => importsOf(file).filter(({ isLocal, isEntry }) => isLocal && !isEntry);
  return new Map(sources().map((file) => [file, edges(file).map(({ to }) => to)]));
}

/** At least one path per cycle, `a -> b -> a`; none = every import leads away from where it started. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]) => {
    if (path.includes(file)) return void cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file)) return;
    for (const to of graph.get(file) ?? []) walk(to, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return cycles;
}

/** The folder directly under src/; the public API counts as one. */
export function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] as string) : path;
}

/** Every package that is loaded when a file is, through all that it imports. */
export function packagesLoadedBy(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const { to, isLocal, isTypeOnly, isLazy } of importsOf(file)) {
    if (isTypeOnly || isLazy) continue;
    if (!isLocal) packages.add(to);
    else for (const name of packagesLoadedBy(to, seen)) packages.add(name);
  }
  return packages;
}
