import sharp from 'sharp';
import { Random } from '../../src/math/stats/random.ts';

/** Changes between a plant and the server. Bytes in, bytes out. */
export const changes: Record<string, (image: Uint8Array, seed: string) => Promise<Uint8Array>> = {
  blur: (image) => sharp(image).blur(2).jpeg({ quality: 95 }).toBuffer(),
  'brightness x 0.6': (image) => sharp(image).linear(0.6).jpeg({ quality: 95 }).toBuffer(),
  'JPEG quality 20': (image) => sharp(image).jpeg({ quality: 20 }).toBuffer(),
  'new background': newBackground,
  'centre crop of 60 %': centreCrop,
  'JPEG quality 90': (image) => sharp(image).jpeg({ quality: 90 }).toBuffer(),
};

async function centreCrop(image: Uint8Array): Promise<Uint8Array> {
  const { width, height } = await sharp(image).metadata();
  const [w, h] = [Math.round(0.6 * width), Math.round(0.6 * height)];
  const region = { left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h };
  return sharp(image).extract(region).resize(width, height).jpeg({ quality: 95 }).toBuffer();
}

const soil = [110, 80, 55] as const;

/** Grey paper becomes another colour: what has little colour and hangs together with the border. */
export async function newBackground(
  image: Uint8Array,
  seed: string,
  [red, green, blue]: readonly [number, number, number] = soil,
): Promise<Uint8Array> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const random = new Random(seed);
  const isGrey = (i: number) => {
    const [r, g, b] = [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!];
    return Math.max(r, g, b) - Math.min(r, g, b) < 45;
  };
  const waiting = Array.from({ length: width * height }, (_, i) => i).filter(
    (i) => i % width === 0 || i % width === width - 1 || i < width || i >= width * (height - 1),
  );
  const isBackground = new Uint8Array(width * height);
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
    if (isBackground[i] || !isGrey(i)) continue;
    isBackground[i] = 1;
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x > 0) waiting.push(i - 1);
    if (x < width - 1) waiting.push(i + 1);
    if (y > 0) waiting.push(i - width);
    if (y < height - 1) waiting.push(i + width);
  }
  for (let i = 0; i < isBackground.length; i++) {
    if (!isBackground[i]) continue;
    const grain = 0.8 + 0.4 * random.float();
    data.set([red * grain, green * grain, blue * grain], 3 * i);
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}
