import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

const placeholder = /\{(?:SPAN|VERSION)(?::0?\d+)?\}/;
const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * Whether a path, in which `{SPAN}` and `{VERSION}` stand for digits, may be a folder, be inside it, or have it inside.
 * @param pattern absolute, behind links: see `realStart`
 */
export function mayTouch(pattern: string, folder: string): boolean {
  const segments = folder.split(sep);
  return pattern.split(sep).every((segment, i) => {
    const other = segments[i];
    if (other === undefined || segment === '') return true;
    return new RegExp(`^${segment.split(placeholder).map(literal).join('\\d+')}$`, 'u').test(other);
  });
}

/** Where links lead; of a path that does not exist, such as one with a placeholder, the existing part of it. */
export function realStart(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  return dirname(path) === path ? path : join(realStart(dirname(path)), basename(path));
}
