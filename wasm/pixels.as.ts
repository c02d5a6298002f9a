/**
 * The inner loops over pixels, in AssemblyScript (TypeScript with WebAssembly's types). `node wasm/build.ts` compiles them into
 * src/vision/resample/wasm-bytes.ts. Resampling is on integers, and
 * WebAssembly's floats round the same everywhere, so the result is the same on every machine.
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

/** The squares of four values, added to two sums. */
function addSquares(sums: v128, values: v128): v128 {
  const low = f64x2.promote_low_f32x4(values);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(values, values, 2, 3, 2, 3));
  return f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
}

function addTo(sums: v128, values: v128): v128 {
  const high = v128.shuffle<i32>(values, values, 2, 3, 2, 3);
  return f64x2.add(sums, f64x2.add(f64x2.promote_low_f32x4(values), f64x2.promote_low_f32x4(high)));
}

function total(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** Of the first two pixels, in float64, rounded to float32. */
function lumaOfTwo(r: v128, g: v128, b: v128): v128 {
  const redAndGreen = f64x2.add(
    f64x2.mul(f64x2.convert_low_i32x4_s(r), f64x2.splat(0.299)),
    f64x2.mul(f64x2.convert_low_i32x4_s(g), f64x2.splat(0.587)),
  );
  return f32x4.demote_f64x2_zero(f64x2.add(redAndGreen, f64x2.mul(f64x2.convert_low_i32x4_s(b), f64x2.splat(0.114))));
}

/**
 * Luma of each pixel (ITU-R BT.601), the sums of the three channels, of luma and of its squares: `sums` is float64 [5].
 * Reads up to 15 bytes, and writes up to 12, past the end.
 * @param source uint8 [pixels, 3]; the bytes after it are 0
 * @param luma float32 [pixels]
 */
export function sumUp(source: usize, luma: usize, pixels: i32, sums: usize): void {
  let red = i32x4.splat(0);
  let green = i32x4.splat(0);
  let blue = i32x4.splat(0);
  let lumas = f64x2.splat(0);
  let squares = f64x2.splat(0);
  for (let i = 0; i < pixels; i += 4) {
    const four = v128.load(source + 3 * i);
    const r = i8x16.swizzle(four, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1));
    const g = i8x16.swizzle(four, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1));
    const b = i8x16.swizzle(four, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
    red = i32x4.add(red, r);
    green = i32x4.add(green, g);
    blue = i32x4.add(blue, b);
    const low = lumaOfTwo(r, g, b);
    const high = lumaOfTwo(
      v128.shuffle<i32>(r, r, 2, 3, 2, 3),
      v128.shuffle<i32>(g, g, 2, 3, 2, 3),
      v128.shuffle<i32>(b, b, 2, 3, 2, 3),
    );
    const value = v128.shuffle<i32>(low, high, 0, 1, 4, 5);
    v128.store(luma + (i << 2), value);
    lumas = addTo(lumas, value);
    squares = addSquares(squares, value);
  }
  store<f64>(sums, sumOfLanes(red));
  store<f64>(sums + 8, sumOfLanes(green));
  store<f64>(sums + 16, sumOfLanes(blue));
  store<f64>(sums + 24, total(lumas));
  store<f64>(sums + 32, total(squares));
}

function sumOfLanes(lanes: v128): f64 {
  return (
    <f64>i32x4.extract_lane(lanes, 0) +
    <f64>i32x4.extract_lane(lanes, 1) +
    <f64>i32x4.extract_lane(lanes, 2) +
    <f64>i32x4.extract_lane(lanes, 3)
  );
}

/** Two float32 as float64. */
function two(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/**
 * Sum of the 4-neighbour Laplacian over the inner pixels, and of its squares: `sums` is float64 [2].
 * @param luma float32 [height, width]
 */
export function laplacian(luma: usize, width: i32, height: i32, sums: usize): void {
  const stride = width << 2;
  let plain = f64x2.splat(0);
  let squares = f64x2.splat(0);
  for (let y = 1; y < height - 1; y++) {
    let at = luma + y * stride + 4;
    const end = at + ((width - 2) << 2);
    for (; at + 8 <= end; at += 8) {
      const across = f64x2.add(two(at - 4), two(at + 4));
      const down = f64x2.add(two(at - stride), two(at + stride));
      const value = f64x2.sub(f64x2.add(across, down), f64x2.mul(two(at), f64x2.splat(4)));
      plain = f64x2.add(plain, value);
      squares = f64x2.add(squares, f64x2.mul(value, value));
    }
    for (; at < end; at += 4) {
      const across = <f64>load<f32>(at - 4) + <f64>load<f32>(at + 4);
      const down = <f64>load<f32>(at - stride) + <f64>load<f32>(at + stride);
      const value = across + down - <f64>load<f32>(at) * 4;
      plain = f64x2.add(plain, f64x2.replace_lane(f64x2.splat(0), 0, value));
      squares = f64x2.add(squares, f64x2.replace_lane(f64x2.splat(0), 0, value * value));
    }
  }
  store<f64>(sums, total(plain));
  store<f64>(sums + 8, total(squares));
}
