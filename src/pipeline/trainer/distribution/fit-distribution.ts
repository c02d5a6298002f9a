import type { Standardiser } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { DistributionReference } from '../../../contracts/artifacts/drift-reference.ts';
import { conformalThreshold, distributionScore, usualRange } from '../../../math/drift/distribution-score.ts';
import { nearestRows } from '../../../math/drift/nearest-rows.ts';
import { fitOutlierDetector, type OutlierDetector, outlierLogit } from '../../../math/drift/outlier-detector.ts';

const neighbours = 5;
const folds = 3;
/** At most this share of photos like those of training is flagged. */
const flaggedShare = 0.04;

export interface PlacedPhotos {
  /** [D] each, not standardised. */
  embeddings: Float32Array[];
  /** [photos, size], as the projection file holds them. */
  projected: Float32Array;
}

export interface DistributionOptions {
  train: PlacedPhotos & { fold: Int32Array };
  eval: PlacedPhotos;
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
 * Fits ranges and threshold on eval photos, and on train photos scored without them and their group. Null with fewer than two folds of train
 * photos.
 */
export function fitDistribution(options: DistributionOptions): FittedDistribution | null {
  const { train, outliers, standardiser } = options;
  if (new Set(train.fold).size < 2) return null;
  const learn = (rows: Float32Array[]) => fitOutlierDetector(rows, outliers, standardiser);
  const detector = learn(train.embeddings);
  const held = Array.from({ length: folds }, (_, fold) => heldOut(options, fold, learn)).flat();
  const seen = measured(options, options.eval, detector);
  const both = [...held, ...seen];
  const usual = {
    neighbours: { count: neighbours, ...usualRange(both.map(({ distance }) => distance)) },
    detector: { outliers: outliers.length, ...usualRange(both.map(({ logit }) => logit)) },
  };
  const scoreOf = ({ distance, logit }: Measured) =>
    distributionScore([
      { value: distance, usual: usual.neighbours },
      { value: logit, usual: usual.detector },
    ]);
  const threshold = conformalThreshold(both.map(scoreOf), 1 - flaggedShare);
  const flagged = seen.filter((one) => scoreOf(one) > threshold).length;
  const evalShareFlagged = seen.length > 0 ? flagged / seen.length : null;
  return { reference: { threshold, ...usual, calibrationPhotos: both.length, evalShareFlagged }, detector };
}

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
