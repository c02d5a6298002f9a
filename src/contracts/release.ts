import { z } from 'zod';
import { nameSchema } from './access.ts';
import { instantSchema } from './instant.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256, lower-case hex');

/** A pipeline as it was frozen after a good run: what production runs is what was tried. */
export const releaseSchema = z.object({
  /** `<pipeline>-<12 hex digits>` of the digest of what it consists of: the same code with the same parameters is the same release. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,140}$/),
  pipeline: z.string().min(1).max(128),
  /** Of the compiled definition. */
  definitionDigest: digest,
  /** Over the paths and sha256 of the files in the bundle. */
  codeDigest: digest,
  /** That holds these very files; null = they are of none. */
  gitCommit: z.string().max(64).nullable(),
  /** Those of the good run, without what was left to its default. */
  parameters: z.record(z.string(), z.unknown()),
  /** The good run; null where it is not known any more. */
  runId: z.string().nullable(),
  /** Of the tar.gz. */
  bundleDigest: digest,
  /** Of mitate.config.ts: where it was frozen, or landed. */
  environment: z.string().max(64),
  who: z.string().max(128),
});
export type NewRelease = z.infer<typeof releaseSchema>;

export const storedReleaseSchema = releaseSchema.extend({ createdAt: instantSchema });
export type Release = z.input<typeof storedReleaseSchema>;

/** What an environment is for. */
export const stages = ['dev', 'test', 'pre-production', 'production'] as const;
export const stageSchema = z.enum(stages);
export type Stage = (typeof stages)[number];

export const startWays = ['command', 'api', 'webhook'] as const;
export const startStates = ['landed', 'queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

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
  /** Of the order, and of the run that came of it; null = deployed without a run. */
  runId: z.string().nullable(),
  state: z.enum(startStates),
  at: instantSchema,
});
export interface ReleaseStart extends z.input<typeof releaseStartSchema> {
  seq: number;
}

/** What was shown to hold, with what it showed: `mitate test-pipeline`, `mitate load-test`. */
export const proofSchema = z.object({
  kind: z.enum(['pipeline-test', 'load-test']),
  /** Pipeline or endpoint. */
  subject: z.string().max(128),
  /** Code that was tested; null for an endpoint. */
  codeDigest: digest.nullable(),
  passed: z.boolean(),
  checks: z.array(z.object({ name: z.string().max(64), passed: z.boolean(), said: z.string().max(2_000) })).max(100),
  /** Continuous integration it ran in: `github owner/repository#run`; null = by hand. */
  ci: z.string().max(256).nullable(),
  gitCommit: z.string().max(64).nullable(),
  who: z.string().max(128),
});
export type NewProof = z.infer<typeof proofSchema>;

export interface Proof extends NewProof {
  seq: number;
  at: Date;
}

/** What a webhook of a repository says, signed. */
export const releaseHookSchema = z.object({
  project: nameSchema.default('default'),
  environment: nameSchema,
  stage: stageSchema.default('production'),
  /** That was pushed to. */
  branch: z.string().min(1).max(255),
  /** Person of this server who let it through. */
  approver: nameSchema,
  release: releaseSchema,
  /** tar.gz, base64. */
  bundle: z.base64(),
  proofs: z.array(proofSchema).max(10).default([]),
  /** In place of those of the release: what differs from one environment to the next. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** False = it lands, and is left to a release trigger. */
  run: z.boolean().default(true),
});
export type ReleaseHook = z.infer<typeof releaseHookSchema>;
