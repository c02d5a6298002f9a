import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isMitateError } from '../errors/index.ts';
import { identifyFormat } from './identify.ts';

const flat = sharp({ create: { width: 16, height: 12, channels: 3, background: '#385' } });
const text = (value: string) => new TextEncoder().encode(value);
const iso = (...brands: string[]) => {
  const bytes = Buffer.alloc(8 + 8 + 4 * (brands.length - 1) + 64);
  bytes.writeUInt32BE(8 + 8 + 4 * (brands.length - 1));
  bytes.write(`ftyp${brands[0]}`, 4, 'latin1');
  for (const [i, brand] of brands.slice(1).entries()) bytes.write(brand, 16 + 4 * i, 'latin1');
  return bytes;
};
function codeOf(bytes: Uint8Array): string {
  try {
    identifyFormat(bytes);
    return 'accepted';
  } catch (error) {
    if (!isMitateError(error)) throw error;
    expect(error.remedy.length).toBeGreaterThan(20);
    return error.code;
  }
}

describe('identifyFormat', () => {
  it('knows JPEG, PNG and WebP by their first bytes', async () => {
    expect(identifyFormat(await flat.clone().jpeg().toBuffer())).toBe('jpeg');
    expect(identifyFormat(await flat.clone().png().toBuffer())).toBe('png');
    expect(identifyFormat(await flat.clone().webp().toBuffer())).toBe('webp');
  });

  it('names what it refuses, from real encoders', async () => {
    expect(codeOf(await flat.clone().avif().toBuffer())).toBe('IMAGE_AVIF');
    expect(codeOf(await flat.clone().gif().toBuffer())).toBe('IMAGE_GIF');
    expect(codeOf(await flat.clone().tiff().toBuffer())).toBe('IMAGE_TIFF');
  });

  it.each([
    ['IMAGE_EMPTY', new Uint8Array(0)],
    ['IMAGE_HEIC', iso('heic', 'mif1', 'heic')],
    ['IMAGE_HEIC', iso('mif1', 'miaf', 'heix')],
    ['IMAGE_AVIF', iso('mif1', 'miaf', 'avif')],
    ['IMAGE_TIFF', text('MM\0*\0\0\0\x08')],
    ['IMAGE_BMP', text(`BM${'\0'.repeat(60)}`)],
    ['IMAGE_PDF', text('%PDF-1.7\n')],
    ['IMAGE_SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['IMAGE_SVG', text('\ufeff<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">')],
    ['IMAGE_SVG', Buffer.from('\ufeff<svg width="9">', 'utf16le')],
    ['IMAGE_HTML', text('\n  <!doctype html><title>403</title>')],
    ['IMAGE_HTML', text('<HTML><body>login')],
    ['IMAGE_FORMAT_UNKNOWN', text('PK\x03\x04')],
    ['IMAGE_FORMAT_UNKNOWN', Uint8Array.of(0xff)],
    ['IMAGE_FORMAT_UNKNOWN', text('RIFF\0\0\0\0WAVE')],
    ['IMAGE_FORMAT_UNKNOWN', text('hello')],
  ])('%s', (code, bytes) => expect(codeOf(bytes)).toBe(code));

  it('shows the first bytes of what it does not know', () => {
    expect(() => identifyFormat(text('PK\x03\x04'))).toThrow('50 4b 03 04');
  });
});
