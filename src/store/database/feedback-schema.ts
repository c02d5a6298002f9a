import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Stage } from '../../contracts/access.ts';
import type { AlertNews, AlertState, Channel } from '../../contracts/loop/alert.ts';
import type { CorrectionKind } from '../../contracts/loop/correction.ts';
import type { EventKey } from '../../contracts/loop/event-key.ts';
import type { Feedback, FeedbackSource, LabelAttributes } from '../../contracts/loop/feedback.ts';
import type { FlywheelExport, FlywheelPolicy } from '../../contracts/loop/flywheel.ts';
import type { Finding, Monitor, MonitorKind, MonitorState } from '../../contracts/loop/monitor.ts';
import type {
  PromotionDecision,
  PromotionGate,
  PromotionPolicy,
  PromotionState,
} from '../../contracts/loop/promotion.ts';
import type { ReviewReason } from '../../contracts/loop/review.ts';
import type { FiringState, FolderMemory, Trigger } from '../../contracts/loop/trigger.ts';
import type { Proof, ProofOrigin, ReleaseStart, Workflow } from '../../contracts/release.ts';
import type { StoredError } from '../../contracts/run.ts';

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
const project = () => text('project').notNull().default('default');
const seq = () => bigserial('seq', { mode: 'number' }).primaryKey();

/** Feedback links that were revoked: one by the sha256 of its token, or all that were made until then, of a request or an endpoint. */
export const linkRevocations = pgTable(
  'feedback_link_revocations',
  {
    project: project(),
    kind: text('kind').$type<'link' | 'request' | 'endpoint'>().notNull(),
    subject: text('subject').notNull(),
    at: time('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.kind, t.subject] })],
);

/** Feedback on predictions; append-only: the newest entry of a kind counts, earlier ones are history. */
export const feedback = pgTable(
  'feedback',
  {
    seq: seq(),
    project: project(),
    request: uuid('request').notNull(),
    endpoint: text('endpoint').notNull(),
    kind: text('kind').$type<Feedback['kind']>().notNull(),
    label: text('label'),
    /** The answer that would have been right, as far as this entry tells: a label, or a question's positive or negative name. */
    truth: text('truth'),
    /** A label that the model lacks. */
    newClass: boolean('new_class').notNull().default(false),
    verdict: text('verdict').$type<'right' | 'wrong'>(),
    event: text('event'),
    value: doublePrecision('value'),
    currency: text('currency'),
    decisionMs: doublePrecision('decision_ms'),
    session: text('session'),
    source: text('source').$type<FeedbackSource>().notNull(),
    who: text('who').notNull(),
    note: text('note'),
    /** How severe it is, and what else the photo shows. */
    attributes: jsonb('attributes').$type<LabelAttributes>(),
    /** Time of the request, and of this entry: the difference is the label delay. */
    requestAt: time('request_at').notNull(),
    at: time('at').notNull(),
    idempotencyKey: text('idempotency_key'),
  },
  (t) => [
    index('feedback_request').on(t.request, t.seq),
    index('feedback_endpoint').on(t.project, t.endpoint, t.requestAt),
    // asked each minute, where labels are many and events may be none
    index('feedback_user_events').on(t.project, t.endpoint, t.requestAt).where(sql`kind in ('event', 'outcome')`),
    unique('feedback_idempotency').on(t.project, t.who, t.idempotencyKey),
  ],
);

/** The review queue, including finished items. */
export const reviewItems = pgTable(
  'review_items',
  {
    request: uuid('request').primaryKey(),
    project: project(),
    endpoint: text('endpoint').notNull(),
    reason: text('reason').$type<ReviewReason>().notNull(),
    /** Value of a label, higher = sooner. */
    worth: real('worth').notNull(),
    /** Probability with which it was chosen, 0..1: measured accuracy weighs by its inverse. */
    chance: real('chance').notNull(),
    queuedAt: time('queued_at').notNull(),
    /** Of the picture: each is queued once. */
    pixelsSha256: text('pixels_sha256'),
    doneAt: time('done_at'),
    skippedAt: time('skipped_at'),
    /** Labellers that are asked; null = one. */
    opinions: integer('opinions'),
    /** Reserved for a reviewer. */
    claimedBy: text('claimed_by'),
    claimedUntil: time('claimed_until'),
  },
  (t) => [
    index('review_items_open').on(t.project, t.endpoint, t.doneAt, t.worth),
    unique('review_items_picture').on(t.project, t.endpoint, t.pixelsSha256),
  ],
);

/** Windows of the log from which the queue was filled, once each. */
export const reviewFills = pgTable(
  'review_fills',
  {
    project: project(),
    endpoint: text('endpoint').notNull(),
    windowStart: time('window_start').notNull(),
    windowEnd: time('window_end').notNull(),
    /** New pictures without a label, and of them those drawn at random and those picked for a reason. */
    pictures: integer('pictures').notNull(),
    drawn: integer('drawn').notNull(),
    picked: integer('picked').notNull(),
    at: time('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.endpoint, t.windowStart] })],
);

export const monitors = pgTable(
  'monitors',
  {
    project: project(),
    name: text('name').notNull(),
    endpoint: text('endpoint').notNull(),
    definition: jsonb('definition').$type<Monitor>().notNull(),
    createdAt: time('created_at').notNull(),
    who: text('who').notNull(),
    /** Kept, so that a removed default monitor is not created again. */
    removedAt: time('removed_at'),
  },
  (t) => [primaryKey({ columns: [t.project, t.name] })],
);

export const monitorResults = pgTable(
  'monitor_results',
  {
    seq: seq(),
    project: project(),
    monitor: text('monitor').notNull(),
    endpoint: text('endpoint').notNull(),
    kind: text('kind').$type<MonitorKind>().notNull(),
    state: text('state').$type<MonitorState>().notNull(),
    at: time('at').notNull(),
    windowStart: time('window_start').notNull(),
    windowEnd: time('window_end').notNull(),
    finding: jsonb('finding').$type<Finding>().notNull(),
  },
  (t) => [
    index('monitor_results_monitor').on(t.project, t.monitor, t.seq),
    unique('monitor_results_window').on(t.project, t.monitor, t.windowStart, t.windowEnd),
  ],
);

/** Null distributions: per reference, kind with parameters, and window size. */
export const monitorNulls = pgTable(
  'monitor_nulls',
  {
    reference: text('reference').notNull(),
    kind: text('kind').notNull(),
    parameters: text('parameters').notNull(),
    size: integer('size').notNull(),
    statistics: doublePrecision('statistics').array().notNull(),
    at: time('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.reference, t.kind, t.parameters, t.size] })],
);

export const alerts = pgTable(
  'alerts',
  {
    id: text('id').primaryKey(),
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    project: project(),
    monitor: text('monitor').notNull(),
    /** Of the monitor. */
    kind: text('kind').notNull(),
    endpoint: text('endpoint').notNull(),
    state: text('state').$type<AlertState>().notNull(),
    /** First window with a breach. */
    since: time('since').notNull(),
    openedAt: time('opened_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
    /** Newest result taken into account, and its window. */
    resultSeq: bigint('result_seq', { mode: 'number' }).notNull(),
    windowStart: time('window_start').notNull(),
    windowEnd: time('window_end').notNull(),
    resolvedAt: time('resolved_at'),
    silencedUntil: time('silenced_until'),
    finding: jsonb('finding').$type<Finding>().notNull(),
    remedy: text('remedy').notNull(),
    timeline: jsonb('timeline').$type<{ at: string; who: string; what: string }[]>().notNull(),
  },
  (t) => [
    index('alerts_open').on(t.project, t.state, t.seq),
    index('alerts_monitor').on(t.project, t.monitor, t.seq),
    uniqueIndex('alerts_one_live').on(t.project, t.monitor).where(sql`state <> 'resolved'`),
  ],
);

export const channels = pgTable(
  'channels',
  {
    project: project(),
    name: text('name').notNull(),
    definition: jsonb('definition').$type<Channel>().notNull(),
    createdAt: time('created_at').notNull(),
    who: text('who').notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.name] })],
);

export const deliveries = pgTable(
  'deliveries',
  {
    id: text('id').primaryKey(),
    project: project(),
    alert: text('alert').notNull(),
    channel: text('channel').notNull(),
    state: text('state').$type<'waiting' | 'delivered' | 'dead'>().notNull(),
    attempts: integer('attempts').notNull(),
    nextAt: time('next_at'),
    lastError: text('last_error'),
    body: text('body').notNull(),
    news: text('news').$type<AlertNews>().notNull(),
    createdAt: time('created_at').notNull(),
    deliveredAt: time('delivered_at'),
  },
  (t) => [index('deliveries_waiting').on(t.state, t.nextAt)],
);

export const triggers = pgTable(
  'triggers',
  {
    project: project(),
    name: text('name').notNull(),
    /** Confined: made over HTTP. */
    definition: jsonb('definition').$type<Trigger & { isConfined?: boolean }>().notNull(),
    /** Earlier events do not count. */
    since: time('since').notNull(),
    createdAt: time('created_at').notNull(),
    who: text('who').notNull(),
    memory: jsonb('memory').$type<FolderMemory>(),
  },
  (t) => [primaryKey({ columns: [t.project, t.name] })],
);

/** Each event of a trigger: fired, held, or skipped. */
export const firings = pgTable(
  'firings',
  {
    seq: seq(),
    project: project(),
    trigger: text('trigger').notNull(),
    /** Key of the event, unique per trigger. */
    occasion: text('occasion').$type<EventKey>().notNull(),
    at: time('at').notNull(),
    state: text('state').$type<FiringState>().notNull(),
    why: text('why').notNull(),
    evidence: jsonb('evidence').$type<Record<string, unknown>>().notNull(),
    who: text('who').notNull(),
    runId: text('run_id'),
    enqueuedAt: time('enqueued_at'),
    error: jsonb('error').$type<StoredError>(),
    /** Newest feedback when it fired: later labels count as new. */
    feedbackSeq: bigint('feedback_seq', { mode: 'number' }),
  },
  (t) => [
    unique('firings_occasion').on(t.project, t.trigger, t.occasion),
    index('firings_trigger').on(t.project, t.trigger, t.seq),
    index('firings_counts').on(t.project, t.trigger, t.state, t.at),
  ],
);

export const promotions = pgTable(
  'promotions',
  {
    id: text('id').primaryKey(),
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    project: project(),
    endpoint: text('endpoint').notNull(),
    modelName: text('model_name').notNull(),
    version: integer('version').notNull(),
    /** Stable when it began: the candidate is compared with it. */
    championName: text('champion_name').notNull(),
    championVersion: integer('champion_version').notNull(),
    state: text('state').$type<PromotionState>().notNull(),
    /** Step of the canary, from 0. */
    step: integer('step').notNull(),
    stepSince: time('step_since').notNull(),
    /** That waits for approval. */
    gate: text('gate').$type<PromotionGate>(),
    policy: jsonb('policy').$type<PromotionPolicy>().notNull(),
    /** Every decision with its evidence, oldest first. */
    decisions: jsonb('decisions').$type<PromotionDecision[]>().notNull(),
    /** Counts decisions: a decision based on an older revision has no effect. */
    revision: integer('revision').notNull(),
    who: text('who').notNull(),
    /** The process that replays requests for it, and until when. */
    claimedBy: text('claimed_by'),
    claimedUntil: time('claimed_until'),
    createdAt: time('created_at').notNull(),
    endedAt: time('ended_at'),
  },
  (t) => [
    index('promotions_endpoint').on(t.project, t.endpoint, t.seq),
    uniqueIndex('promotions_active').on(t.project, t.endpoint).where(sql`ended_at is null`),
  ],
);

export const approvals = pgTable(
  'approvals',
  {
    seq: seq(),
    project: project(),
    promotion: text('promotion').notNull(),
    before: text('before').$type<PromotionGate>().notNull(),
    who: text('who').notNull(),
    role: text('role').notNull(),
    verdict: text('verdict').$type<'approved' | 'refused'>().notNull(),
    why: text('why').notNull(),
    at: time('at').notNull(),
  },
  (t) => [unique('approvals_once').on(t.promotion, t.before, t.who)],
);

export const releases = pgTable(
  'releases',
  {
    id: text('id').notNull(),
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    project: project(),
    pipeline: text('pipeline').notNull(),
    definitionDigest: text('definition_digest').notNull(),
    codeDigest: text('code_digest').notNull(),
    gitCommit: text('git_commit'),
    parameters: jsonb('parameters').$type<Record<string, unknown>>().notNull(),
    /** The successful run that it was frozen after. */
    runId: text('run_id'),
    /** tar.gz, base64: a pipeline has a few kilobytes, and backups contain it. */
    bundle: text('bundle').notNull(),
    bundleDigest: text('bundle_digest').notNull(),
    environment: text('environment').notNull(),
    createdAt: time('created_at').notNull(),
    who: text('who').notNull(),
    madeHere: boolean('made_here').notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.project, t.id] }), index('releases_pipeline').on(t.project, t.pipeline, t.seq)],
);

/** Deployments of releases, here or elsewhere; append-only except for the state. */
export const releaseStarts = pgTable(
  'release_starts',
  {
    seq: seq(),
    project: project(),
    release: text('release').notNull(),
    environment: text('environment').notNull(),
    stage: text('stage').$type<Stage>().notNull(),
    via: text('via').$type<ReleaseStart['via']>().notNull(),
    who: text('who').notNull(),
    approver: text('approver'),
    branch: text('branch'),
    place: text('place'),
    runId: text('run_id'),
    state: text('state').$type<ReleaseStart['state']>().notNull(),
    at: time('at').notNull(),
    stageIsSet: boolean('stage_is_set').notNull().default(false),
    byHand: boolean('by_hand').notNull().default(false),
    trained: boolean('trained'),
    workflow: jsonb('workflow').$type<Workflow>(),
  },
  (t) => [index('release_starts_release').on(t.project, t.release, t.seq)],
);

/** Results of pipeline tests and load tests; append-only. */
export const proofs = pgTable(
  'proofs',
  {
    seq: seq(),
    project: project(),
    kind: text('kind').$type<Proof['kind']>().notNull(),
    subject: text('subject').notNull(),
    codeDigest: text('code_digest'),
    passed: boolean('passed').notNull(),
    checks: jsonb('checks').$type<Proof['checks']>().notNull(),
    ci: text('ci'),
    gitCommit: text('git_commit'),
    who: text('who').notNull(),
    at: time('at').notNull(),
    origin: text('origin').$type<ProofOrigin>().notNull().default('sent'),
  },
  (t) => [index('proofs_subject').on(t.project, t.kind, t.subject, t.seq)],
);

/** Used nonces of webhooks, against replays. */
export const webhookNonces = pgTable('webhook_nonces', {
  nonce: text('nonce').primaryKey(),
  at: time('at').notNull(),
});

/** Examples that are never trained on: all models are evaluated on them. */
export const goldenExamples = pgTable(
  'golden_examples',
  {
    project: project(),
    set: text('set_name').notNull(),
    /** Of the stored bytes. */
    sha256: text('sha256').notNull(),
    label: text('label').notNull(),
    format: text('format').$type<'jpeg' | 'png' | 'webp'>().notNull(),
    phash: text('phash').notNull(),
    /** 16x16 RGB, base64. */
    thumbnail: text('thumbnail').notNull(),
    /** Origin: the labelled request, and the sha256 of the photo as it was sent. */
    request: uuid('request'),
    imageSha256: text('image_sha256'),
    addedAt: time('added_at').notNull(),
    who: text('who').notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.set, t.sha256] })],
);

/** What people decided about photos of data sets; append-only: of a photo the newest entry that was not reverted stands. */
export const corrections = pgTable(
  'corrections',
  {
    seq: seq(),
    id: uuid('id').notNull().unique(),
    project: project(),
    /** Pipeline that made the data set, and the artifact that was looked at. */
    pipeline: text('pipeline').notNull(),
    examples: text('examples').notNull(),
    sha256: text('sha256').notNull(),
    filename: text('filename').notNull(),
    kind: text('kind').$type<CorrectionKind>().notNull(),
    /** Label in the data set, and the right one; null = none, for a photo that is left out. */
    given: text('given').notNull(),
    label: text('label'),
    why: text('why'),
    who: text('who').notNull(),
    at: time('at').notNull(),
    revertedAt: time('reverted_at'),
    revertedBy: text('reverted_by'),
  },
  (t) => [index('corrections_photo').on(t.project, t.pipeline, t.sha256, t.seq)],
);

/** What people read instead of a label. */
export const labelNames = pgTable(
  'label_names',
  { project: project(), label: text('label').notNull(), en: text('en'), ja: text('ja') },
  (t) => [primaryKey({ columns: [t.project, t.label] })],
);

/** Spans made of labelled requests. */
export const flywheelSpans = pgTable(
  'flywheel_spans',
  {
    seq: seq(),
    project: project(),
    folder: text('folder').notNull(),
    span: integer('span').notNull(),
    endpoint: text('endpoint').notNull(),
    digest: text('digest').notNull(),
    photos: integer('photos').notNull(),
    labels: jsonb('labels').$type<Record<string, number>>().notNull(),
    leftOut: jsonb('left_out').$type<FlywheelExport['leftOut']>().notNull(),
    policy: jsonb('policy').$type<FlywheelPolicy>().notNull(),
    at: time('at').notNull(),
    who: text('who').notNull(),
  },
  (t) => [unique('flywheel_spans_once').on(t.folder, t.span)],
);

/** Copies of photos of requests, so that erasing a photo finds them. */
export const flywheelPhotos = pgTable(
  'flywheel_photos',
  {
    project: project(),
    folder: text('folder').notNull(),
    span: integer('span').notNull(),
    /** Below the span: `<label>/<sha256>.<ext>`. */
    file: text('file').notNull(),
    label: text('label').notNull(),
    request: uuid('request').notNull(),
    /** Of the photo as it was sent, and of the bytes in the file. */
    imageSha256: text('image_sha256').notNull(),
    sha256: text('sha256').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.folder, t.span, t.file] }),
    index('flywheel_photos_image').on(t.project, t.imageSha256),
  ],
);
