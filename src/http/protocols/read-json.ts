import { MitateError, reasonOf } from '../../errors/index.ts';
import { requireStorable } from '../plugins/storable-text.ts';

/** Requests nest five levels; parsing 20 MB of "[" took 1.5 GB. */
const deepest = 32;
/** Values of one request. Photos are strings, so 64 of them need a few hundred. */
const mostValues = 50_000;

const codes = { quote: 0x22, backslash: 0x5c, open: [0x5b, 0x7b], close: [0x5d, 0x7d], comma: 0x2c };

/**
 * Parses JSON after checking its depth and number of values. A byte order mark before it is skipped (RFC 8259, 8.1).
 *
 * @param where for the error: `The body`, `Field "attributes"`
 * @throws REQUEST_JSON_INVALID, REQUEST_JSON_TOO_COMPLEX, REQUEST_TEXT_INVALID
 */
export function readJson(bytes: Uint8Array, where = 'The body'): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkComplexity(buffer, where);
  const text = buffer.toString('utf8', startsWith(buffer, marks.utf8) ? marks.utf8.length : 0);
  const value = parsed(text, buffer, where);
  if (unstorableEscape.test(text)) requireStorable(value, where);
  return value;
}

const marks = {
  utf8: [0xef, 0xbb, 0xbf],
  utf16: [
    [0xff, 0xfe],
    [0xfe, 0xff],
  ],
};
const startsWith = (bytes: Buffer, mark: readonly number[]) => mark.every((byte, i) => bytes[i] === byte);
/** Only as an escape can JSON in UTF-8 hold such a character. */
const unstorableEscape = /\\u(?:0000|d[89a-f])/i;

function parsed(text: string, bytes: Buffer, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const isUtf16 = marks.utf16.some((mark) => startsWith(bytes, mark));
    const reason = isUtf16 ? 'it is UTF-16; send UTF-8' : reasonOf(error).slice(0, 200);
    throw new MitateError('REQUEST_JSON_INVALID', { where, reason });
  }
}

function checkComplexity(bytes: Buffer, where: string): void {
  let [depth, values] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === codes.quote) at = endOfString(bytes, at + 1);
    else if (codes.open.includes(byte)) depth++;
    else if (codes.close.includes(byte)) depth--;
    else if (byte !== codes.comma) continue;
    values++;
    if (depth > deepest)
      throw new MitateError('REQUEST_JSON_TOO_COMPLEX', { where, what: 'nests deep', limit: `${deepest} levels` });
    if (values > mostValues)
      throw new MitateError('REQUEST_JSON_TOO_COMPLEX', { where, what: 'holds many values', limit: mostValues });
  }
}

/** Index of the closing quote, or the end. `indexOf` scans base64 at memory speed. */
function endOfString(bytes: Buffer, start: number): number {
  for (let from = start; ; ) {
    const quote = bytes.indexOf(codes.quote, from);
    if (quote < 0) return bytes.length;
    let backslashes = 0;
    while (bytes[quote - 1 - backslashes] === codes.backslash) backslashes++;
    if (backslashes % 2 === 0 || quote - backslashes < start) return quote;
    from = quote + 1;
  }
}
