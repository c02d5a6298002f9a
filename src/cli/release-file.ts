import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ReleasedPipeline } from '../actions/releases/release.ts';
import { proofSchema, releaseSchema } from '../contracts/release.ts';
import { MitateError } from '../errors/index.ts';
import { writeOutput } from './output/write-output.ts';

/** A release on its way from one machine to another. Digests in it are checked where it arrives. */
const releaseFileSchema = z.object({
  formatVersion: z.literal(1),
  release: releaseSchema,
  bundle: z.base64(),
  proofs: z.array(proofSchema),
});
export type ReleaseFile = z.output<typeof releaseFileSchema>;

export function asReleaseFile({ release, bundle, proofs }: ReleasedPipeline): ReleaseFile {
  const told = { formatVersion: 1, release, proofs, bundle: Buffer.from(bundle).toString('base64') };
  return releaseFileSchema.parse(told);
}

export async function writeReleaseFile(path: string, released: ReleasedPipeline): Promise<void> {
  await writeOutput(path, `${JSON.stringify(asReleaseFile(released))}\n`);
}

/** @throws RELEASE_FILE_INVALID */
export async function readReleaseFile(path: string): Promise<ReleaseFile> {
  try {
    return releaseFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? error.issues[0]!.message : (error as Error).message;
    throw new MitateError('RELEASE_FILE_INVALID', { path, reason }, { cause: error });
  }
}
