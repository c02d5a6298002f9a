import { describe, expect, it } from 'vitest';
import { Random } from '../../math/stats/random.ts';
import { readBase64 } from './read-base64.ts';

const random = new Random('base64');
const bytesOf = (length: number) => Buffer.from(Array.from({ length }, () => random.int(256)));

describe('readBase64', () => {
  it('reads both alphabets, with and without padding, line breaks and data: prefix', () => {
    for (let length = 1; length <= 64; length++) {
      const bytes = bytesOf(length);
      const text = bytes.toString('base64');
      const lines = text.replace(/.{19}/g, '$&\r\n');
      for (const form of [
        text,
        text.replace(/=+$/, ''),
        bytes.toString('base64url'),
        lines,
        `data:image/png;base64,${text}`,
      ])
        expect(readBase64(form, 'x')).toEqual(bytes);
    }
  });

  it.each([
    'a',
    'abcde',
    'ab!d',
    'ab=d',
    '=abc',
    'ab==cd==',
    'abc==',
    'a===',
    'äöü=',
    '[object Object]',
    'ab\0d',
  ])('refuses %j, naming its place', (text) => {
    expect(() => readBase64(text, 'images[3]')).toThrow(
      expect.objectContaining({ code: 'REQUEST_BASE64_INVALID', message: expect.stringContaining('images[3]') }),
    );
  });

  it.each([
    ['every "+"', (text: string) => text.replaceAll('+', ' ')],
    ['in lines', (text: string) => text.replaceAll('+', ' ').replace(/.{76}/g, '$&\n')],
    ['after a data: prefix', (text: string) => `data:image/jpeg;base64,${text.replaceAll('+', ' ')}`],
    ['one', (text: string) => text.replace('+', ' ')],
    ['four', (text: string) => text.replace('+', ' ').replace('+', ' ').replace('+', ' ').replace('+', ' ')],
  ])('refuses spaces for "+", which gave a damaged photo: %s', (_what, damage) => {
    const text = Buffer.from(Uint8Array.from({ length: 600 }, (_, i) => (i % 3 ? 0xbe : 0xfb))).toString('base64');
    expect(text.match(/\+/g)!.length).toBeGreaterThan(4);
    expect(() => readBase64(damage(text), 'x')).toThrow(/%2B/);
  });

  it('reads indented lines', () => {
    const bytes = bytesOf(100);
    const lines = bytes.toString('base64').replace(/.{20}/g, '$&\r\n    ');
    expect(readBase64(`\n    ${lines}\n`, 'x')).toEqual(bytes);
    expect(readBase64(`data:image/png;base64, ${bytes.toString('base64')}`, 'x')).toEqual(bytes);
  });

  it('refuses what is no text, and no text', () => {
    for (const value of [undefined, null, 7, true, [], {}])
      expect(() => readBase64(value, 'x')).toThrow(expect.objectContaining({ code: 'REQUEST_SHAPE_INVALID' }));
    for (const value of ['', 'data:image/png;base64,'])
      expect(() => readBase64(value, 'x')).toThrow(expect.objectContaining({ code: 'REQUEST_WITHOUT_IMAGE' }));
  });
});
