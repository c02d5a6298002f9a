import type { ImageFormat } from '../contracts/example.ts';

const pngSignature = 8;
/** Length, type and CRC of a PNG chunk. */
const chunkFrame = 12;
const iend = 0x49454e44;

function pngEndsEarly(view: DataView): boolean {
  let at = pngSignature;
  while (at + 8 <= view.byteLength) {
    if (view.getUint32(at + 4) === iend) return false;
    at += chunkFrame + view.getUint32(at);
  }
  return true;
}

/** The RIFF header promises more bytes than there are. */
function webpEndsEarly(view: DataView): boolean {
  return view.byteLength < 8 || view.getUint32(4, true) + 8 > view.byteLength;
}

/** From the container's own lengths: a damaged file and one that ends early have the same decoder message. A JPEG has no lengths: false. */
export function endsEarly(bytes: Uint8Array, format: ImageFormat): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'png') return pngEndsEarly(view);
  return format === 'webp' && webpEndsEarly(view);
}
