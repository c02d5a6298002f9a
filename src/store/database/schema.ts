import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core';
import type { ArtifactType, Properties } from '../../contracts/artifact.ts';
import type { Deployment, ExecutionState, RunState, StoredError } from '../store.ts';

/** Order of arrival: times tie within a millisecond, this does not. */
const seq = () => bigserial('seq', { mode: 'number' }).notNull();
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

export const runs = pgTable(
  'runs',
  {
    id: text('id').primaryKey(),
    seq: seq(),
    pipeline: text('pipeline').notNull(),
    state: text('state').$type<RunState>().notNull(),
    parameters: jsonb('parameters').$type<Record<string, unknown>>().notNull(),
    /** Unsigned 32-bit, so one bit too wide for integer. */
    seed: bigint('seed', { mode: 'number' }).notNull(),
    definitionDigest: text('definition_digest').notNull(),
    source: text('source'),
    gitCommit: text('git_commit'),
    who: text('who').notNull(),
    host: text('host').notNull(),
    pid: integer('pid'),
    /** Start time of that process, to tell it from a later one with the same pid. Null where the system does not say. */
    processStarted: text('process_started'),
    trigger: text('trigger').notNull(),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    startedAt: time('started_at').notNull(),
    /** Renewed while its process lives: tells the runs of dead processes on other hosts. */
    heartbeatAt: time('heartbeat_at'),
    finishedAt: time('finished_at'),
    error: jsonb('error').$type<StoredError>(),
  },
  (t) => [index('runs_pipeline').on(t.pipeline, t.seq), index('runs_state').on(t.state)],
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
    type: text('type').$type<ArtifactType>().notNull(),
    /** Relative to the workspace when inside it, so that a workspace can be moved; else absolute. */
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
    index('artifacts_type').on(t.type, t.seq),
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
  (t) => [primaryKey({ columns: [t.name, t.version] }), unique('model_versions_digest').on(t.name, t.digest)],
);

/** Append-only. */
export const aliasChanges = pgTable(
  'alias_changes',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    name: text('name').notNull(),
    alias: text('alias').notNull(),
    version: integer('version'),
    at: time('at').notNull(),
    who: text('who').notNull(),
    why: text('why').notNull(),
  },
  (t) => [
    index('alias_changes_name').on(t.name, t.alias, t.seq),
    foreignKey({
      columns: [t.name, t.version],
      foreignColumns: [modelVersions.name, modelVersions.version],
      name: 'alias_changes_version',
    }),
  ],
);

export const endpoints = pgTable('endpoints', {
  name: text('name').primaryKey(),
  createdAt: time('created_at').notNull(),
});

/** A closed row (`until`) is history. */
export const deployments = pgTable(
  'deployments',
  {
    id: text('id').primaryKey(),
    seq: seq(),
    endpoint: text('endpoint')
      .notNull()
      .references(() => endpoints.name),
    modelName: text('model_name').notNull(),
    version: integer('version').notNull(),
    role: text('role').$type<Deployment['role']>().notNull(),
    /** Percent. */
    traffic: doublePrecision('traffic').notNull(),
    since: time('since').notNull(),
    until: time('until'),
  },
  (t) => [
    index('deployments_endpoint').on(t.endpoint, t.until),
    foreignKey({
      columns: [t.modelName, t.version],
      foreignColumns: [modelVersions.name, modelVersions.version],
      name: 'deployments_version',
    }),
  ],
);
