/**
 * The inner loops over pixels, in AssemblyScript (TypeScript with WebAssembly's types). `node wasm/build.ts` compiles them into
 * src/vision/resample/wasm-bytes.ts. All arithmetic is on integers, so the result is the same on every machine.
 */

/**
 * Weighted sums of source rows: uint8 in, int16 out with 6 fractional bits. Eight samples at a time: reads and writes up to 7 samples past the end
 * of a row.
 * @param starts int32 [rows]: first source row of each
 * @param weights int16 [rows, taps], 14 fractional bits
 */
export function vertical(
  source: usize,
  target: usize,
  samples: i32,
  targetStride: i32,
  starts: usize,
  weights: usize,
  taps: i32,
  rows: i32,
): void {
  const half = i32x4.splat(1 << 7);
  for (let y = 0; y < rows; y++) {
    const top = source + load<i32>(starts + (y << 2)) * samples;
    const rowWeights = weights + ((y * taps) << 1);
    let out = target + ((y * targetStride) << 1);
    for (let i = 0; i < samples; i += 8) {
      let low = half;
      let high = half;
      let at = top + i;
      for (let k = 0; k < taps; k++) {
        const weight = v128.load_splat<i16>(rowWeights + (k << 1));
        const values = v128.load_ext<u8>(at);
        low = i32x4.add(low, i32x4.extmul_low_i16x8_s(values, weight));
        high = i32x4.add(high, i32x4.extmul_high_i16x8_s(values, weight));
        at += samples;
      }
      v128.store(out, i16x8.narrow_i32x4_s(i32x4.shr_s(low, 8), i32x4.shr_s(high, 8)));
      out += 16;
    }
  }
}

/**
 * Weighted sums of neighbouring pixels: what `vertical` wrote in, uint8 out, clamped. Two taps at a time; writes one byte past the end.
 * @param starts int32 [width]: first source pixel of each
 * @param weights int16 [width, taps], 14 fractional bits; `taps` is even
 */
export function horizontal(
  source: usize,
  target: usize,
  sourceStride: i32,
  starts: usize,
  weights: usize,
  taps: i32,
  width: i32,
  rows: i32,
): void {
  const half = i32x4.splat(1 << 19);
  for (let y = 0; y < rows; y++) {
    const row = source + ((y * sourceStride) << 1);
    let out = target + 3 * y * width;
    let weight = weights;
    for (let x = 0; x < width; x++) {
      let at = row + 6 * load<i32>(starts + (x << 2));
      let sum = half;
      for (let k = 0; k < taps; k += 2) {
        const pixels = v128.load(at);
        const pairs = v128.shuffle<i16>(pixels, pixels, 0, 3, 1, 4, 2, 5, 2, 5);
        sum = i32x4.add(sum, i32x4.dot_i16x8_s(pairs, v128.load_splat<i32>(weight)));
        at += 12;
        weight += 4;
      }
      const words = i16x8.narrow_i32x4_s(i32x4.shr_s(sum, 20), half);
      store<u32>(out, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
      out += 3;
    }
  }
}
