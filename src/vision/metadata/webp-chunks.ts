export interface WebpChunk {
  type: string;
  data: Uint8Array;
  /** With type, length and, unless the file ends before it, the padding byte. */
  whole: Uint8Array;
}

/** In the first byte of VP8X. */
export const exifFlag = 0x08;
export const xmpFlag = 0x04;

/** Where the RIFF header says that the file ends. */
export function webpEnd(bytes: Uint8Array): number {
  return 8 + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true);
}

/** The chunks inside the declared length. Ends early when the file does, or when a chunk is longer than it. */
export function* webpChunks(bytes: Uint8Array): Generator<WebpChunk> {
  const end = Math.min(webpEnd(bytes), bytes.length);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, end);
  for (let at = 12; at + 8 <= end; ) {
    const size = buffer.readUInt32LE(at + 4);
    const dataEnd = at + 8 + size;
    if (dataEnd > end) return;
    const next = dataEnd + (size & 1);
    const type = buffer.toString('latin1', at, at + 4);
    yield { type, data: buffer.subarray(at + 8, dataEnd), whole: buffer.subarray(at, Math.min(next, end)) };
    at = next;
  }
}
