import { MitateError } from '../../errors/index.ts';

/**
 * Decodes base64: plain or URL-safe alphabet, with or without padding, line breaks or a `data:` prefix as browsers write it.
 *
 * @param where for the error: `images[0]`
 * @throws REQUEST_SHAPE_INVALID, REQUEST_BASE64_INVALID, REQUEST_WITHOUT_IMAGE
 */
export function readBase64(value: unknown, where: string): Uint8Array {
  if (typeof value !== 'string')
    throw new MitateError('REQUEST_SHAPE_INVALID', { where, expected: 'a base64 string', got: kindOf(value) });
  const text = value.startsWith('data:') ? value.slice(value.indexOf(',') + 1) : value;
  if (text.length === 0) throw new MitateError('REQUEST_WITHOUT_IMAGE', { expected: `an image as base64 in ${where}` });
  const lines = unfolded(text);
  const bytes = decode(text) ?? decode(lines) ?? (lines.trim().length % 4 === 0 ? decode(lines.trim()) : null);
  if (bytes) return bytes;
  throw new MitateError('REQUEST_BASE64_INVALID', { where, reason: reasonOf(text) });
}

/** Without line breaks, and the blanks around them. A blank elsewhere stays: it was a "+" before form or URL decoding. */
const unfolded = (text: string) => text.replace(/[\t ]*[\r\n]\s*|\t/g, '');

/** Node skips invalid characters; the number of bytes shows whether it did. Null = not base64. */
function decode(text: string): Uint8Array | null {
  const digits = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  if (digits % 4 === 1 || (digits < text.length && text.length % 4 !== 0)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === Math.floor((digits * 3) / 4) ? bytes : null;
}

function reasonOf(text: string): string {
  const blank = unfolded(text).indexOf(' ');
  if (blank >= 0)
    return `a space at ${blank}; form and URL decoding turn "+" into a space: escape it as %2B, or use the URL-safe alphabet`;
  const strange = /[^\w+/=\s-]/.exec(text);
  if (strange) return `character ${JSON.stringify(strange[0])} at ${strange.index}`;
  return `${text.length} characters cannot be whole bytes, or "=" stands inside`;
}

/** Describes an invalid value in an error. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `"${value.slice(0, 40)}"`;
  return String(value);
}
