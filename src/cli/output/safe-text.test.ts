import { describe, expect, it } from 'vitest';
import { byteSize, duration } from './duration.ts';
import { safeText } from './safe-text.ts';

describe('safeText', () => {
  it('shows control characters instead of obeying them', () => {
    expect(safeText('leaf\u001b[2J.jpg')).toBe('leaf\\u001b[2J.jpg');
    expect(safeText('a\nb\r')).toBe('a\\u000ab\\u000d');
  });
  it('shows bidirectional overrides, which hide a file ending', () => {
    expect(safeText('gpj\u202eexe')).toBe('gpj\\u202eexe');
  });
  it('leaves every script alone', () => {
    expect(safeText('うどんこ病 – ραβδί 🍃')).toBe('うどんこ病 – ραβδί 🍃');
  });
});

describe('duration and size', () => {
  it.each([
    [0.04, '0.0 s'],
    [9.96, '10 s'],
    [185, '3 min 05 s'],
    [7800, '2 h 10 min'],
  ])('%d s is %s', (seconds, text) => expect(duration(seconds)).toBe(text));
  it.each([
    [999, '999 B'],
    [1400, '1.4 kB'],
    [999_600, '1.0 MB'],
    [2.5e9, '2.5 GB'],
  ])('%d bytes are %s', (bytes, text) => expect(byteSize(bytes)).toBe(text));
});
