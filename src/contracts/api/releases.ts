import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { instantSchema } from '../instant.ts';
import { proofSchema, releaseSchema, stageSchema, startStates, startWays } from '../release.ts';
import { pageQuerySchema } from './page.ts';

export const apiReleaseSchema = releaseSchema.extend({ createdAt: instantSchema });
export type ApiRelease = z.output<typeof apiReleaseSchema>;

export const apiStartSchema = z.object({
  release: z.string(),
  environment: z.string(),
  stage: stageSchema,
  via: z.enum(startWays),
  who: z.string(),
  approver: z.string().nullable(),
  branch: z.string().nullable(),
  /** Workspace folder or server; null = this one. */
  place: z.string().nullable(),
  runId: z.string().nullable(),
  state: z.enum(startStates),
  at: instantSchema,
});
export type ApiReleaseStart = z.output<typeof apiStartSchema>;

export const releaseDetailsSchema = z.object({
  release: apiReleaseSchema,
  /** Whether the run that came of it ran the definition and the code that were released; null = not known here. */
  starts: z.array(apiStartSchema.extend({ isSameDefinition: z.boolean().nullable() })),
});
export type ApiReleaseDetails = z.output<typeof releaseDetailsSchema>;

export const releasesQuerySchema = pageQuerySchema.extend({ pipeline: z.string().max(128).optional() });
export type ReleasesQuery = z.input<typeof releasesQuerySchema>;

export const bringReleaseSchema = z.object({
  release: releaseSchema,
  /** tar.gz, base64. */
  bundle: z.base64(),
  proofs: z.array(proofSchema).max(10).default([]),
  environment: nameSchema,
  stage: stageSchema.default('production'),
  /** In place of those of the release. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** False = it lands, and is left to a release trigger. */
  run: z.boolean().default(true),
});
export type BringRelease = z.input<typeof bringReleaseSchema>;

export const receivedReleaseSchema = z.object({ release: apiReleaseSchema, start: apiStartSchema });
export type ReceivedRelease = z.output<typeof receivedReleaseSchema>;
