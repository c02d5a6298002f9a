import type { Standardiser } from '../../../artifacts/transform-graph/embedding-source.ts';
import type {
  DistributionReference,
  NoticeCounts,
  RefusalReference,
} from '../../../contracts/artifacts/drift-reference.ts';
import {
  conformalThreshold,
  distributionScore,
  type UsualRange,
  usualRange,
} from '../../../math/drift/distribution-score.ts';
import { nearestRows } from '../../../math/drift/nearest-rows.ts';
import { fitOutlierDetector, type OutlierDetector, outlierLogit } from '../../../math/drift/outlier-detector.ts';
import { quantile } from '../../../math/stats/bootstrap.ts';

const neighbours = 5;
const folds = 3;
/** At most this share of photos like those of training is flagged. */
const flaggedShare = 0.04;
/** And refused: half of the 1 % that is promised, since it is estimated from hundreds of photos. */
const refusedShare = 0.005;
/** Of drawn pictures without a subject, this share may be warned of instead, so that other subjects are not refused with them. */
const sparedShare = 0.02;
/** Labels: each fits a detector, 0.5 s of CPU. */
const mostLeftOut = 3;

export interface PlacedPhotos {
  /** [D] each, not standardised. */
  embeddings: Float32Array[];
  /** [photos, size], as the projection file holds them. */
  projected: Float32Array;
}

export interface StrangePhotos extends PlacedPhotos {
  what: string;
  /** They show no subject: the limit is chosen to refuse them. */
  isNoSubject: boolean;
}

export interface DistributionOptions {
  train: PlacedPhotos & { fold: Int32Array; target: Int32Array };
  /** In two folds. */
  eval: PlacedPhotos & { fold: Int32Array };
  /** Drawn pictures, unlike `outliers` in kind. */
  strange: readonly StrangePhotos[];
  outliers: readonly Float32Array[];
  standardiser: Standardiser;
}

export interface FittedDistribution {
  reference: Omit<DistributionReference, 'detector'> & {
    detector: Omit<NonNullable<DistributionReference['detector']>, 'file'>;
  };
  detector: OutlierDetector;
}

/**
 * Fits ranges and limits on eval photos, and on train photos scored without them and their group. Null with fewer than two folds of train
 * photos.
 */
export function fitDistribution(options: DistributionOptions): FittedDistribution | null {
  const { train, outliers, standardiser } = options;
  if (new Set(train.fold).size < 2) return null;
  const learn = (rows: Float32Array[]) => fitOutlierDetector(rows, outliers, standardiser);
  const detector = learn(train.embeddings);
  const held = Array.from({ length: folds }, (_, fold) => heldOut(options, fold, learn)).flat();
  const seen = measured(options, options.eval, detector);
  const strange = options.strange.map((photos) => ({ ...photos, measured: measured(options, photos, detector) }));
  const emptyIn = (isKept: (i: number) => boolean) =>
    strange.flatMap(({ isNoSubject, measured }) => (isNoSubject ? measured.filter((_, i) => isKept(i)) : []));
  const empty = emptyIn(() => true);
  const limits = fitLimits([...held, ...seen], empty);
  const own = [0, 1].map((fold) => {
    const [inside, outside] = [
      seen.filter((_, i) => options.eval.fold[i] !== fold),
      seen.filter((_, i) => options.eval.fold[i] === fold),
    ];
    return countNotices(outside, fitLimits([...held, ...inside], empty));
  });
  // each half of the drawn pictures, too: the limit is chosen to refuse them
  const halves = [0, 1].map((half) =>
    fitLimits(
      [...held, ...seen],
      emptyIn((i) => i % 2 !== half),
    ),
  );
  const drawn = strange.map(({ what, measured: of }) => {
    const [even, odd] = halves.map((other, half) =>
      countNotices(
        of.filter((_, i) => i % 2 === half),
        other,
      ),
    );
    return { what, ...sum(even!, odd!) };
  });
  const others = leftOut(options, learn).map(({ what, measured: of }) => ({ what, ...countNotices(of, limits) }));
  const refusal: RefusalReference = { above: limits.above, own: own.reduce(sum), others: [...drawn, ...others] };
  const { threshold, usual } = limits;
  const flagged = countNotices(seen, limits);
  return {
    reference: {
      threshold,
      neighbours: { count: neighbours, ...usual.distance },
      detector: { outliers: outliers.length, ...usual.logit },
      calibrationPhotos: held.length + seen.length,
      evalShareFlagged: seen.length > 0 ? (flagged.warned + flagged.refused) / seen.length : null,
      refusal,
    },
    detector,
  };
}

/** Photos of some labels, each scored by parts that were fitted without its label: the subjects that are hardest to tell. */
function leftOut(options: DistributionOptions, learn: (rows: Float32Array[]) => OutlierDetector) {
  const { train } = options;
  const targets = [...new Set(train.target)].sort((a, b) => a - b);
  const every = Math.ceil(targets.length / mostLeftOut);
  const byLabel = { ...options, train: { ...train, fold: train.target } };
  const some = targets.filter((_, i) => i % every === 0);
  const of = some.flatMap((target) => heldOut(byLabel, target, learn));
  return of.length === 0 ? [] : [{ what: 'photos of a label left out', measured: of }];
}

interface Limits {
  usual: Record<keyof Measured, UsualRange>;
  threshold: number;
  /** In units of the threshold. */
  above: number;
}

/** @param known photos like those of training @param empty pictures without a subject */
function fitLimits(known: readonly Measured[], empty: readonly Measured[]): Limits {
  const usual = {
    distance: usualRange(known.map(({ distance }) => distance)),
    logit: usualRange(known.map(({ logit }) => logit)),
  };
  const scores = known.map((one) => scoreOf(one, { usual, threshold: 1 }));
  const threshold = conformalThreshold(scores, 1 - flaggedShare);
  const least = conformalThreshold(scores, 1 - refusedShare) / threshold;
  const ofEmpty = Float64Array.from(empty, (one) => scoreOf(one, { usual, threshold })).sort();
  const above = ofEmpty.length > 0 ? Math.max(least, quantile(ofEmpty, sparedShare)) : least;
  return { usual, threshold, above };
}

function scoreOf({ distance, logit }: Measured, { usual, threshold }: Omit<Limits, 'above'>): number {
  const measures = [
    { value: distance, usual: usual.distance },
    { value: logit, usual: usual.logit },
  ];
  return distributionScore(measures, threshold);
}

function countNotices(photos: readonly Measured[], limits: Limits): NoticeCounts {
  const scores = photos.map((one) => scoreOf(one, limits));
  const refused = scores.filter((score) => score > limits.above).length;
  return { photos: scores.length, warned: scores.filter((score) => score > 1).length - refused, refused };
}

const sum = (a: NoticeCounts, b: NoticeCounts): NoticeCounts => ({
  photos: a.photos + b.photos,
  warned: a.warned + b.warned,
  refused: a.refused + b.refused,
});

interface Measured {
  distance: number;
  logit: number;
}

function heldOut(
  { train }: DistributionOptions,
  fold: number,
  learn: (rows: Float32Array[]) => OutlierDetector,
): Measured[] {
  const inside = train.embeddings.filter((_, i) => train.fold[i] !== fold);
  if (inside.length === train.embeddings.length || inside.length === 0) return [];
  const detector = learn(inside);
  return train.embeddings.flatMap((embedding, i) =>
    train.fold[i] === fold
      ? [{ distance: distanceOf(train, row(train, i), fold), logit: outlierLogit(detector, embedding) }]
      : [],
  );
}

function measured({ train }: DistributionOptions, photos: PlacedPhotos, detector: OutlierDetector): Measured[] {
  return photos.embeddings.map((embedding, i) => ({
    distance: distanceOf(train, row(photos, i)),
    logit: outlierLogit(detector, embedding),
  }));
}

function distanceOf(train: DistributionOptions['train'], query: Float32Array, fold?: number): number {
  return nearestRows(query, train.projected, neighbours, (i) => train.fold[i] === fold).distance;
}

function row({ embeddings, projected }: PlacedPhotos, i: number): Float32Array {
  const size = projected.length / embeddings.length;
  return projected.subarray(i * size, (i + 1) * size);
}
