import { z } from 'zod';
import { nameSchema, stageSchema } from './access.ts';
import { instantSchema } from './instant.ts';
import { recordOf } from './record-of.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256 in lower-case hex');

/** A pipeline frozen after a successful run: production runs what was tested. */
export const releaseSchema = z.object({
  /** `<pipeline>-<12 hex digits>` of the digest of its content: the same code with the same parameters is the same release. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,140}$/),
  pipeline: z.string().min(1).max(128),
  /** Of the compiled definition. */
  definitionDigest: digest,
  /** Of the paths and sha256 of the files in the bundle. */
  codeDigest: digest,
  /** The commit with exactly these files; null = none. */
  gitCommit: z.string().max(64).nullable(),
  /** Of the successful run, without defaults. */
  parameters: recordOf(z.unknown()),
  /** The successful run; null when it is no longer known. */
  runId: z.string().nullable(),
  /** Of the tar.gz. */
  bundleDigest: digest,
  /** In mitate.config.ts: where it was frozen or deployed. */
  environment: z.string().max(64),
  who: z.string().max(128),
});
export type NewRelease = z.infer<typeof releaseSchema>;

export const storedReleaseSchema = releaseSchema.extend({
  createdAt: instantSchema,
  /** `release make` made it in this project and looked up its commit; else its text is what the sender says. */
  madeHere: z.boolean(),
});
export type Release = z.input<typeof storedReleaseSchema>;

/** What the issuer of a CI system signed about the job that sent a release. */
export const workflowSchema = z.object({
  /** `https://token.actions.githubusercontent.com`. */
  issuer: z.string(),
  /** `owner/name`. */
  repository: z.string(),
  /** `refs/heads/main`. */
  ref: z.string(),
  /** Rules protect the branch. */
  isProtected: z.boolean(),
  /** `push`, `workflow_dispatch`, ... */
  event: z.string(),
  commit: z.string(),
  /** Number of the job's run. */
  run: z.string(),
});
export type Workflow = z.infer<typeof workflowSchema>;

const startWays = ['command', 'api', 'webhook'] as const;
const startStates = ['landed', 'queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** A release deployed to an environment, and its run. */
export const releaseStartSchema = z.object({
  release: z.string(),
  environment: z.string(),
  stage: stageSchema,
  via: z.enum(startWays),
  who: z.string(),
  /** Of a webhook. */
  approver: z.string().nullable(),
  branch: z.string().nullable(),
  /** Workspace folder or server; null = this one. */
  place: z.string().nullable(),
  /** Of the order and its run; null = deployed without a run. */
  runId: z.string().nullable(),
  state: z.enum(startStates),
  at: instantSchema,
  /** The place itself is set to this stage (`project stage`); else the stage is what the sender says. */
  stageIsSet: z.boolean(),
  /** Started at a terminal, or by a signed-in person. */
  byHand: z.boolean(),
  /** Its run trained a model, instead of taking it from the cache; null = not known. */
  trained: z.boolean().nullable(),
  /** Verified sender of a webhook; null = none: its branch and approver are what the sender says. */
  workflow: workflowSchema.nullable(),
});
export interface ReleaseStart extends z.input<typeof releaseStartSchema> {
  seq: number;
}

/** Result of `mitate test-pipeline` or `mitate load-test`. */
export const proofSchema = z.object({
  kind: z.enum(['pipeline-test', 'load-test']),
  /** Pipeline or endpoint. */
  subject: z.string().max(128),
  /** The tested code; null for an endpoint. */
  codeDigest: digest.nullable(),
  passed: z.boolean(),
  checks: z.array(z.object({ name: z.string().max(64), passed: z.boolean(), said: z.string().max(2_000) })).max(100),
  /** Continuous integration, as its environment variables say: `github owner/repository#run`; null = none. */
  ci: z.string().max(256).nullable(),
  gitCommit: z.string().max(64).nullable(),
  who: z.string().max(128),
});
export type NewProof = z.infer<typeof proofSchema>;

/** `here`: this workspace made the test. `workflow`: it came from a verified workflow. `sent`: it is what the sender says. */
export const proofOrigins = ['here', 'workflow', 'sent'] as const;
export type ProofOrigin = (typeof proofOrigins)[number];

export interface Proof extends NewProof {
  seq: number;
  at: Date;
  origin: ProofOrigin;
}

/** Body of a signed webhook from a repository. */
export const releaseHookSchema = z.object({
  project: nameSchema.default('default'),
  environment: nameSchema,
  stage: stageSchema.default('production'),
  branch: z.string().min(1).max(255),
  /** A user of this server. */
  approver: nameSchema,
  release: releaseSchema,
  /** tar.gz, base64. */
  bundle: z.base64(),
  proofs: z.array(proofSchema).max(10).default([]),
  /** Override those of the release: differences between environments. */
  parameters: recordOf(z.unknown()).default({}),
  /** False = only deployed, for a release trigger. */
  run: z.boolean().default(true),
});
export type ReleaseHook = z.infer<typeof releaseHookSchema>;
