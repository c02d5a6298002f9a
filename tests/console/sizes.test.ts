import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const built = join(import.meta.dirname, '../../dist/console');

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  isDynamicEntry?: boolean;
}
const chunks = JSON.parse(readFileSync(join(built, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;

/** A chunk with all that it loads before it runs. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const each of chunks[name]?.imports ?? []) withImports(each, seen);
  return seen;
}
const gz = (file: string) => gzipSync(readFileSync(join(built, file)), { level: 9 }).length;
const kB = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + gz(chunks[name]!.file), 0) / 1_000;

/** Compressed kB, as built. */
describe('the pages load', () => {
  const shell = withImports('index.html');
  const screens = Object.keys(chunks).filter((name) => /^screens\/[^/]+\/screen\.tsx$/.test(name));

  it('at most 90 kB of scripts for Diagnose, 160 for the shell of the console', () => {
    expect(kB(withImports('diagnose.html'))).toBeLessThanOrEqual(90);
    expect(kB(shell)).toBeLessThanOrEqual(160);
  });

  it('at most 45 kB more for each screen, beside at most 90 for the parts that screens share', () => {
    expect(screens.length).toBeGreaterThan(0);
    const loads = screens.map((screen) => [...withImports(screen)].filter((name) => !shell.has(name)));
    const isShared = (name: string) => loads.filter((names) => names.includes(name)).length > 1;
    for (const [i, names] of loads.entries())
      expect(kB(names.filter((name) => !isShared(name))), screens[i]).toBeLessThanOrEqual(45);
    expect(kB(new Set(loads.flat().filter(isShared)))).toBeLessThanOrEqual(90);
  });

  it('at most 18 kB of styles with any screen', () => {
    for (const screen of screens) {
      const files = new Set([...shell, ...withImports(screen)].flatMap((name) => chunks[name]?.css ?? []));
      expect([...files].reduce((sum, file) => sum + gz(file), 0) / 1_000, screen).toBeLessThanOrEqual(18);
    }
  });
});
