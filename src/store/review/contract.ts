import type { FillWindow, ReviewFill, ReviewItem } from '../../contracts/loop/review.ts';
import type { RequestRecord } from '../../contracts/request-record.ts';

/** A new picture as the queue weighs it. */
export type Candidate = Pick<
  RequestRecord,
  | 'publicId'
  | 'modelName'
  | 'modelVersion'
  | 'label'
  | 'probability'
  | 'uncertain'
  | 'outOfDistribution'
  | 'outOfDistributionScore'
  | 'pixelsSha256'
> & {
  /** Highest minus second highest probability of the answers, 0..1. */
  margin: number | null;
  /** How far another deployment's answer to it lies from the one given, 0..1; 0 = they agree, or none was asked. */
  disagreement: number;
  projection: Float32Array | null;
};

export interface NewPictures {
  /** All, whether their photos are kept or not. */
  pictures: number;
  drawn: Candidate[];
  /** Some of them may be drawn, too. */
  candidates: Candidate[];
}

export type NewReviewItem = Pick<ReviewItem, 'request' | 'reason' | 'worth' | 'chance'> & {
  pixelsSha256: string | null;
};

export interface ReviewFilter {
  endpoint?: string;
  /** Default: waiting. */
  state?: 'waiting' | 'done' | 'skipped';
  limit?: number;
}

/** Photos of the project that wait for a label. */
export interface ReviewStore {
  /** Worth most first. */
  list(filter?: ReviewFilter): Promise<ReviewItem[]>;
  get(request: string): Promise<ReviewItem | null>;
  /** The waiting photo that is worth most and that nobody else looks at; theirs until then. Null = none waits. */
  claim(who: string, options: { endpoint?: string; now: Date; until: Date }): Promise<ReviewItem | null>;
  /** @returns false when it does not wait */
  skip(request: string, at: Date): Promise<boolean>;

  /** Where the newest fill ended; null = none yet. */
  lastFill(endpoint: string): Promise<ReviewFill | null>;
  /**
   * New answered pictures of the window: the first request of each, never queued before, without a label. Of those whose photo is kept: `draw`
   * of them by `seed`; and by what their answers say `each` of the least sure, the most contested, the farthest and the surest.
   */
  look(window: FillWindow, options: { draw: number; seed: string; each: number }): Promise<NewPictures>;
  /** Remembers the fill and queues its photos, once; false = another fill began there. A picture that is queued already stays as it is. */
  fill(fill: ReviewFill, items: readonly NewReviewItem[]): Promise<boolean>;
}
