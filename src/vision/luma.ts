/**
 * Rec. 601 luma of sRGB values (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B).
 * @param pixels uint8 [n, 3]
 * @returns float32 [n], 0..255
 */
export function lumaOf(pixels: Uint8Array): Float32Array {
  const luma = new Float32Array(pixels.length / 3);
  for (let i = 0, p = 0; i < luma.length; i++, p += 3) {
    luma[i] = 0.299 * pixels[p]! + 0.587 * pixels[p + 1]! + 0.114 * pixels[p + 2]!;
  }
  return luma;
}
