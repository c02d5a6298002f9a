import { join } from 'node:path';
import { z } from 'zod';
import { readArtifactJson } from '../../artifacts/artifact-json.ts';

const pushedSchema = z.object({ modelDigest: z.string(), destination: z.string().optional() });

/** The digest of the pushed model, and where the Pusher copied it, if it did. */
export async function pushedTo(uri: string): Promise<z.output<typeof pushedSchema>> {
  return await readArtifactJson(join(uri, 'pushed.json'), pushedSchema);
}
