import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { artifactTypeSchema, propertiesSchema } from '../../contracts/artifact.ts';
import { intentSchema } from '../../contracts/intent.ts';
import { firstIssue } from '../../errors/first-issue.ts';
import { MitateError } from '../../errors/index.ts';

const fileName = 'intents.json';

/** What a step that had no database wants from the registry: a file of its PushedModel. */
const intentsFileSchema = z.object({
  format: z.literal('mitate-intents/1'),
  // since 0.2
  pipeline: z.string().optional(),
  step: z.string().default('pusher'),
  job: z.string().nullable().default(null),
  intents: z.tuple([intentSchema]),
  model: z.object({
    id: z.string(),
    type: artifactTypeSchema,
    /** As the engine names it. */
    uri: z.string(),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    properties: propertiesSchema,
  }),
});
export type IntentsFile = z.output<typeof intentsFileSchema>;

export async function writeIntents(folder: string, file: IntentsFile): Promise<void> {
  await writeFile(join(folder, fileName), `${JSON.stringify(file, null, 2)}\n`);
}

/** @param folder with the files of a PushedModel @param uri for messages @throws INTENTS_MISSING, INTENTS_INVALID */
export async function readIntents(folder: string, uri: string): Promise<IntentsFile> {
  const text = await readFile(join(folder, fileName), 'utf8').catch((cause) => {
    throw new MitateError('INTENTS_MISSING', { uri }, { cause });
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new MitateError('INTENTS_INVALID', { uri, reason: 'it is not JSON' }, { cause });
  }
  const parsed = intentsFileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new MitateError('INTENTS_INVALID', { uri, reason: firstIssue(parsed.error) });
}
