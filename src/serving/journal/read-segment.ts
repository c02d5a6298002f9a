import { crc32 } from 'node:zlib';
import { decodeEntryHeader, decodeSegmentHeader, entryMagicAt, headerBytes, intactRecord } from './format.ts';

export interface StoredEntry {
  /** JSON text of a `LoggedRecord`. */
  json: string;
  image: Buffer | null;
  /** Where the next entry starts. */
  end: number;
}

/** What was found to be wrong. `torn`: the end, of a write that was cut off; `lost`: bytes between whole entries that are none. */
export interface Finding {
  kind: 'torn' | 'lost' | 'repaired' | 'image-lost';
  from: number;
  to: number;
}

/**
 * Entries of a segment, in order, from a place on. One wrong byte in a record or its header is put right; a photo with a wrong byte is left
 * out, its record stays. What is worse is skipped up to the next whole entry.
 * @returns null when the file does not start as a segment does (a write cut off before its first sync)
 */
export function readSegment(
  bytes: Buffer,
  from: number,
  tell: (finding: Finding) => void = () => {},
): Generator<StoredEntry> | null {
  const header = decodeSegmentHeader(bytes);
  return header && entriesOf(bytes, header.salt, Math.max(from, headerBytes), tell);
}

function* entriesOf(
  bytes: Buffer,
  salt: Buffer,
  from: number,
  tell: (finding: Finding) => void,
): Generator<StoredEntry> {
  let at = from;
  while (at < bytes.length) {
    const entry = entryAt(bytes, salt, at, tell);
    if (entry) {
      yield entry;
      at = entry.end;
      continue;
    }
    const next = nextEntry(bytes, salt, at + 1);
    tell({ kind: next === null ? 'torn' : 'lost', from: at, to: next ?? bytes.length });
    if (next === null) return;
    at = next;
  }
}

function entryAt(bytes: Buffer, salt: Buffer, at: number, tell: (finding: Finding) => void): StoredEntry | null {
  const header = decodeEntryHeader(bytes, salt, at);
  if (header === null) return null;
  const start = at + headerBytes;
  const middle = start + header.recordBytes;
  const end = middle + header.imageBytes;
  if (end > bytes.length) return null;
  const raw = bytes.subarray(start, middle);
  const record = intactRecord(raw, header);
  if (record === null) return null;
  if (header.repaired || record !== raw) tell({ kind: 'repaired', from: at, to: middle });
  const image = header.imageBytes === 0 ? null : bytes.subarray(middle, end);
  const imageHolds = image === null || crc32(image) === header.imageCrc;
  if (!imageHolds) tell({ kind: 'image-lost', from: middle, to: end });
  return { json: record.toString('utf8'), image: imageHolds ? image : null, end };
}

/** Repairs are not tried here: only a header that is whole starts an entry. */
function nextEntry(bytes: Buffer, salt: Buffer, from: number): number | null {
  for (let at = from; at + headerBytes <= bytes.length; at++) {
    if (!entryMagicAt(bytes, at)) continue;
    const header = decodeEntryHeader(bytes, salt, at);
    if (header !== null && !header.repaired) return at;
  }
  return null;
}
