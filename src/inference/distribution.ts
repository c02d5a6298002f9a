import type { TrainingPhotos } from '../artifacts/model/served-model.ts';
import type { DistributionReference } from '../contracts/artifacts/drift-reference.ts';
import { usualRefuseAbove } from '../contracts/prediction.ts';
import { conformalThreshold, distributionScore, type Measure, usualRange } from '../math/drift/distribution-score.ts';
import { nearestRows } from '../math/drift/nearest-rows.ts';
import { outlierLogit } from '../math/drift/outlier-detector.ts';
import type { DistributionScore } from './pool-answer.ts';

type Ranges = Pick<DistributionReference, 'threshold' | 'neighbours' | 'detector'>;

const oldNeighbours = 5;
const oldShare = 0.96;

/** Scores photos by their distance from the training photos, and by the outlier detector if there is one. */
export class Distribution {
  #photos: TrainingPhotos;
  #ranges: Ranges;
  #refuseAbove: number;

  constructor(photos: TrainingPhotos) {
    this.#photos = photos;
    this.#ranges = photos.reference ?? rangesOf(photos);
    this.#refuseAbove = photos.reference?.refusal?.above ?? usualRefuseAbove;
  }

  /** @param projected [size] of `embedding` [D] */
  score(projected: Float32Array, embedding: Float32Array): DistributionScore {
    const { rows, ids, detector } = this.#photos;
    const { threshold, neighbours, detector: usual } = this.#ranges;
    const nearest = nearestRows(projected, rows, neighbours.count);
    const measures: Measure[] = [{ value: nearest.distance, usual: neighbours }];
    if (detector && usual) measures.push({ value: outlierLogit(detector, embedding), usual });
    const score = distributionScore(measures, threshold);
    return {
      score,
      flagged: score > 1,
      refuseAbove: this.#refuseAbove,
      nearest: nearest.rows.flatMap((row) => ids[row] ?? []),
    };
  }
}

/** For models without a reference: each row's distance from the others. 40 ms for 1,000 rows. */
function rangesOf({ rows, size }: TrainingPhotos): Ranges {
  const distances = Array.from({ length: rows.length / size }, (_, i) => {
    const query = rows.subarray(i * size, (i + 1) * size);
    return nearestRows(query, rows, oldNeighbours, (row) => row === i).distance;
  });
  const usual = usualRange(distances);
  const scores = distances.map((value) => distributionScore([{ value, usual }]));
  return {
    threshold: conformalThreshold(scores, oldShare),
    neighbours: { count: oldNeighbours, ...usual },
    detector: null,
  };
}
