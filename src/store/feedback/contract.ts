import type { Feedback, FeedbackSource, Truth } from '../../contracts/loop/feedback.ts';
import type { RequestRecord } from '../../contracts/request-record.ts';

/** One thing that was said of one photo. */
export interface FeedbackEntry {
  seq: number;
  /** Public id of the answered photo. */
  request: string;
  endpoint: string;
  kind: Feedback['kind'];
  /** As it was said. */
  label: string | null;
  /** The answer that would have been right, as far as it is known from this. */
  truth: string | null;
  /** The model does not know the label. */
  newClass: boolean;
  verdict: 'right' | 'wrong' | null;
  event: string | null;
  value: number | null;
  source: FeedbackSource;
  who: string;
  note: string | null;
  /** When the photo was answered. */
  requestAt: Date;
  at: Date;
}

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

/** A photo as feedback finds it: by its own id, or by its HTTP request and its place in it. */
export type PhotoName = { id: string } | { requestId: string; instance: number | null };

/** What must be known of an answer to understand what is said of it. */
export type AnsweredPhoto = Pick<
  RequestRecord,
  'publicId' | 'endpoint' | 'modelName' | 'modelVersion' | 'label' | 'uncertain' | 'protocol' | 'status'
> & {
  loggingTime: Date;
  /** The answers it could have got; empty when it failed. */
  answers: readonly string[];
};

/** A labelled photo, for what learns from it. */
export interface LabelledPhoto extends Truth {
  /** Of the newest label or verdict: the place to go on from. */
  seq: number;
  request: string;
  endpoint: string;
  /** As people said it; null when only a verdict tells. */
  said: string | null;
  newClass: boolean;
  source: FeedbackSource;
  who: string;
  at: Date;
  /** Different people, or routes, whose newest word is the same. */
  confirmations: number;
  requestAt: Date;
  answer: string | null;
  reason: string | null;
  imageSha256: string | null;
  pixelsSha256: string | null;
  imageKept: boolean;
}

/** How long labels took. */
export interface LabelDelay {
  /** Answered photos, and those of them with a label or verdict. */
  answered: number;
  labelled: number;
  /** From the answer to the first word on it, seconds; null when there is none. */
  medianS: number | null;
  p90S: number | null;
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
