import type { JournalEntry } from '../../contracts/request-record.ts';
import type { Serialised } from './segment-writer.ts';

/** PostgreSQL text takes neither NUL nor a lone surrogate; as JSON escapes they would block the batch for ever. */
const refused = /\\u(?:0000|d[89a-f])/i;

/** The record's only serialisation: journal and database get this text. */
export function serialise({ record, image }: JournalEntry): Serialised & { json: string } {
  let json = JSON.stringify({ ...record, imageKept: image !== undefined });
  if (refused.test(json)) json = JSON.stringify({ ...record, imageKept: image !== undefined }, wellFormed);
  return { json, record: Buffer.from(json, 'utf8'), image };
}

function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd');
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [wellFormed('', key), member]));
}
