import type { ReviewReason } from '../../contracts/loop/review.ts';

export type PickedReason = Exclude<ReviewReason, 'random'>;

/** Signals that a photo's label would improve the model. */
export interface Signs {
  uncertain: boolean;
  /** Highest minus second highest probability of the answers, 0..1. */
  margin: number | null;
  /** Distance to another deployment's answer, 0..1; 0 = same answer. */
  disagreement: number;
  outOfDistribution: boolean;
  outOfDistributionScore: number | null;
  /** Share of the nearest labelled reference photos whose label differs from the answer, 0..1; null = unknown. */
  otherNeighbours: number | null;
}

/** From this margin an answer counts as confident: not uncertain, perhaps suspicious. */
const sureMargin = 0.5;

/** Value of a label by each reason, 0..1; 0 = the reason does not apply. */
export const worthBy: Record<PickedReason, (signs: Signs) => number> = {
  /** 1 for a tie; at least 0.5 in the endpoint's `uncertain` band. */
  uncertain({ uncertain, margin }) {
    const unsure = 1 - (margin ?? 1);
    return uncertain ? Math.max(0.5, unsure) : unsure > 1 - sureMargin ? unsure : 0;
  },
  disagreement: ({ disagreement }) => disagreement,
  /** 0.5 at the threshold, 0.75 at twice the distance, towards 1. */
  'far-from-training': ({ outOfDistribution, outOfDistributionScore: score }) =>
    outOfDistribution && score !== null && score > 0 ? Math.max(0.5, 1 - 0.5 / score) : 0,
  /** A confident answer among photos with other labels. */
  suspicious({ margin, otherNeighbours }) {
    if (margin === null || margin < sureMargin || otherNeighbours === null || otherNeighbours <= 0.5) return 0;
    return margin * otherNeighbours;
  },
};
