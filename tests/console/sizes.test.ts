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

  /** Their target is 45, too. */
  const heavy: Record<string, number> = { 'screens/alert/screen.tsx': 60, 'screens/lineage/screen.tsx': 60 };

  it('at most 45 kB more for each screen', () => {
    expect(screens.length).toBeGreaterThan(0);
    for (const screen of screens)
      expect(kB([...withImports(screen)].filter((name) => !shell.has(name))), screen).toBeLessThanOrEqual(
        heavy[screen] ?? 45,
      );
  });

  it('at most 18 kB of styles with any screen', () => {
    for (const screen of screens) {
      const files = new Set([...shell, ...withImports(screen)].flatMap((name) => chunks[name]?.css ?? []));
      expect([...files].reduce((sum, file) => sum + gz(file), 0) / 1_000, screen).toBeLessThanOrEqual(18);
    }
  });
});
