import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { proofSchema, releaseSchema } from '../../contracts/release.ts';
import { firstIssue, MitateError } from '../../errors/index.ts';
import type { ReleasedPipeline } from './release.ts';

/** A release in transit between machines. Its digests are checked by the receiver. */
const releaseFileSchema = z.object({
  formatVersion: z.literal(1),
  release: releaseSchema,
  bundle: z.base64(),
  proofs: z.array(proofSchema),
});
export type ReleaseFile = z.output<typeof releaseFileSchema>;

export function toReleaseFile({ release, bundle, proofs }: ReleasedPipeline): ReleaseFile {
  const encoded = Buffer.from(bundle).toString('base64');
  return releaseFileSchema.parse({ formatVersion: 1, release, proofs, bundle: encoded });
}

/** @throws RELEASE_FILE_INVALID */
export async function readReleaseFile(path: string): Promise<ReleaseFile> {
  try {
    return releaseFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? firstIssue(error) : (error as Error).message;
    throw new MitateError('RELEASE_FILE_INVALID', { path, reason }, { cause: error });
  }
}
