import { type Picture, resample } from '../resample/resample.ts';

/** Cells per side of the mask. */
export const grid = 96;
const rim = 6;
const rounds = 4;
/** Shares of the picture that a subject may cover, and of the border that it may touch. */
const [smallest, largest, mostOfBorder] = [0.08, 0.85, 0.4];
/** Least distance in total variation, 0..1, of the colours of a subject and of the rest. */
const leastDifference = 0.6;

/**
 * The subject: the largest connected region whose colours are those of the picture's middle rather than those of its border. The colour histograms
 * of both are estimated in turns with the mask, as GrabCut does with mixtures and edges (Rother et al. 2004). It knows nothing of leaves: of
 * a leaf before others as green, parts are missing or too much is taken.
 * @returns uint8 [grid, grid], 0 or 1; null without a clear subject
 */
export function findSubject(picture: Picture): Uint8Array | null {
  const pixels = resample(picture, { width: grid, height: grid, fit: 'fill', kernel: 'linear' });
  const bins = Uint16Array.from({ length: grid * grid }, (_, i) => binOf(pixels, 3 * i));
  const priors = Float64Array.from({ length: grid * grid }, (_, i) => priorAt(i));
  let inside: Float64Array = priors;
  for (let round = 0; round < rounds; round++) inside = smoothed(posterior(bins, inside, priors));
  const mask = filled(largestRegion(Uint8Array.from(inside, (p) => Number(p > 0.5))));
  const [covered, border] = [shareOf(mask, () => true), shareOf(mask, isBorder)];
  const isClear = covered >= smallest && covered <= largest && border <= mostOfBorder;
  return isClear && colourDifference(bins, mask) >= leastDifference ? mask : null;
}

const isBorder = (i: number) => {
  const [x, y] = [i % grid, Math.floor(i / grid)];
  return Math.min(x, y, grid - 1 - x, grid - 1 - y) < rim;
};

/** Probability of being the subject by place alone. */
function priorAt(i: number): number {
  if (isBorder(i)) return 0.1;
  const far = Math.hypot((i % grid) - grid / 2, Math.floor(i / grid) - grid / 2) / (grid / 2);
  return 0.2 + 0.6 * Math.exp(-2 * far * far);
}

const chromaBins = 16;
const lightBins = 6;
const colours = lightBins * chromaBins * chromaBins;

/** Two colour differences in 16 steps each, and lightness in 6. */
function binOf(pixels: Uint8Array, at: number): number {
  const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
  const step = (difference: number) =>
    Math.min(chromaBins - 1, Math.max(0, Math.floor(difference / 12) + chromaBins / 2));
  const lightness = Math.floor(((red + green + blue) * lightBins) / 766);
  return (lightness * chromaBins + step(red - green)) * chromaBins + step((red + green) / 2 - blue);
}

/** Half the sum of the absolute differences of two histograms of shares. */
function colourDifference(bins: Uint16Array, mask: Uint8Array): number {
  const counts = [new Float64Array(colours), new Float64Array(colours)] as const;
  bins.forEach((bin, i) => {
    counts[mask[i] as 0 | 1][bin]!++;
  });
  const inside = mask.reduce((sum, value) => sum + value, 0);
  const [rest, subject] = counts;
  return (
    rest.reduce((sum, count, bin) => sum + Math.abs(count / (mask.length - inside) - subject[bin]! / inside), 0) / 2
  );
}

/** Bayes with the colour histograms of the subject and of the rest. */
function posterior(bins: Uint16Array, inside: Float64Array, priors: Float64Array): Float64Array {
  const [subject, rest] = [new Float64Array(colours).fill(0.05), new Float64Array(colours).fill(0.05)];
  let [subjects, rests] = [0.05 * colours, 0.05 * colours];
  bins.forEach((bin, i) => {
    subject[bin]! += inside[i]!;
    rest[bin]! += 1 - inside[i]!;
    subjects += inside[i]!;
    rests += 1 - inside[i]!;
  });
  return Float64Array.from(bins, (bin, i) => {
    const yes = (priors[i]! * subject[bin]!) / subjects;
    return yes / (yes + ((1 - priors[i]!) * rest[bin]!) / rests);
  });
}

/** Mean of 3 x 3 cells, edges repeated. */
function smoothed(values: Float64Array): Float64Array {
  const clamped = (at: number) => Math.min(grid - 1, Math.max(0, at));
  const along = (from: Float64Array, cell: (line: number, at: number) => number) => {
    const to = new Float64Array(from.length);
    for (let line = 0; line < grid; line++) {
      for (let at = 0; at < grid; at++) {
        const near = from[cell(line, clamped(at - 1))]! + from[cell(line, clamped(at + 1))]!;
        to[cell(line, at)] = (from[cell(line, at)]! + near) / 3;
      }
    }
    return to;
  };
  return along(
    along(values, (row, column) => row * grid + column),
    (column, row) => row * grid + column,
  );
}

/** The cells beside a cell, above and below it. */
function neighbours(i: number): number[] {
  const x = i % grid;
  return [x > 0 ? i - 1 : i, x < grid - 1 ? i + 1 : i, i >= grid ? i - grid : i, i + grid].filter(
    (at) => at < grid * grid,
  );
}

/** Numbers the connected regions of equal cells. */
function regionsOf(mask: Uint8Array): { of: Int32Array; sizes: number[] } {
  const of = new Int32Array(mask.length).fill(-1);
  const sizes: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (of[start] !== -1) continue;
    const open = [start];
    of[start] = sizes.length;
    let size = 0;
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      size++;
      for (const near of neighbours(i)) {
        if (of[near] !== -1 || mask[near] !== mask[start]) continue;
        of[near] = sizes.length;
        open.push(near);
      }
    }
    sizes.push(size);
  }
  return { of, sizes };
}

function largestRegion(mask: Uint8Array): Uint8Array {
  const { of, sizes } = regionsOf(mask);
  let best = -1;
  of.forEach((region, i) => {
    if (mask[i] === 1 && (best === -1 || sizes[region]! > sizes[best]!)) best = region;
  });
  return Uint8Array.from(of, (region) => Number(region === best));
}

/** Without holes: lesions have colours of their own. */
function filled(mask: Uint8Array): Uint8Array {
  const { of } = regionsOf(mask);
  const outside = new Set(Array.from(of).filter((_, i) => mask[i] === 0 && isEdge(i)));
  return Uint8Array.from(of, (region) => Number(!outside.has(region)));
}

const isEdge = (i: number) => i % grid === 0 || i % grid === grid - 1 || i < grid || i >= grid * (grid - 1);

/** Share of the cells of a kind that are set. */
function shareOf(mask: Uint8Array, isCounted: (i: number) => boolean): number {
  const counted = [...mask.keys()].filter(isCounted);
  return counted.filter((i) => mask[i] === 1).length / counted.length;
}
