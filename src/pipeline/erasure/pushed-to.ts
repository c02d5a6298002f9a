import { join } from 'node:path';
import { z } from 'zod';
import { readArtifactJson } from '../../artifacts/artifact-json.ts';

const pushedSchema = z.object({ modelDigest: z.string(), destination: z.string().optional() });

/** Where a Pusher copied its model to, if it did, as its PushedModel artifact says. */
export async function pushedTo(uri: string): Promise<z.output<typeof pushedSchema>> {
  return await readArtifactJson(join(uri, 'pushed.json'), pushedSchema);
}
