import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
const plain = /^[\x20-\x7e]*$/;

/** Columns of a terminal that `text` takes, in any script. The tables for other scripts take 20 ms to load, and most commands need none. */
export function cellWidth(text: string): number {
  if (plain.test(text)) return text.length;
  const { default: stringWidth } = load('string-width') as typeof import('string-width');
  return stringWidth(text);
}
