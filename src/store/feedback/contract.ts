import type { ArmBehaviour, PhotoBehaviour } from '../../contracts/loop/behaviour.ts';
import type {
  AnsweredPhoto,
  Feedback,
  FeedbackEntry,
  LabelDelay,
  LabelledPhoto,
  PhotoName,
  Truth,
} from '../../contracts/loop/feedback.ts';
import type { Dispute, Labeller } from '../../contracts/loop/labellers.ts';

/** Null when absent. */
type OptionalField = 'currency' | 'decisionMs' | 'session' | 'attributes';
export type NewFeedback = Omit<FeedbackEntry, 'seq' | OptionalField> &
  Partial<Pick<FeedbackEntry, OptionalField>> & { idempotencyKey: string | null };

export interface FeedbackFilter {
  endpoint?: string;
  request?: string;
  kind?: Feedback['kind'];
  newClass?: boolean;
  /** Without labels of others on photos that wait in the queue for a label of this labeller. */
  blindFor?: string;
  /** When the feedback was given; `to` is exclusive. */
  from?: Date;
  to?: Date;
  /** `seq` of the last entry of the previous page. */
  before?: number;
  /** Only later entries than this `seq`, oldest first. */
  after?: number;
  limit?: number;
}

/** Of predictions in that period; `to` is exclusive. */
export interface PeriodFilter {
  endpoint?: string;
  from?: Date;
  to?: Date;
}

/** Newest label of a labeller on a photo. */
export interface Opinion {
  endpoint: string;
  request: string;
  /** `mika`, `key:ci` */
  who: string;
  /** The answer that would have been right. */
  label: string;
}

/** Audited changes: only available inside `store.audited`. */
export interface FeedbackChanges {
  /**
   * All or none, and each idempotency key once. Ends the review items of photos that now have a label.
   * @returns in order; `repeated` when the same feedback was given under the same key before
   * @throws FEEDBACK_KEY_REUSED, FEEDBACK_TOO_MUCH
   */
  add(entries: readonly NewFeedback[]): Promise<(FeedbackEntry & { repeated: boolean })[]>;
  /** Deletes the label that this labeller gave in the review queue, if it is their newest on the photo. Null = there is none. */
  takeBack(request: string, who: string): Promise<FeedbackEntry | null>;
  /** One link, by the sha256 of its token, or all that were made until now. */
  revokeLinks(which: { kind: 'link' | 'request' | 'endpoint'; subject: string }): Promise<void>;
}

/** Feedback on predictions of the project; append-only. All entries are kept: `Truth` says which counts. */
export interface FeedbackStore extends FeedbackChanges {
  /** Predictions returned to clients (no shadows), in the order of the names; null = none matches, `several` = more than one. */
  findPhotos(names: readonly PhotoName[]): Promise<(AnsweredPhoto | 'several' | null)[]>;
  isLinkRevoked(link: { link: string; request: string; endpoint: string; madeAt: Date }): Promise<boolean>;
  /** Newest first, unless `after` is given. */
  list(filter?: FeedbackFilter): Promise<FeedbackEntry[]>;
  /** By public id, of those that have one. The truth of a shadow prediction is that of its photo. */
  truths(publicIds: readonly string[]): Promise<Map<string, Truth>>;
  /** Names of user and business events by public id, oldest first. */
  eventsOf(publicIds: readonly string[]): Promise<Map<string, string[]>>;
  /** By public id, of those with an event or outcome. */
  behaviourOf(publicIds: readonly string[]): Promise<Map<string, PhotoBehaviour>>;
  /** Of predictions in that period, whenever their events came; by endpoint, version and role. */
  behaviour(filter: { endpoint?: string; from?: Date; to?: Date }): Promise<ArmBehaviour[]>;
  /** Whether predictions of the endpoint since then have user events. */
  hasUserEvents(endpoint: string, since: Date): Promise<boolean>;
  /** Photos with a label after `afterSeq`, oldest first. */
  labelledPhotos(filter: { endpoint?: string; afterSeq?: number; limit?: number }): Promise<LabelledPhoto[]>;
  /** On photos with two or more, without public sources and adjudications. */
  opinions(filter: PeriodFilter): Promise<Opinion[]>;
  /** Photos on which labellers disagree and that nobody decided, newest first; without those that still wait for a labeller. */
  disputes(
    filter: PeriodFilter & { limit: number },
  ): Promise<(Omit<Dispute, 'labels' | 'reason'> & { opinions: Pick<Opinion, 'who' | 'label'>[] })[]>;
  /** By labeller and source, most labels first. */
  labellers(filter: PeriodFilter): Promise<Omit<Labeller, 'accuracy'>[]>;
  /** To the first label of photos whose truth is known. */
  delay(filter: PeriodFilter): Promise<LabelDelay>;
}
