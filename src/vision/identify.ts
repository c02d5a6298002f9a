import type { ImageFormat } from '../contracts/artifacts/example.ts';
import { type ErrorCode, MitateError } from '../errors/index.ts';

type Refusal = Extract<ErrorCode, `IMAGE_${'HEIC' | 'AVIF' | 'GIF' | 'TIFF' | 'BMP' | 'SVG' | 'HTML' | 'PDF'}`>;

/** Bytes as Latin-1 text, to compare with signatures. */
function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function accepted(bytes: Uint8Array): ImageFormat | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  return null;
}

/** Brands of an ISO base media file: the major one, then the compatible ones. */
function isoBrands(bytes: Uint8Array): string[] {
  if (ascii(bytes, 4, 8) !== 'ftyp') return [];
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const brands = [ascii(bytes, 8, 12)];
  for (let at = 16; at + 4 <= Math.min(size, bytes.length, 256); at += 4) brands.push(ascii(bytes, at, at + 4));
  return brands;
}

function refusedBinary(bytes: Uint8Array): Refusal | null {
  const brands = isoBrands(bytes);
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'IMAGE_AVIF';
  if (brands.some((brand) => /^(hei[cmsx]|hev[cmsx]|mif1|msf1)$/.test(brand))) return 'IMAGE_HEIC';
  const start = ascii(bytes, 0, 6);
  if (start === 'GIF87a' || start === 'GIF89a') return 'IMAGE_GIF';
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return 'IMAGE_TIFF';
  if (start.startsWith('BM') && bytes.length >= 26) return 'IMAGE_BMP';
  if (ascii(bytes, 0, 1024).includes('%PDF-')) return 'IMAGE_PDF';
  return null;
}

/** Markup may follow a byte order mark, white space, a prolog and comments; UTF-16 drops its zero bytes. */
function refusedText(bytes: Uint8Array): Refusal | null {
  const text = ascii(bytes, 0, 4096)
    .replaceAll('\0', '')
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replace(/^(\s|<\?xml[^>]*>|<!--[\s\S]*?-->)+/, '');
  if (/^<(svg|[a-z]+:svg)[\s>]/i.test(text) || /^<!doctype\s+svg/i.test(text)) return 'IMAGE_SVG';
  if (/^<(!doctype\s+html|html|head|body|meta|script|title|style|div|p|h1)\b/i.test(text)) return 'IMAGE_HTML';
  return null;
}

/**
 * The format by content; the file name is ignored.
 * @throws MitateError IMAGE_EMPTY, IMAGE_HEIC, IMAGE_AVIF, IMAGE_GIF, IMAGE_TIFF, IMAGE_BMP, IMAGE_SVG, IMAGE_HTML, IMAGE_PDF,
 *   IMAGE_FORMAT_UNKNOWN, each with its remedy
 */
export function identifyFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new MitateError('IMAGE_EMPTY', {});
  const format = accepted(bytes);
  if (format) return format;
  const refusal = refusedBinary(bytes) ?? refusedText(bytes);
  if (refusal) throw new MitateError(refusal, {});
  const firstBytes = Buffer.from(bytes.subarray(0, 12))
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  throw new MitateError('IMAGE_FORMAT_UNKNOWN', { firstBytes });
}
