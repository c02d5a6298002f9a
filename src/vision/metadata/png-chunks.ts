export interface PngChunk {
  type: string;
  data: Uint8Array;
  /** With length, type and CRC. */
  whole: Uint8Array;
}

export const pngSignatureBytes = 8;

/** The chunks up to IEND, which is the last one of a whole file. Ends without it when the file does. */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = pngSignatureBytes; at + 12 <= buffer.length; ) {
    const end = at + 12 + buffer.readUInt32BE(at);
    if (end > buffer.length) return;
    const type = buffer.toString('latin1', at + 4, at + 8);
    yield { type, data: buffer.subarray(at + 8, end - 4), whole: buffer.subarray(at, end) };
    if (type === 'IEND') return;
    at = end;
  }
}
