import type {
  AnsweredPhoto,
  Feedback,
  FeedbackEntry,
  LabelDelay,
  LabelledPhoto,
  PhotoName,
  Truth,
} from '../../contracts/loop/feedback.ts';

export type NewFeedback = Omit<FeedbackEntry, 'seq'> & { idempotencyKey: string | null };

export interface FeedbackFilter {
  endpoint?: string;
  request?: string;
  kind?: Feedback['kind'];
  newClass?: boolean;
  /** `seq` of the last one of the page before. */
  before?: number;
  limit?: number;
}

/** What was said of answered photos of the project; append-only. The newest word counts, the ones before are history. */
export interface FeedbackStore {
  /** Photos that clients got an answer to (no shadows), in the order of the names; null = none has it, `several` = more than one has. */
  findPhotos(names: readonly PhotoName[]): Promise<(AnsweredPhoto | 'several' | null)[]>;
  /**
   * All or none, and each idempotency key once. Photos that waited for a label have one now.
   * @returns in order; `repeated` when the same was said under the same key before
   * @throws FEEDBACK_KEY_REUSED
   */
  add(entries: readonly NewFeedback[]): Promise<(FeedbackEntry & { repeated: boolean })[]>;
  /** Newest first. */
  list(filter?: FeedbackFilter): Promise<FeedbackEntry[]>;
  /** By public id, of those that have one; of a shadow's answer: of the photo that it saw. */
  truths(publicIds: readonly string[]): Promise<Map<string, Truth>>;
  /** Names of user and business events by public id, oldest first. */
  eventsOf(publicIds: readonly string[]): Promise<Map<string, string[]>>;
  /** Photos with a label that was said after `afterSeq`, oldest word first. */
  labelledPhotos(filter: { endpoint?: string; afterSeq?: number; limit?: number }): Promise<LabelledPhoto[]>;
  /** Photos whose first label or verdict came in that time, and labels that the model does not know. */
  countLabels(filter: {
    endpoint: string;
    from?: Date;
    to?: Date;
  }): Promise<{ labels: number; newClasses: { label: string; photos: number }[] }>;
  /** Of photos that were answered in that time. */
  delay(filter: { endpoint?: string; from?: Date; to?: Date }): Promise<LabelDelay>;
}
