import type { Random } from '../../math/stats/random.ts';
import type { Picture } from '../resample/resample.ts';

/**
 * What hangs together with the border and has its colour gets the pixels of something else: a grainy colour or another photo's middle.
 * @param strength share of the difference that is drawn, 0..1
 */
export function newBackground(photo: Picture, strength: number, random: Random, other: Picture): Picture {
  const { pixels, width, height } = photo;
  const isBackground = backgroundOf(photo);
  const out = new Uint8ClampedArray(pixels);
  const colour = [random.int(256), random.int(256), random.int(256)];
  const isPhoto = random.int(2) === 0;
  const cover = 0.3 + 0.7 * strength;
  for (let i = 0; i < width * height; i++) {
    if (!isBackground[i]) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    const from = 3 * (Math.floor(height / 4 + y / 2) * width + Math.floor(width / 4 + x / 2));
    const grain = random.range(0.8, 1.2);
    for (let c = 0; c < 3; c++) {
      const drawn = isPhoto ? other.pixels[from + c]! : colour[c]! * grain;
      out[3 * i + c] = pixels[3 * i + c]! * (1 - cover) + drawn * cover;
    }
  }
  return { width, height, pixels: new Uint8Array(out.buffer) };
}

/** Squared distance of two RGB colours that count as alike. */
const alike = 45 ** 2;

/** Reached from the border over pixels like the mean of the border or like the last one. */
function backgroundOf({ pixels, width, height }: Picture): Uint8Array {
  const isBackground = new Uint8Array(width * height);
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(x, (height - 1) * width + x);
  for (let y = 1; y < height - 1; y++) border.push(y * width, y * width + width - 1);
  const mean = [0, 1, 2].map((c) => border.reduce((sum, i) => sum + pixels[3 * i + c]!, 0) / border.length);
  const isLike = (i: number) => [0, 1, 2].reduce((sum, c) => sum + (pixels[3 * i + c]! - mean[c]!) ** 2, 0) < alike;
  const waiting = border;
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
    if (isBackground[i] || !isLike(i)) continue;
    isBackground[i] = 1;
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x > 0) waiting.push(i - 1);
    if (x < width - 1) waiting.push(i + 1);
    if (y > 0) waiting.push(i - width);
    if (y < height - 1) waiting.push(i + width);
  }
  return isBackground;
}
