import type { HeadWeights } from '../../../../contracts/artifacts/head.ts';
import { fitTemperature } from '../../../../math/calibration/temperature.ts';
import { groupedFolds } from '../../../../math/stats/grouped-folds.ts';
import { sourceRows } from '../../source-rows.ts';
import { classWeights } from '../batches.ts';
import { headLogits } from '../head-runner.ts';
import type { HeadTraining, RidgeChoice } from '../head-training.ts';
import { addedSums, RowSummer, type RowSums, type SummedPhotos, withoutPart } from './row-sums.ts';
import { RidgeSolver } from './solve.ts';

const strengths = [0.05, 0.0125, 0.003];
/** When there are too few groups to leave some out. */
const usualStrength = 0.0125;
const choiceFolds = 3;
/** Which penalty is best shows long before the weights stand. */
const tolerance = { choice: 1e-2, head: 1e-3 };
/** Nats between a photo's label and the others in the targets, so that temperatures are near 1. */
const targetHeight = 18;

export interface RidgeHead {
  head: HeadWeights;
  /** Mean squared error of the logits on the train photos. */
  loss: number;
  choice: RidgeChoice;
}

/**
 * Ridge regression of one-hot targets on standardised embeddings (Hoerl & Kennard 1970): a linear head, in closed form. Views count as photos.
 * @throws TRAINING_EMBEDDING_INVALID, CANCELLED
 */
export async function fitRidge(training: HeadTraining): Promise<RidgeHead> {
  const { source, standardiser, classes, config, processes = 1, signal } = training;
  const summer = await RowSummer.open(standardiser, classes, processes);
  const solver = await RidgeSolver.open(source.size + 1, processes);
  try {
    const folds = config.ridge === 'auto' ? foldsOf(training) : null;
    const parts: RowSums[] = [];
    for (const rows of folds ?? [everyRow(training)])
      parts.push(await summer.sum(source, summedPhotos(training, rows), signal));
    const sums = parts.length === 1 ? parts[0]! : addedSums(parts as [RowSums, ...RowSums[]]);
    const choice = folds ? await choose(training, solver, folds, parts, sums) : fixed(config.ridge);
    const [weights] = await solver.solve(sums, [choice.strength], { tolerance: tolerance.head, signal });
    return { head: headOf(weights!, classes), loss: await solver.error(sums, weights!), choice };
  } finally {
    await summer.close();
    await solver.close();
  }
}

const fixed = (ridge: number | 'auto'): RidgeChoice => ({
  strength: ridge === 'auto' ? usualStrength : ridge,
  tried: [],
});

const everyRow = ({ rows }: HeadTraining) => Array.from({ length: rows.length }, (_, i) => i);

/** Rows of each fold; null with too few groups. */
function foldsOf({ rows, targets, groups, seed }: HeadTraining): number[][] | null {
  const known = groups ?? Array.from(rows, String);
  if (new Set(known).size < 2 * choiceFolds) return null;
  const folds = groupedFolds(Array.from(targets, String), known, choiceFolds, `${seed}:ridge`);
  return Array.from({ length: choiceFolds }, (_, fold) => [...folds.keys()].filter((i) => folds[i] === fold));
}

function summedPhotos({ source, rows, targets, classes, config }: HeadTraining, chosen: number[]): SummedPhotos {
  const isPlain = config.trainViews === 'plain';
  return {
    photos: chosen.map((i) => rows[i]!),
    targets: chosen.map((i) => targets[i]!),
    weights: classWeights(targets, classes, config.classWeights),
    views: isPlain ? [0] : Array.from({ length: source.views }, (_, view) => view),
    height: targetHeight,
  };
}

/** The strength whose predictions for the photos of left-out folds are the likeliest, after temperature scaling. */
async function choose(
  training: HeadTraining,
  solver: RidgeSolver,
  folds: number[][],
  parts: RowSums[],
  sums: RowSums,
): Promise<RidgeChoice> {
  const { source, standardiser, rows, targets, classes, evalViews = [0], signal } = training;
  const view = evalViews.slice(0, 1);
  const logits = strengths.map(() => new Float32Array(rows.length * classes));
  for (const [fold, heldOut] of folds.entries()) {
    const rest = withoutPart(sums, parts[fold]!);
    const heldOutRows = sourceRows(
      heldOut.map((i) => rows[i]!),
      source.views,
      view,
    );
    const solved = await solver.solve(rest, strengths, { tolerance: tolerance.choice, signal });
    for (const [s, weights] of solved.entries()) {
      const predicted = await headLogits(headOf(weights, classes), standardiser, source, heldOutRows);
      heldOut.forEach((row, i) => {
        logits[s]!.set(predicted.subarray(i * classes, (i + 1) * classes), row * classes);
      });
    }
  }
  const tried = strengths.map((strength, s) => {
    return { strength, nll: fitTemperature(logits[s]!, targets, classes).nllAfter };
  });
  const best = tried.reduce((least, each) => (each.nll < least.nll ? each : least));
  return { strength: best.strength, tried };
}

/** @param weights [D + 1, K]: the last row is the bias */
function headOf(weights: Float32Array, classes: number): HeadWeights {
  const inputs = weights.length / classes - 1;
  const weight = weights.slice(0, inputs * classes);
  return { layers: [{ weight, bias: weights.slice(inputs * classes), inputs, outputs: classes }] };
}
