import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { repairByte } from './repair.ts';

/**
 * A segment: a header of 32 bytes, then entries: a header of 32 bytes, a record (JSON), a photo (0 bytes = none). Little-endian. After a kill,
 * zeros may follow.
 * Segment header: magic (8), number (8), salt (8), zeros (4), crc32 of the above (4). Entry header: magic (4), record length (4), photo length
 * (4), crc32 of the record (4), crc32 of the photo (4), first bytes of the record's sha256 (8), crc32 of the above, seeded with salt and
 * offset (4): bytes of an uploaded photo cannot pass as an entry, nor an entry as one at another offset.
 */
export const headerBytes = 32;
const segmentMagic = Buffer.from('MITATEJ1');
const entryMagic = 0x314a_4d8f;
const hashBytes = 8;

export interface SegmentHeader {
  number: number;
  /** 8 random bytes. */
  salt: Buffer;
}

export function encodeSegmentHeader({ number, salt }: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  segmentMagic.copy(bytes);
  bytes.writeBigUInt64LE(BigInt(number), 8);
  salt.copy(bytes, 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28);
  return bytes;
}

/** Null when it is not one; a single wrong byte is repaired. */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | null {
  const head = intact(bytes.subarray(0, headerBytes), 0);
  if (head === null || !head.subarray(0, 8).equals(segmentMagic)) return null;
  return { number: Number(head.readBigUInt64LE(8)), salt: head.subarray(16, 24) };
}

export interface EntryHeader {
  recordBytes: number;
  imageBytes: number;
  recordCrc: number;
  imageCrc: number;
  recordHash: Buffer;
  repaired: boolean;
}

/** @param place offset of the entry in its segment, bytes */
export function encodeEntryHeader(record: Buffer, image: Uint8Array | undefined, salt: Buffer, place: number): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes);
  bytes.writeUInt32LE(entryMagic, 0);
  bytes.writeUInt32LE(record.length, 4);
  bytes.writeUInt32LE(image?.length ?? 0, 8);
  bytes.writeUInt32LE(crc32(record), 12);
  bytes.writeUInt32LE(image ? crc32(image) : 0, 16);
  hashOf(record).copy(bytes, 20, 0, hashBytes);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28), seedOf(salt, place)), 28);
  return bytes;
}

/** Null when no entry starts there. */
export function decodeEntryHeader(bytes: Buffer, salt: Buffer, place: number): EntryHeader | null {
  if (bytes.length < place + headerBytes) return null;
  const raw = bytes.subarray(place, place + headerBytes);
  const head = intact(raw, seedOf(salt, place));
  if (head === null || head.readUInt32LE(0) !== entryMagic) return null;
  return {
    recordBytes: head.readUInt32LE(4),
    imageBytes: head.readUInt32LE(8),
    recordCrc: head.readUInt32LE(12),
    imageCrc: head.readUInt32LE(16),
    recordHash: Buffer.from(head.subarray(20, 28)),
    repaired: head !== raw,
  };
}

/** The record as it was written, one wrong byte repaired; null when more are wrong. */
export function intactRecord(bytes: Buffer, { recordCrc, recordHash }: EntryHeader): Buffer | null {
  const record = crc32(bytes) === recordCrc ? bytes : repairByte(bytes, recordCrc);
  return record !== null && hashOf(record).subarray(0, hashBytes).equals(recordHash) ? record : null;
}

export function entryMagicAt(bytes: Buffer, place: number): boolean {
  return bytes.readUInt32LE(place) === entryMagic;
}

function intact(head: Buffer, seed: number): Buffer | null {
  if (head.length < headerBytes) return null;
  const expected = head.readUInt32LE(28);
  const body = head.subarray(0, 28);
  const actual = crc32(body, seed);
  if (actual === expected) return head;
  // One wrong byte in the checksum itself: the body is intact.
  if (differInOneByte(actual, expected)) return Buffer.from(head);
  const repaired = repairByte(body, expected, seed);
  return repaired && Buffer.concat([repaired, head.subarray(28)]);
}

function differInOneByte(a: number, b: number): boolean {
  const difference = (a ^ b) >>> 0;
  return [0xff, 0xff00, 0xff0000, 0xff000000].some((mask) => (difference & ~mask) >>> 0 === 0);
}

function seedOf(salt: Buffer, place: number): number {
  return (salt.readUInt32LE(0) ^ (salt.readUInt32LE(4) + place)) >>> 0;
}

function hashOf(record: Buffer): Buffer {
  return createHash('sha256').update(record).digest();
}
