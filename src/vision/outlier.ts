import type { Random } from '../math/stats/random.ts';

/** uint8 [height, width, 3], RGB. */
export interface Picture {
  pixels: Uint8Array;
  width: number;
  height: number;
}

export const outlierKinds = ['backdrop', 'things', 'pieces', 'blank'] as const;
export type OutlierKind = (typeof outlierKinds)[number];

/**
 * A training photo without its subject, as an outlier example for a detector.
 * `backdrop`: a corner of the photo enlarged to the whole picture; `things`: shaded balls and boxes on it; `pieces`: the photo cut up and
 * shuffled; `blank`: a smooth gradient between two colours.
 * @param skin colours some of the things; same size as `photo`
 */
export function drawOutlier(kind: OutlierKind, photo: Picture, skin: Picture, random: Random): Picture {
  if (kind === 'pieces') return pieces(photo, random);
  if (kind === 'blank') return blank(photo, random);
  if (kind === 'backdrop') return backdrop(photo, random);
  return things(random.int(4) === 0 ? blank(photo, random) : backdrop(photo, random), skin, random);
}

type Source = (x: number, y: number) => number;

/** Copies each pixel from its offset in `source`. */
function rearranged({ pixels, width, height }: Picture, source: Source): Picture {
  const out = new Uint8Array(pixels.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const from = source(x, y);
      out[to] = pixels[from]!;
      out[to + 1] = pixels[from + 1]!;
      out[to + 2] = pixels[from + 2]!;
    }
  }
  return { pixels: out, width, height };
}

/** A corner of 25..43 % of each side, mirrored at its edges and enlarged up to 2.5 times. */
function backdrop(photo: Picture, random: Random): Picture {
  const { width, height } = photo;
  const share = random.range(0.25, 0.43);
  const [wide, high] = [Math.max(1, Math.floor(share * width)), Math.max(1, Math.floor(share * height))];
  const left = random.int(2) * (width - wide);
  const top = random.int(2) * (height - high);
  const zoom = random.range(1, 2.5);
  const [shiftX, shiftY] = [random.int(wide), random.int(high)];
  const mirrored = (at: number, side: number) => {
    const place = at % (2 * side);
    return place < side ? place : 2 * side - 1 - place;
  };
  return rearranged(photo, (x, y) => {
    const column = left + mirrored(Math.floor((x + shiftX) / zoom), wide);
    const row = top + mirrored(Math.floor((y + shiftY) / zoom), high);
    return 3 * (row * width + column);
  });
}

/** 2x2 to 6x6 pieces, shuffled. */
function pieces(photo: Picture, random: Random): Picture {
  const { width } = photo;
  const across = 2 + random.int(5);
  const order = random.shuffle(Array.from({ length: across * across }, (_, i) => i));
  const [wide, high] = [Math.floor(width / across), Math.floor(photo.height / across)];
  return rearranged(photo, (x, y) => {
    const [column, row] = [Math.floor(x / wide), Math.floor(y / high)];
    if (column >= across || row >= across) return 3 * (y * width + x);
    const piece = order[row * across + column]!;
    const fromX = (piece % across) * wide + (x % wide);
    const fromY = Math.floor(piece / across) * high + (y % high);
    return 3 * (fromY * width + fromX);
  });
}

/** With noise of up to +-10 levels. */
function blank({ width, height }: Picture, random: Random): Picture {
  const pixels = new Uint8ClampedArray(3 * width * height);
  const [from, to] = [anyColour(random), anyColour(random)];
  const [across, down, noise] = [random.range(-1, 1), random.range(-1, 1), random.range(0, 20)];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const along = 0.5 + 0.5 * (across * ((2 * x) / width - 1) + down * ((2 * y) / height - 1));
      const t = Math.min(1, Math.max(0, along));
      for (let c = 0; c < 3; c++, at++) pixels[at] = from[c]! * (1 - t) + to[c]! * t + (random.float() - 0.5) * noise;
    }
  }
  return { pixels: new Uint8Array(pixels.buffer), width, height };
}

const anyColour = (random: Random): number[] => [random.int(256), random.int(256), random.int(256)];

/** One to seven, of any colour or cut from the skin, lit from one side. */
function things(ground: Picture, skin: Picture, random: Random): Picture {
  const pixels = new Uint8ClampedArray(ground.pixels);
  for (let n = 1 + random.int(7); n > 0; n--) paintThing(pixels, ground, skin, random);
  return { ...ground, pixels: new Uint8Array(pixels.buffer) };
}

function paintThing(pixels: Uint8ClampedArray, { width, height }: Picture, skin: Picture, random: Random): void {
  const side = Math.min(width, height);
  const [centreX, centreY] = [random.int(width), random.int(height)];
  const radius = side * random.range(0.045, 0.29);
  const radiusY = radius * random.range(0.4, 1.2);
  const isBox = random.int(3) === 0;
  const colour = random.int(3) === 0 ? null : anyColour(random);
  const [turn, shading] = [random.range(0, Math.PI), random.range(0, 0.6)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const reach = Math.ceil(Math.hypot(radius, radiusY));
  for (let y = Math.max(0, centreY - reach); y < Math.min(height, centreY + reach); y++) {
    for (let x = Math.max(0, centreX - reach); x < Math.min(width, centreX + reach); x++) {
      const [dx, dy] = [x - centreX, y - centreY];
      const u = Math.abs(cos * dx + sin * dy) / radius;
      const v = Math.abs(cos * dy - sin * dx) / radiusY;
      const far = isBox ? Math.max(u, v) : Math.hypot(u, v);
      if (far >= 1) continue;
      const cover = Math.min(1, ((1 - far) * radius) / 1.5);
      const light = 0.85 - (shading * (dx + dy)) / (radius + radiusY);
      const at = 3 * (y * width + x);
      for (let c = 0; c < 3; c++) {
        const painted = (colour ? colour[c]! : skin.pixels[at + c]!) * light + random.range(-3, 3);
        pixels[at + c] = pixels[at + c]! * (1 - cover) + cover * painted;
      }
    }
  }
}
