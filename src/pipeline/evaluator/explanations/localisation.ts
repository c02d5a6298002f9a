import type { Explanations } from '../../../contracts/artifacts/evaluation.ts';
import { positiveLabels } from '../../../contracts/task.ts';
import { mapOrdered } from '../../../inference/map-ordered.ts';
import { wilsonInterval } from '../../../math/stats/proportion.ts';
import { encodeJpeg } from '../../../vision/encode.ts';
import { drawLeaf, sampleLabelNames } from '../../../vision/sample/index.ts';
import { means } from '../means.ts';
import type { SampleInput } from '../sample.ts';
import { allCells, type HeatMap, hottest, hottestFirst, shareOf } from './heat-order.ts';

/** Of drawn leaves that are explained. */
const mostLeaves = 60;
const size = 256;

/**
 * Where heat maps point on drawn leaves with lesions, which no training set holds: their seeds are other ones.
 * @returns null for a model whose labels are not those of drawn leaves, or that is right about none
 */
export async function measureLocalisation(input: SampleInput): Promise<Explanations['localisation']> {
  const { pool, model, inFlight, seed, resamples, signal } = input;
  const { labels, task } = input.signature;
  const ill = sampleLabelNames.filter((name) => labels.includes(name) && !name.endsWith('healthy'));
  const isPositive = positiveLabels(task, labels);
  const shown = ill.filter((name) => isPositive === null || isPositive[labels.indexOf(name)]);
  const seeds = Array.from({ length: shown.length > 0 ? mostLeaves : 0 }, (_, i) => i);
  const explained = mapOrdered(seeds, inFlight, async (i) => {
    const label = shown[i % shown.length]!;
    const { pixels, mask } = drawLeaf({ seed: `${seed}:localisation:${i}`, label, size });
    const heat = await pool.explain(model, await encodeJpeg(pixels, size, size), { signal });
    const top = heat.probabilities.indexOf(Math.max(...heat.probabilities));
    return labels[top] === label ? against(mask, heat) : null;
  });
  const found: ReturnType<typeof against>[] = [];
  for await (const figures of explained) if (figures) found.push(figures);
  if (found.length === 0) return null;
  const inLesions = { values: found.map(({ inLesions }) => inLesions), of: found.map(() => 1) };
  const pointed = found.filter(({ pointing }) => pointing).length;
  return {
    leaves: found.length,
    ...means({ inLesions }, { seed, resamples, groups: Uint32Array.from(found.keys()) }),
    pointing: { value: pointed / found.length, ...wilsonInterval(pointed, found.length) },
    chance: found.reduce((sum, { chance }) => sum + chance, 0) / found.length,
  };
}

/** A cell is in a lesion when at least a tenth of it is. */
const leastShare = 0.1;

function against(mask: Uint8Array, heat: HeatMap) {
  const { width, height } = heat;
  const [sums, counts] = [new Float64Array(width * height), new Float64Array(width * height)];
  mask.forEach((isLesion, i) => {
    const cell = Math.floor((Math.floor(i / size) * height) / size) * width + Math.floor(((i % size) * width) / size);
    sums[cell]! += isLesion;
    counts[cell]!++;
  });
  const isLesion = (cell: number) => sums[cell]! >= leastShare * counts[cell]!;
  const [first] = hottestFirst(heat);
  return {
    inLesions: shareOf(hottest(heat), isLesion),
    pointing: isLesion(first!),
    chance: shareOf(allCells(heat), isLesion),
  };
}
