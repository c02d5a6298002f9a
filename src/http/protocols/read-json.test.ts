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

  it('skips a byte order mark, and names UTF-16', () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    expect(readJson(Buffer.concat([mark, Buffer.from('{"é":1}')]))).toEqual({ é: 1 });
    expect(() => readJson(Buffer.concat([mark, mark, Buffer.from('1')]))).toThrow(/not valid JSON/);
    expect(() => readJson(mark)).toThrow(/not valid JSON/);
    for (const order of [
      [0xff, 0xfe],
      [0xfe, 0xff],
    ])
      expect(() => readJson(Buffer.concat([Buffer.from(order), Buffer.from('[1]', 'utf16le')]))).toThrow(/send UTF-8/);
  });

  it('refuses text that no database stores, and says where', () => {
    const refused = (text: string, where: string) =>
      expect(() => read(text)).toThrow(
        expect.objectContaining({ code: 'REQUEST_TEXT_INVALID', message: expect.stringContaining(where) }),
      );
    refused('{"a":[{"b":"x\\u0000"}]}', 'a.0.b contains a NUL');
    refused('{"a":"\\uD83C"}', 'a contains half');
    refused('{"a\\u0000":1}', 'a name');
    refused('"\\udf43\\ud83c"', 'The body contains half');
    expect(read('["\\ud83c\\udf43","\\\\u0000"]')).toEqual(['🍃', '\\u0000']);
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
