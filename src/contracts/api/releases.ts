import { z } from 'zod';
import { nameSchema, stageSchema } from '../access.ts';
import { recordOf } from '../record-of.ts';
import { proofSchema, releaseSchema, releaseStartSchema, storedReleaseSchema } from '../release.ts';
import { pageQuerySchema } from './page.ts';

export const releaseDetailsSchema = z.object({
  release: storedReleaseSchema,
  /** Whether the run that came of it ran the definition and the code that were released; null = not known here. */
  starts: z.array(releaseStartSchema.extend({ isSameDefinition: z.boolean().nullable() })),
});

export const releasesQuerySchema = pageQuerySchema.extend({ pipeline: z.string().max(128).optional() });

export const deployReleaseSchema = z.object({
  release: releaseSchema,
  /** tar.gz, base64. */
  bundle: z.base64(),
  proofs: z.array(proofSchema).max(10).default([]),
  environment: nameSchema,
  stage: stageSchema.default('production'),
  /** In place of those of the release. */
  parameters: recordOf(z.unknown()).default({}),
  /** False = it lands, and is left to a release trigger. */
  run: z.boolean().default(true),
});

export const receivedReleaseSchema = z.object({ release: storedReleaseSchema, start: releaseStartSchema });
export type ReceivedRelease = z.output<typeof receivedReleaseSchema>;
