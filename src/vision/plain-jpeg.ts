export interface Size {
  /** Pixels. */
  width: number;
  height: number;
}

const startOfFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const exifSegment = 0xe1;

/** Size of an 8-bit JPEG without EXIF (so without a rotation), from its header; null for any other. */
export function plainJpegSize(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === exifSegment) return null;
    if (startOfFrame(marker)) return sizeOfFrame(view, at);
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function sizeOfFrame(view: DataView, at: number): Size | null {
  if (view.getUint8(at + 4) !== 8) return null;
  return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
}
