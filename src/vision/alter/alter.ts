import type { AlterationKind } from '../../contracts/artifacts/alteration.ts';
import type { Random } from '../../math/stats/random.ts';
import { fromRaw } from '../decode.ts';
import { decodePixels } from '../decode-pixels.ts';
import type { Picture } from '../resample/resample.ts';
import { swapBackground } from './background.ts';
import { rotate } from './rotate.ts';

interface Alteration {
  /** For people: what is done, and how strongly. */
  strength: string;
  /** Null where it cannot be done. */
  alter(picture: Picture, random: Random): Promise<Picture | null> | Picture | null;
}

const blurShare = 0.01;
const light = { darker: 0.5, brighter: 1.5 };
const jpegQuality = 15;
const cropShare = 0.7;
const degrees = 20;

export const alterations: Record<AlterationKind, Alteration> = {
  blur: {
    strength: `Gaussian blur, sigma ${100 * blurShare} % of the shorter side`,
    alter: async ({ pixels, width, height }) => {
      const sigma = Math.max(0.5, blurShare * Math.min(width, height));
      const blurred = await fromRaw(pixels, { width, height, channels: 3 }).blur(sigma).raw().toBuffer();
      return { pixels: blurred, width, height };
    },
  },
  darker: { strength: `pixel values x ${light.darker}`, alter: (picture) => scaled(picture, light.darker) },
  brighter: {
    strength: `pixel values x ${light.brighter}, clipped`,
    alter: (picture) => scaled(picture, light.brighter),
  },
  jpeg: {
    strength: `JPEG of quality ${jpegQuality}`,
    async alter({ pixels, width, height }) {
      const bytes = await fromRaw(pixels, { width, height, channels: 3 }).jpeg({ quality: jpegQuality }).toBuffer();
      return await decodePixels(bytes, Number.POSITIVE_INFINITY);
    },
  },
  crop: { strength: `${100 * cropShare} % of each side, anywhere`, alter: crop },
  rotation: {
    strength: `${degrees} degrees either way, edges mirrored`,
    alter: (picture, random) => rotate(picture, random.pick([-degrees, degrees])),
  },
  background: {
    strength:
      'what differs in colour from the border, before a drawn surface; photos without a clear subject are left out',
    alter: swapBackground,
  },
};

function scaled({ pixels, width, height }: Picture, factor: number): Picture {
  return { pixels: pixels.map((value) => Math.min(255, Math.round(value * factor))), width, height };
}

function crop({ pixels, width, height }: Picture, random: Random): Picture {
  const [wide, high] = [width, height].map((side) => Math.max(1, Math.round(cropShare * side))) as [number, number];
  const [left, top] = [random.int(width - wide + 1), random.int(height - high + 1)];
  const out = new Uint8Array(3 * wide * high);
  for (let y = 0; y < high; y++) {
    const from = 3 * ((top + y) * width + left);
    out.set(pixels.subarray(from, from + 3 * wide), 3 * y * wide);
  }
  return { pixels: out, width: wide, height: high };
}
