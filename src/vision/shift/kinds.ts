import type { Random } from '../../math/stats/random.ts';
import type { Picture } from '../resample/resample.ts';
import { newBackground } from './background.ts';
import { blurred } from './blur.ts';
import { moved } from './move.ts';

/**
 * Another photo of the same subject, and of its size where a kind mixes two.
 * @param strength 0..1: 0 is barely seen, 1 hides most of what the photo shows
 */
export type Shift = (photo: Picture, strength: number, random: Random, other: Picture) => Picture;

/** What happens to photos between a subject and the server, each kind unlike the others. */
export const shifts = {
  blur: (photo, strength) => blurred(photo, (0.5 + 3 * strength) * (photo.width / 224)),
  light: (photo, strength, random) => {
    const factor = random.int(2) === 0 ? 1 - 0.7 * strength : 1 + 1.2 * strength;
    return eachPixel(photo, (value) => value * factor);
  },
  haze: (photo, strength) => {
    const rest = 1 - 0.75 * strength;
    return eachPixel(photo, (value) => 200 + (value - 200) * rest);
  },
  tint: (photo, strength, random) => {
    const factors = [0, 1, 2].map(() => 2 ** (strength * random.range(-1, 1)));
    return eachPixel(photo, (value, channel) => value * factors[channel]!);
  },
  hue: (photo, strength) => {
    const { pixels } = photo;
    return eachPixel(photo, (value, channel, at) => {
      const next = pixels[at - channel + ((channel + 1) % 3)]!;
      return value + (next - value) * strength;
    });
  },
  noise: (photo, strength, random) => {
    const spread = 8 + 110 * strength;
    return eachPixel(photo, (value) => value + spread * (random.float() + random.float() - 1));
  },
  blocks: (photo, strength) => {
    const side = Math.max(2, Math.round((2 + 8 * strength) * (photo.width / 224)));
    return moved(photo, (x, y) => [x - (x % side), y - (y % side)]);
  },
  crop: (photo, strength) => {
    const share = 0.85 - 0.5 * strength;
    const { width, height } = photo;
    return moved(photo, (x, y) => [width / 2 + (x - width / 2) * share, height / 2 + (y - height / 2) * share]);
  },
  far: (photo, strength) => {
    const share = 1.15 + 1.5 * strength;
    const { width, height } = photo;
    return moved(photo, (x, y) => [width / 2 + (x - width / 2) * share, height / 2 + (y - height / 2) * share]);
  },
  turn: (photo, strength, random) => {
    const angle = (random.int(2) === 0 ? -1 : 1) * strength * Math.PI;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [middleX, middleY] = [photo.width / 2, photo.height / 2];
    return moved(photo, (x, y) => [
      middleX + cos * (x - middleX) - sin * (y - middleY),
      middleY + sin * (x - middleX) + cos * (y - middleY),
    ]);
  },
  background: newBackground,
  mix: (photo, strength, _, other) => {
    const share = 0.1 + 0.4 * strength;
    return eachPixel(photo, (value, _channel, at) => value * (1 - share) + other.pixels[at]! * share);
  },
  cover: (photo, strength, random, other) => {
    const side = Math.sqrt(0.1 + 0.5 * strength);
    const [wide, high] = [Math.round(side * photo.width), Math.round(side * photo.height)];
    const [left, top] = [random.int(photo.width - wide + 1), random.int(photo.height - high + 1)];
    return eachPixel(photo, (value, _channel, at) => {
      const [x, y] = [Math.floor(at / 3) % photo.width, Math.floor(at / 3 / photo.width)];
      return x >= left && x < left + wide && y >= top && y < top + high ? other.pixels[at]! : value;
    });
  },
} satisfies Record<string, Shift>;

export type ShiftKind = keyof typeof shifts;

function eachPixel(photo: Picture, change: (value: number, channel: number, at: number) => number): Picture {
  const pixels = new Uint8ClampedArray(photo.pixels.length);
  for (let at = 0; at < pixels.length; at++) pixels[at] = change(photo.pixels[at]!, at % 3, at);
  return { ...photo, pixels: new Uint8Array(pixels.buffer) };
}
