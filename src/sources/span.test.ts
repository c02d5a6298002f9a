import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { resolveSpans } from './span.ts';

const resolveSpan = (source: string, wanted: 'latest' | number) => resolveSpans(source, wanted).at(-1)!;

describe('a span pattern', () => {
  it('takes the highest span as a number, and the highest version in it', () => {
    using scratch = new ScratchFolder();
    for (const name of ['span-2/v1/img', 'span-10/v2/img', 'span-10/v11/img', 'span-x/v1/img', 'span-99/v1']) {
      mkdirSync(scratch.at(name), { recursive: true });
    }
    const source = scratch.at('span-{SPAN}', 'v{VERSION}', 'img');
    expect(resolveSpan(source, 'latest')).toEqual({ path: scratch.at('span-10/v11/img'), span: 10, version: 11 });
    expect(resolveSpan(source, 2)).toEqual({ path: scratch.at('span-2/v1/img'), span: 2, version: 1 });
    expect(() => resolveSpan(source, 3)).toThrow(expect.objectContaining({ code: 'SPAN_NOT_FOUND' }));
  });

  it('requires the given width', () => {
    using scratch = new ScratchFolder();
    for (const name of ['0007.zip', '7.zip', '12345.zip', '00008.zip']) scratch.write(name, '');
    expect(resolveSpan(scratch.at('{SPAN:04}.zip'), 'latest').path).toBe(scratch.at('12345.zip'));
    expect(resolveSpan(scratch.at('{SPAN:04}.zip'), 7).path).toBe(scratch.at('0007.zip'));
    expect(() => resolveSpan(scratch.at('{SPAN:04}.zip'), 8)).toThrow(/SPAN/);
  });

  it('is not resolved in a path without a pattern', () => {
    expect(resolveSpan('/photos (1)/[a]', 'latest')).toEqual({ path: '/photos (1)/[a]', span: null, version: 0 });
  });
});
