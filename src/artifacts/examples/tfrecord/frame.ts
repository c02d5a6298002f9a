import { maskedCrc32c } from './crc32c.ts';

/** `uint64 length | uint32 masked crc of it`. */
export const headerBytes = 12;
/** `uint32 masked crc of the data`. */
export const footerBytes = 4;

/** One record: `length | crc(length) | data | crc(data)`, little endian. */
export function frameRecord(data: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes + data.length + footerBytes);
  frame.writeBigUInt64LE(BigInt(data.length), 0);
  frame.writeUInt32LE(maskedCrc32c(frame.subarray(0, 8)), 8);
  frame.set(data, headerBytes);
  frame.writeUInt32LE(maskedCrc32c(data), headerBytes + data.length);
  return frame;
}

/** The data's length in bytes. Null = wrong checksum, so not a record. */
export function recordLength(header: Uint8Array): bigint | null {
  if (header.length < headerBytes) return null;
  const view = new DataView(header.buffer, header.byteOffset, headerBytes);
  if (view.getUint32(8, true) !== maskedCrc32c(header.subarray(0, 8))) return null;
  return view.getBigUint64(0, true);
}

/** Whether the bytes start a plain TFRecord file; 1 of 4 billion others passes by chance. */
export function startsAsTfrecord(bytes: Uint8Array): boolean {
  return recordLength(bytes) !== null;
}
