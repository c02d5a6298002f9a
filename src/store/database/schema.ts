import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { type Role, roleSchema, type Scope, type Stage, scopeSchema } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { ArtifactType, Properties } from '../../contracts/artifact.ts';
import type { Deployment, EndpointAction, EndpointSettings } from '../../contracts/endpoint.ts';
import type { ExecutionState, Explanation, RunState, StepProgress, StoredError, Usage } from '../../contracts/run.ts';

/** Order of arrival, unambiguous within a millisecond. */
const seq = () => bigserial('seq', { mode: 'number' }).notNull();
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
/** Several teams share a database: every row belongs to a project. */
const project = () => text('project').notNull().default('default');

export const runs = pgTable(
  'runs',
  {
    id: text('id').primaryKey(),
    seq: seq(),
    project: project(),
    pipeline: text('pipeline').notNull(),
    state: text('state').$type<RunState>().notNull(),
    parameters: jsonb('parameters').$type<Record<string, unknown>>().notNull(),
    /** Unsigned 32-bit, one bit too wide for integer. */
    seed: bigint('seed', { mode: 'number' }).notNull(),
    definitionDigest: text('definition_digest').notNull(),
    source: text('source'),
    /** Of the pipeline's own files; null without a file. */
    codeDigest: text('code_digest'),
    gitCommit: text('git_commit'),
    who: text('who').notNull(),
    host: text('host').notNull(),
    pid: integer('pid'),
    /** Start time of that process, which distinguishes it from a later one with the same pid. Null where the system does not report it. */
    processStarted: text('process_started'),
    trigger: text('trigger').notNull(),
    experiment: text('experiment'),
    note: text('note'),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    startedAt: time('started_at').notNull(),
    /** Heartbeat: identifies runs of dead processes on other hosts. */
    heartbeatAt: time('heartbeat_at'),
    finishedAt: time('finished_at'),
    error: jsonb('error').$type<StoredError>(),
  },
  (t) => [
    index('runs_pipeline').on(t.project, t.pipeline, t.seq),
    index('runs_state').on(t.state),
    index('runs_succeeded').on(t.project, t.pipeline, t.seq).where(sql`state = 'succeeded'`),
  ],
);

/** Compiled pipelines of runs, by `runs.definition_digest`. */
export const pipelineDefinitions = pgTable(
  'pipeline_definitions',
  {
    project: project(),
    digest: text('digest').notNull(),
    // parameters keep their order
    definition: json('definition').$type<unknown>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.digest] })],
);

export const executions = pgTable(
  'executions',
  {
    id: text('id').primaryKey(),
    seq: seq(),
    runId: text('run_id')
      .notNull()
      .references(() => runs.id),
    step: text('step').notNull(),
    component: text('component').notNull(),
    state: text('state').$type<ExecutionState>().notNull(),
    cacheKey: text('cache_key'),
    keyParts: jsonb('key_parts').$type<Record<string, string>>().notNull(),
    attempt: integer('attempt').notNull(),
    startedAt: time('started_at').notNull(),
    finishedAt: time('finished_at'),
    summary: text('summary'),
    cachedFrom: text('cached_from'),
    error: jsonb('error').$type<StoredError>(),
    explanation: jsonb('explanation').$type<Explanation>(),
    progress: jsonb('progress').$type<StepProgress>(),
    usage: jsonb('usage').$type<Usage>(),
  },
  (t) => [
    index('executions_run').on(t.runId, t.seq),
    index('executions_cache_key').on(t.cacheKey, t.seq),
    index('executions_step').on(t.step, t.seq),
    foreignKey({ columns: [t.cachedFrom], foreignColumns: [t.id], name: 'executions_cached_from' }),
  ],
);

export const artifacts = pgTable(
  'artifacts',
  {
    id: text('id').primaryKey(),
    seq: seq(),
    project: project(),
    type: text('type').$type<ArtifactType>().notNull(),
    /** Relative if inside the workspace, so that a workspace can be moved; else absolute. */
    uri: text('uri').notNull(),
    digest: text('digest').notNull(),
    properties: jsonb('properties').$type<Properties>().notNull(),
    pipeline: text('pipeline').notNull(),
    step: text('step').notNull(),
    component: text('component').notNull(),
    key: text('key').notNull(),
    executionId: text('execution_id')
      .notNull()
      .references(() => executions.id),
    createdAt: time('created_at').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    deletedAt: time('deleted_at'),
  },
  (t) => [
    index('artifacts_producer').on(t.pipeline, t.step, t.key, t.seq),
    index('artifacts_execution').on(t.executionId),
    index('artifacts_type').on(t.project, t.type, t.seq),
  ],
);

const edge = {
  executionId: text('execution_id')
    .notNull()
    .references(() => executions.id),
  key: text('key').notNull(),
  artifactId: text('artifact_id')
    .notNull()
    .references(() => artifacts.id),
};

export const executionInputs = pgTable('execution_inputs', edge, (t) => [
  primaryKey({ columns: [t.executionId, t.key, t.artifactId] }),
  index('execution_inputs_artifact').on(t.artifactId),
]);

export const executionOutputs = pgTable('execution_outputs', edge, (t) => [
  primaryKey({ columns: [t.executionId, t.key, t.artifactId] }),
  index('execution_outputs_artifact').on(t.artifactId),
]);

export const modelVersions = pgTable(
  'model_versions',
  {
    project: project(),
    name: text('name').notNull(),
    version: integer('version').notNull(),
    artifactId: text('artifact_id')
      .notNull()
      .references(() => artifacts.id),
    digest: text('digest').notNull(),
    executionId: text('execution_id')
      .notNull()
      .references(() => executions.id),
    runId: text('run_id')
      .notNull()
      .references(() => runs.id),
    blessed: boolean('blessed').notNull(),
    metrics: jsonb('metrics').$type<Record<string, number>>().notNull(),
    createdAt: time('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project, t.name, t.version] }),
    unique('model_versions_digest').on(t.project, t.name, t.digest),
  ],
);

/** Append-only. */
export const aliasChanges = pgTable(
  'alias_changes',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    project: project(),
    name: text('name').notNull(),
    alias: text('alias').notNull(),
    version: integer('version'),
    at: time('at').notNull(),
    who: text('who').notNull(),
    why: text('why').notNull(),
  },
  (t) => [
    index('alias_changes_name').on(t.project, t.name, t.alias, t.seq),
    foreignKey({
      columns: [t.project, t.name, t.version],
      foreignColumns: [modelVersions.project, modelVersions.name, modelVersions.version],
      name: 'alias_changes_version',
    }),
  ],
);

export const endpoints = pgTable(
  'endpoints',
  {
    project: project(),
    name: text('name').notNull(),
    displayName: text('display_name'),
    settings: jsonb('settings').$type<Partial<EndpointSettings>>().notNull().default({}),
    createdAt: time('created_at').notNull(),
    updatedAt: time('updated_at'),
    /** Rows are kept for requests and deployments that refer to them. */
    deletedAt: time('deleted_at'),
  },
  (t) => [primaryKey({ columns: [t.project, t.name] })],
);

/** A closed row (`until`) is history. */
export const deployments = pgTable(
  'deployments',
  {
    id: text('id').primaryKey(),
    seq: seq(),
    project: project(),
    endpoint: text('endpoint').notNull(),
    modelName: text('model_name').notNull(),
    version: integer('version').notNull(),
    role: text('role').$type<Deployment['role']>().notNull(),
    /** Percent. */
    traffic: doublePrecision('traffic').notNull(),
    since: time('since').notNull(),
    until: time('until'),
  },
  (t) => [
    index('deployments_endpoint').on(t.project, t.endpoint, t.until),
    foreignKey({
      columns: [t.project, t.endpoint],
      foreignColumns: [endpoints.project, endpoints.name],
      name: 'deployments_endpoint_fk',
    }),
    foreignKey({
      columns: [t.project, t.modelName, t.version],
      foreignColumns: [modelVersions.project, modelVersions.name, modelVersions.version],
      name: 'deployments_version',
    }),
  ],
);

/** Changes of endpoints; append-only. */
export const endpointEvents = pgTable(
  'endpoint_events',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    project: project(),
    endpoint: text('endpoint').notNull(),
    action: text('action').$type<EndpointAction>().notNull(),
    at: time('at').notNull(),
    who: text('who').notNull(),
    why: text('why').notNull(),
    /** Deployments, and for `set` the settings, before and after. */
    before: jsonb('before').$type<unknown>(),
    after: jsonb('after').$type<unknown>(),
  },
  (t) => [index('endpoint_events_endpoint').on(t.project, t.endpoint, t.seq)],
);

export const projects = pgTable('projects', {
  name: text('name').primaryKey(),
  description: text('description').notNull().default(''),
  createdAt: time('created_at').notNull(),
  /** What this place is to the pipelines that are deployed here; null = not set. */
  stage: text('stage').$type<Stage>(),
});

/** A restored database may say anything: only words of the enumeration give rights. */
const oneOf = (column: AnyPgColumn, words: readonly string[]) =>
  sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(', '))})`;

export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    project: project(),
    name: text('name').notNull(),
    /** sha256 of the secret, hex: the secret has 256 random bits, so a slow hash adds nothing. */
    hash: text('hash').notNull(),
    scope: text('scope').$type<Scope>().notNull(),
    createdAt: time('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    expiresAt: time('expires_at'),
    /** Refused from then on if it was never used: the first key of a workspace, which was printed. */
    unusedUntil: time('unused_until'),
    lastUsedAt: time('last_used_at'),
    revokedAt: time('revoked_at'),
  },
  (t) => [index('api_keys_project').on(t.project), check('api_keys_scope', oneOf(t.scope, scopeSchema.options))],
);

export const users = pgTable(
  'users',
  {
    name: text('name').primaryKey(),
    /** scrypt: parameters, salt and hash in one string. Null: the user signs in at a provider. */
    passwordHash: text('password_hash'),
    createdAt: time('created_at').notNull(),
    disabledAt: time('disabled_at'),
    /** Of the provider at which the user signs in, with the user's `sub` there. */
    issuer: text('issuer'),
    subject: text('subject'),
    /** `sealed`: the secret of the second factor is in the table of secrets. In base32: not used since it was plain. */
    totpSecret: text('totp_secret'),
    /** Codes are asked for from then on; null: not confirmed yet. */
    totpSince: time('totp_since'),
    /** Step of the last code that was accepted: neither it nor an earlier one is again. */
    totpStep: bigint('totp_step', { mode: 'number' }),
  },
  (t) => [unique('users_identity').on(t.issuer, t.subject)],
);

export const userRoles = pgTable(
  'user_roles',
  {
    user: text('user_name')
      .notNull()
      .references(() => users.name),
    project: project(),
    role: text('role').$type<Role>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.user, t.project] }), check('user_roles_role', oneOf(t.role, roleSchema.options))],
);

export const sessions = pgTable(
  'sessions',
  {
    /** sha256 of the token, hex. */
    hash: text('hash').primaryKey(),
    user: text('user_name').references(() => users.name),
    /** Of a browser that signed in with a key. Neither: that of the workspace's owner, by a link. */
    keyId: text('key_id').references(() => apiKeys.id),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    lastUsedAt: time('last_used_at'),
    /** Of the client that signed in. */
    address: text('address'),
    userAgent: text('user_agent'),
  },
  (t) => [index('sessions_user').on(t.user)],
);

/** Of the console: language, theme. */
export const preferences = pgTable('preferences', {
  /** `callerOf`: of a person or a key. */
  caller: text('caller').primaryKey(),
  value: jsonb('value').$type<Record<string, unknown>>().notNull(),
  updatedAt: time('updated_at').notNull(),
});

/** Secrets that channels and releases name, each sealed with the key of the workspace. */
export const secrets = pgTable(
  'secrets',
  {
    project: project(),
    name: text('name').notNull(),
    /** base64: nonce, ciphertext, tag. */
    sealed: text('sealed').notNull(),
    setAt: time('set_at').notNull(),
    who: text('who').notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.name] })],
);

/** Every change and its author; append-only. */
export const auditLog = pgTable(
  'audit_log',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    project: project(),
    at: time('at').notNull(),
    who: text('who').notNull(),
    /** `endpoint.promote`, `key.create`: resource and verb. */
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    details: jsonb('details').$type<Record<string, unknown>>().notNull(),
    requestId: text('request_id'),
    /** `http`, `cli` or `worker`; null in rows of older versions. */
    door: text('door').$type<Actor['door']>(),
    /** IP address of the HTTP client. */
    address: text('address'),
  },
  (t) => [index('audit_log_project').on(t.project, t.seq)],
);

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** Rows that people look for among many that are as usual. A filter must imply one of the parts for the index to serve it. */
const isNotable = sql`uncertain or out_of_distribution or status <> 200 or quality <> '{}'`;

/**
 * One row per predicted photo: the original system's columns and more. Partitioned by month of `logging_time` (see its migration).
 */
export const factRequests = pgTable(
  'fact_requests',
  {
    requestId: bigserial('request_id', { mode: 'number' }).notNull(),
    publicId: uuid('public_id').notNull(),
    loggingTime: time('logging_time').notNull(),
    project: project(),
    endpoint: text('endpoint').notNull(),
    deployedModelId: text('deployed_model_id').notNull(),
    /** `sha256:...` of the photo. */
    requestPayload: text('request_payload').array().notNull(),
    /** The response, JSON. */
    responsePayload: text('response_payload').array().notNull(),
    modelName: text('model_name').notNull(),
    modelVersion: integer('model_version'),
    role: text('role').$type<Deployment['role']>().notNull(),
    shadowOf: uuid('shadow_of'),
    httpRequestId: text('http_request_id').notNull(),
    instance: integer('instance').notNull(),
    protocol: text('protocol').notNull(),
    apiKeyId: text('api_key_id'),
    idempotencyKey: text('idempotency_key'),
    bodyDigest: text('body_digest'),
    status: integer('status').notNull(),
    errorCode: text('error_code'),
    label: text('label'),
    /** Of the label; in a question's rows of version 0.1, which have no `positive_probability`, P(positive). */
    probability: real('probability'),
    positiveProbability: real('positive_probability'),
    threshold: real('threshold'),
    uncertain: boolean('uncertain').notNull(),
    probabilities: real('probabilities').array(),
    imageSha256: text('image_sha256'),
    pixelsSha256: text('pixels_sha256'),
    imageFormat: text('image_format'),
    imageBytes: integer('image_bytes'),
    /** The photo is in the image store. */
    imageKept: boolean('image_kept').notNull(),
    /** Why not, although the endpoint keeps photos. */
    imageNotKept: text('image_not_kept').$type<'metadata'>(),
    properties: jsonb('properties').$type<Record<string, number>>(),
    quality: text('quality').array().notNull(),
    outOfDistributionScore: real('out_of_distribution_score'),
    outOfDistribution: boolean('out_of_distribution').notNull(),
    /** 64 float16. */
    projection: bytea('projection'),
    /** D float32, of the sampled share. */
    embedding: bytea('embedding'),
    latencyMs: real('latency_ms').notNull(),
    queueMs: real('queue_ms').notNull(),
    inferenceMs: real('inference_ms').notNull(),
    attributes: jsonb('attributes').$type<Record<string, string | number | boolean>>().notNull(),
    attention: jsonb('attention').$type<{ border: number; entropy: number }>(),
    /** Of what the client follows over time: a plant. */
    subject: text('subject'),
  },
  (t) => [
    primaryKey({ columns: [t.publicId, t.loggingTime] }),
    index('fact_requests_endpoint').on(t.project, t.endpoint, t.loggingTime),
    index('fact_requests_image').on(t.imageSha256),
    index('fact_requests_idempotency').on(t.apiKeyId, t.idempotencyKey),
    index('fact_requests_http').on(t.httpRequestId),
    index('fact_requests_subject').on(t.project, t.subject).where(sql`subject is not null`),
    index('fact_requests_newest').on(t.project, t.requestId),
    index('fact_requests_endpoint_newest').on(t.project, t.endpoint, t.requestId),
    index('fact_requests_notable').on(t.project, t.endpoint, t.requestId).where(isNotable),
  ],
);

const hours = {
  project: project(),
  endpoint: text('endpoint').notNull(),
  /** Start of the hour, UTC. */
  hour: time('hour').notNull(),
  modelName: text('model_name').notNull(),
  /** 0 = a model without versions. */
  modelVersion: integer('model_version').notNull(),
  role: text('role').$type<Deployment['role']>().notNull(),
};

/**
 * Counts of the log by hour, version and latency, written in the transaction of its rows: a chart reads them instead of a million rows. They stay when
 * rows are erased or expire.
 */
export const requestHours = pgTable(
  'request_hours',
  {
    ...hours,
    /** Latency: 2^(step / 8) milliseconds and more, below the next step. */
    latencyStep: integer('latency_step').notNull(),
    photos: integer('photos').notNull(),
    /** Status 200; 500 and above; 400 to 499. */
    answered: integer('answered').notNull(),
    failed: integer('failed').notNull(),
    refused: integer('refused').notNull(),
    uncertain: integer('uncertain').notNull(),
    outOfDistribution: integer('out_of_distribution').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'request_hours_key',
      columns: [t.project, t.endpoint, t.hour, t.modelName, t.modelVersion, t.role, t.latencyStep],
    }),
  ],
);

/** Answers of the log by hour, version and label. */
export const labelHours = pgTable(
  'label_hours',
  { ...hours, label: text('label').notNull(), photos: integer('photos').notNull() },
  (t) => [
    primaryKey({
      name: 'label_hours_key',
      columns: [t.project, t.endpoint, t.hour, t.modelName, t.modelVersion, t.role, t.label],
    }),
  ],
);

/** Stored photos that stay until then, since somebody has a link to them. */
export const imageHolds = pgTable(
  'image_holds',
  {
    project: project(),
    imageSha256: text('image_sha256').notNull(),
    until: time('until').notNull(),
    /** Given for the link alone: deleted after it. */
    given: boolean('given').notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.imageSha256] })],
);

/** Position of each server's journal up to which the database has its records, moved in the same transaction as the rows. */
export const journalPositions = pgTable('journal_positions', {
  source: text('source').primaryKey(),
  segment: bigint('segment', { mode: 'number' }).notNull(),
  offset: bigint('offset', { mode: 'number' }).notNull(),
});

/** Hash of an erased photo or request, so that it is not imported again. */
export const tombstones = pgTable('tombstones', {
  /** sha256 of `<project>/<photo's sha256 or request's id>`. */
  hash: text('hash').primaryKey(),
  project: project(),
  kind: text('kind').$type<'image' | 'request'>().notNull(),
  at: time('at').notNull(),
  who: text('who').notNull(),
  why: text('why').notNull(),
});
