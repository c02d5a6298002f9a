import { z } from 'zod';
import { artifactTypeSchema, propertiesSchema } from '../../contracts/artifact.ts';
import { recordOf } from '../../contracts/record-of.ts';
import { firstIssue } from '../../errors/first-issue.ts';
import { MitateError } from '../../errors/index.ts';

const artifactListSchema = z.object({
  artifacts: z
    .array(
      z.object({ name: z.string().default(''), uri: z.string(), metadata: z.record(z.string(), z.json()).default({}) }),
    )
    .default([]),
});

/** `ml_pipelines.ExecutorInput` as JSON, as far as a step reads it: what the engine puts in the place of `{{$}}`. */
const executorInputSchema = z.object({
  inputs: z
    .object({
      parameterValues: recordOf(z.json()).default({}),
      artifacts: recordOf(artifactListSchema).default({}),
    })
    .prefault({}),
  outputs: z
    .object({
      parameters: recordOf(z.object({ outputFile: z.string() })).default({}),
      artifacts: recordOf(artifactListSchema).default({}),
      outputFile: z.string().optional(),
    })
    .prefault({}),
});
export type ExecutorInput = z.output<typeof executorInputSchema>;
export type EngineArtifact = z.output<typeof artifactListSchema>['artifacts'][number];

/** @throws EXECUTOR_INPUT_INVALID */
export function readExecutorInput(text: string): ExecutorInput {
  const parsed = executorInputSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new MitateError('EXECUTOR_INPUT_INVALID', { reason: firstIssue(parsed.error) });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = `it is not JSON (${(cause as Error).message})`;
    throw new MitateError('EXECUTOR_INPUT_INVALID', { reason }, { cause });
  }
}

/**
 * What a step tells the next one about its artifact, as one JSON text in the artifact's metadata: engines keep texts as they are, and
 * may round numbers.
 */
const noteSchema = z.union([
  z.object({ absent: z.literal(true) }),
  z.object({
    id: z.string(),
    type: artifactTypeSchema,
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    properties: propertiesSchema,
  }),
]);
export type ArtifactNote = z.infer<typeof noteSchema>;

export function writeNote(note: ArtifactNote): EngineArtifact['metadata'] {
  return { mitate: JSON.stringify(note) };
}

/** @throws EXECUTOR_INPUT_INVALID */
export function readNote(key: string, { metadata, uri }: EngineArtifact): ArtifactNote {
  const note = noteSchema.safeParse(typeof metadata.mitate === 'string' ? parseJson(metadata.mitate) : undefined);
  if (note.success) return note.data;
  const reason = `the artifact "${key}" at ${uri} does not have the metadata that a step of Mitate writes`;
  throw new MitateError('EXECUTOR_INPUT_INVALID', { reason });
}
