import type { FillWindow, ReviewFill, ReviewItem } from '../../contracts/loop/review.ts';
import type { RequestRecord } from '../../contracts/request-record.ts';

/** A new picture that may be queued. */
export type Candidate = Pick<
  RequestRecord,
  | 'publicId'
  | 'modelName'
  | 'modelVersion'
  | 'label'
  | 'uncertain'
  | 'outOfDistribution'
  | 'outOfDistributionScore'
  | 'pixelsSha256'
> & {
  /** Highest minus second highest probability, 0..1. */
  margin: number | null;
  /** Distance between this prediction and another deployment's, 0..1; 0 = they agree, or there is no other. */
  disagreement: number;
  projection: Float32Array | null;
};

interface NewPictures {
  /** All, whether or not their photos are stored. */
  pictures: number;
  drawn: Candidate[];
  /** Some of them may also be in `drawn`. */
  candidates: Candidate[];
}

export type NewReviewItem = Pick<ReviewItem, 'request' | 'reason' | 'worth' | 'chance'> & {
  /** Default: 1. */
  opinions?: number;
  pixelsSha256: string | null;
};

export interface ReviewFilter {
  endpoint?: string;
  /** Default: waiting. */
  state?: 'waiting' | 'done' | 'skipped';
  limit?: number;
}

/** Audited changes: only available inside `store.audited`. */
export interface ReviewChanges {
  /** Reserves the unclaimed photos with the highest values until then (default: one), of those that they did not label; their own claims come first. */
  claim(who: string, options: { endpoint?: string; now: Date; until: Date; count?: number }): Promise<ReviewItem[]>;
  /** Waits again, reserved for them until then. */
  reopen(request: string, who: string, until: Date): Promise<ReviewItem>;
  /** @returns false when it is not queued */
  skip(request: string, at: Date): Promise<boolean>;
}

/** The review queue of the project. */
export interface ReviewStore extends ReviewChanges {
  /** Highest value first. */
  list(filter?: ReviewFilter): Promise<ReviewItem[]>;
  /** As many as `list` would return, without reading them. */
  count(filter?: ReviewFilter): Promise<number>;
  get(request: string): Promise<ReviewItem | null>;

  /** Null = none yet. */
  lastFill(endpoint: string): Promise<ReviewFill | null>;
  /** Number of photos queued since then. */
  queuedSince(endpoint: string, time: Date): Promise<number>;
  /**
   * New pictures of the window: the first successful request of each, never queued, without a label. Of those whose photo is stored: `draw`
   * of them at random, from `seed`; and of all `since` a time before the window, `each` of the most uncertain, most contested, most distant and most certain.
   */
  look(window: FillWindow, options: { since: Date; draw: number; seed: string; each: number }): Promise<NewPictures>;
  /** Records the fill and queues its photos, once. False = another fill starts at the same time. Pictures that are already queued are unchanged. */
  fill(fill: ReviewFill, items: readonly NewReviewItem[]): Promise<boolean>;
}
