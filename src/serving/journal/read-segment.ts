import { crc32 } from 'node:zlib';
import { decodeEntryHeader, decodeSegmentHeader, entryMagicAt, headerBytes, intactRecord } from './format.ts';

export interface StoredEntry {
  /** JSON text of a `LoggedRecord`. */
  json: string;
  image: Buffer | null;
  /** Offset of the next entry. */
  end: number;
}

/** Damage. `torn`: a last write that was cut off; `lost`: damaged bytes between intact entries. */
export interface Finding {
  kind: 'torn' | 'lost' | 'repaired' | 'image-lost';
  from: number;
  to: number;
}

/**
 * Entries of a segment, in order, from an offset on. One wrong byte in a record or its header is repaired; a damaged photo is dropped and
 * its record kept. Anything worse is skipped up to the next intact entry. Zeros up to the end were reserved and not written.
 * @returns null without a segment header (a write cut off before its first sync)
 */
export function readSegment(
  bytes: Buffer,
  from: number,
  report: (finding: Finding) => void = () => {},
): Generator<StoredEntry> | null {
  const header = decodeSegmentHeader(bytes);
  return header && entriesOf(bytes, header.salt, Math.max(from, headerBytes), report);
}

function* entriesOf(
  bytes: Buffer,
  salt: Buffer,
  from: number,
  report: (finding: Finding) => void,
): Generator<StoredEntry> {
  let at = from;
  while (at < bytes.length) {
    const entry = entryAt(bytes, salt, at, report);
    if (entry) {
      yield entry;
      at = entry.end;
      continue;
    }
    if (bytes.subarray(at).every((byte) => byte === 0)) return;
    const next = nextEntry(bytes, salt, at + 1);
    report({ kind: next === null ? 'torn' : 'lost', from: at, to: next ?? bytes.length });
    if (next === null) return;
    at = next;
  }
}

function entryAt(bytes: Buffer, salt: Buffer, at: number, report: (finding: Finding) => void): StoredEntry | null {
  const header = decodeEntryHeader(bytes, salt, at);
  if (header === null) return null;
  const start = at + headerBytes;
  const middle = start + header.recordBytes;
  const end = middle + header.imageBytes;
  if (end > bytes.length) return null;
  const raw = bytes.subarray(start, middle);
  const record = intactRecord(raw, header);
  if (record === null) return null;
  if (header.repaired || record !== raw) report({ kind: 'repaired', from: at, to: middle });
  const image = header.imageBytes === 0 ? null : bytes.subarray(middle, end);
  const imageIntact = image === null || crc32(image) === header.imageCrc;
  if (!imageIntact) report({ kind: 'image-lost', from: middle, to: end });
  return { json: record.toString('utf8'), image: imageIntact ? image : null, end };
}

/** Without repairs: only an intact header starts an entry. */
function nextEntry(bytes: Buffer, salt: Buffer, from: number): number | null {
  for (let at = from; at + headerBytes <= bytes.length; at++) {
    if (!entryMagicAt(bytes, at)) continue;
    const header = decodeEntryHeader(bytes, salt, at);
    if (header !== null && !header.repaired) return at;
  }
  return null;
}
