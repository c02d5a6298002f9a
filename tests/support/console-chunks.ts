import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const built = join(import.meta.dirname, '../../dist/console');

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

/** What Vite built for the console, by source file. */
export class ConsoleChunks {
  readonly #chunks = JSON.parse(readFileSync(join(built, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
  readonly shell = this.withImports('index.html');
  readonly screens = Object.keys(this.#chunks).filter((name) => /^screens\/[^/]+\/screen\.tsx$/.test(name));

  /** A chunk with all that it loads before it runs. */
  withImports(name: string, seen = new Set<string>()): Set<string> {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const each of this.#chunks[name]?.imports ?? []) this.withImports(each, seen);
    return seen;
  }

  /** Compressed kB of the scripts. */
  scripts(names: Iterable<string>): number {
    return [...names].reduce((sum, name) => sum + kB(this.#chunks[name]!.file), 0);
  }

  /** Compressed kB of the styles. */
  styles(names: Iterable<string>): number {
    const files = new Set([...names].flatMap((name) => this.#chunks[name]?.css ?? []));
    return [...files].reduce((sum, file) => sum + kB(file), 0);
  }

  /** What a screen loads that the shell has not, apart from what others load, too. */
  get ownOfScreens(): { screen: string; own: string[] }[] {
    const loads = this.screens.map((screen) => [...this.withImports(screen)].filter((name) => !this.shell.has(name)));
    const isShared = (name: string) => loads.filter((names) => names.includes(name)).length > 1;
    return loads.map((names, i) => ({ screen: this.screens[i]!, own: names.filter((name) => !isShared(name)) }));
  }

  get sharedByScreens(): Set<string> {
    const own = new Set(this.ownOfScreens.flatMap((each) => each.own));
    const all = this.screens.flatMap((screen) => [...this.withImports(screen)]);
    return new Set(all.filter((name) => !this.shell.has(name) && !own.has(name)));
  }
}

const kB = (file: string) => gzipSync(readFileSync(join(built, file)), { level: 9 }).length / 1_000;
