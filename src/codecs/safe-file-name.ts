import { sha256 } from './digest.ts';

/** Names that Windows reserves for devices, with any extension. */
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
/** Separators, wildcards, quotes, control and bidirectional characters, and the escape character itself. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:*?"<>|%]|^[. ~-]|[. ]$/gu;
/** File systems allow 255. */
const maxBytes = 200;

const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');

/** A file name for any label or name, safe on every system: unsafe characters become `%XX`, and different names stay different. */
export function safeFileName(name: string): string {
  const text = name.normalize('NFC').replace(unsafe, percent);
  const escaped = text === '' || reserved.test(text) ? `%${text}` : text;
  if (Buffer.byteLength(escaped) <= maxBytes) return escaped;
  let short = escaped;
  while (Buffer.byteLength(short) > maxBytes - 17) short = short.slice(0, -1);
  return `${short.replace(/[\uD800-\uDBFF]$/, '').replace(/%.?$/, '')}~${sha256(name).slice(0, 16)}`;
}
