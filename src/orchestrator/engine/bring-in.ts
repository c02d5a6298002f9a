import type { Artifact } from '../../contracts/artifact.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { readTree } from '../../store/artifacts/tree-digest.ts';
import type { Store } from '../../store/store.ts';
import type { PipelineDefinition } from '../define/definition.ts';
import type { RunStep } from '../launcher/frame.ts';
import { newId } from '../launcher/ids.ts';
import type { StepSummary } from '../summary.ts';
import type { EngineFiles } from './engine-files.ts';
import { type EngineArtifact, type ExecutorInput, readNote } from './executor-input.ts';

interface Bringing {
  runId: string;
  store: Store;
  files: EngineFiles;
  definition: PipelineDefinition;
  who: string;
  now: () => Date;
}

/**
 * The steps before a step, as if they had just ended in this run: their artifacts are checked against their digests, and recorded unless
 * the database has them.
 * @throws ENGINE_INPUT_MISSING, EXECUTOR_INPUT_INVALID, ARTIFACT_DIGEST_MISMATCH
 */
export async function bringIn(
  step: RunStep,
  { inputs }: ExecutorInput,
  context: Bringing,
): Promise<Map<string, StepSummary>> {
  const before = new Map<string, StepSummary>();
  for (const [key, from] of Object.entries(step.definition.inputs)) {
    const summary = before.get(from.step) ?? endedStep(from.step, context.definition);
    before.set(from.step, summary);
    const artifact = await fetchedArtifact(step, key, inputs.artifacts[key]?.artifacts[0], context.files);
    if (artifact === null) continue;
    await record(artifact, from, summary.component, context);
    summary.artifacts[from.output] = artifact;
  }
  return before;
}

async function fetchedArtifact(
  step: RunStep,
  key: string,
  given: EngineArtifact | undefined,
  files: EngineFiles,
): Promise<Artifact | null> {
  const port = step.component.spec.inputs[key]!;
  if (given === undefined) {
    if (port.optional) return null;
    throw new MitateError('ENGINE_INPUT_MISSING', { step: step.name, input: key, path: 'no path at all' });
  }
  const note = readNote(key, given);
  if ('absent' in note) return null;
  if (note.type !== port.type) {
    const reason = `the artifact "${key}" at ${given.uri} is of type ${note.type}, not ${port.type}`;
    throw new MitateError('EXECUTOR_INPUT_INVALID', { reason });
  }
  const uri = await files.fetch(given.uri, note.digest).catch((error) => {
    if (!isMitateError(error, 'ARTIFACT_MISSING')) throw error;
    throw new MitateError('ENGINE_INPUT_MISSING', { step: step.name, input: key, path: given.uri }, { cause: error });
  });
  return { ...note, uri };
}

/** One execution per artifact that another database, or none, has recorded. */
async function record(
  artifact: Artifact,
  from: { step: string; output: string },
  component: string,
  { store, runId, who, now }: Bringing,
): Promise<void> {
  if ((await store.getArtifact(artifact.id)) !== null) return;
  const startedAt = now();
  const id = newId(startedAt.getTime());
  const place = { runId, step: from.step, component };
  await store.startExecution({ id, ...place, attempt: 1, cacheKey: null, keyParts: {}, startedAt }, []);
  const { sizeBytes } = await readTree(artifact.uri);
  const outputs = [{ ...artifact, key: from.output, sizeBytes }];
  await store.completeExecution(id, { outputs, intents: [], summary: 'ran in another task', who });
}

function endedStep(name: string, { steps }: PipelineDefinition): StepSummary {
  const component = steps.find((step) => step.name === name)?.component.name ?? name;
  return {
    ...{ name, component, state: 'succeeded', seconds: 0, summary: null, artifacts: {}, attempts: 0 },
    ...{ explanation: null, error: null },
  };
}
