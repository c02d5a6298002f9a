import { describe, expect, it } from 'vitest';
import { readJson } from './read-json.ts';

const read = (text: string) => readJson(Buffer.from(text));

describe('readJson', () => {
  it('reads what JSON.parse reads', () => {
    for (const value of [null, 1.5, 'a\\"b[[[', [], { a: [{ b: '\\\\' }, '{{{', '"'] }, 'é✓', ['\\', '[']]) {
      expect(read(JSON.stringify(value))).toEqual(value);
      expect(read(JSON.stringify(value, null, 2))).toEqual(value);
    }
  });

  it.each(['', '{', '{"a":', '[1,]', 'nope', '{"a" 1}', '"open', '"open\\'])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'REQUEST_JSON_INVALID' }));
  });

  it('refuses what nests deep before it is parsed', () => {
    expect(read('['.repeat(32) + ']'.repeat(32))).toHaveLength(1);
    for (const open of ['[', '{"a":', '[[{"a":[']) {
      const text = open.repeat(5_000_000 / open.length);
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'REQUEST_JSON_TOO_COMPLEX' }));
    }
  });

  it('refuses many values, and counts none inside of strings', () => {
    expect(() => read(`[${'0,'.repeat(60_000)}0]`)).toThrow(
      expect.objectContaining({ code: 'REQUEST_JSON_TOO_COMPLEX' }),
    );
    expect(read(JSON.stringify(',[{'.repeat(60_000)))).toHaveLength(180_000);
    expect(read(JSON.stringify('"\\'.repeat(60_000)))).toHaveLength(120_000);
  });
});
