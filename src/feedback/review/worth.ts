import type { ReviewReason } from '../../contracts/loop/review.ts';

export type PickedReason = Exclude<ReviewReason, 'random'>;

/** Signs that a photo's label would teach something. */
export interface Signs {
  uncertain: boolean;
  /** Highest minus second highest probability of the answers, 0..1. */
  margin: number | null;
  /** How far another deployment's answer lies from it, 0..1; 0 = it agrees. */
  disagreement: number;
  outOfDistribution: boolean;
  outOfDistributionScore: number | null;
  /** Share of the nearest labelled photos of the model's own data whose label is another than the answer, 0..1; null = not known. */
  otherNeighbours: number | null;
}

/** Beyond it an answer is not called unsure, though it may be suspicious. */
const sureMargin = 0.5;

/** What a label is worth by each reason, 0..1; 0 = that reason does not apply. */
export const worthBy: Record<PickedReason, (signs: Signs) => number> = {
  /** 1 for a tie; in the endpoint's own band of `uncertain` at least a half. */
  uncertain({ uncertain, margin }) {
    const unsure = 1 - (margin ?? 1);
    return uncertain ? Math.max(0.5, unsure) : unsure > 1 - sureMargin ? unsure : 0;
  },
  disagreement: ({ disagreement }) => disagreement,
  /** At the threshold 0.5, twice as far 0.75, towards 1. */
  'far-from-training': ({ outOfDistribution, outOfDistributionScore: score }) =>
    outOfDistribution && score !== null && score > 0 ? Math.max(0.5, 1 - 0.5 / score) : 0,
  /** A sure answer among photos that were labelled otherwise. */
  suspicious({ margin, otherNeighbours }) {
    if (margin === null || margin < sureMargin || otherNeighbours === null || otherNeighbours <= 0.5) return 0;
    return margin * otherNeighbours;
  },
};
