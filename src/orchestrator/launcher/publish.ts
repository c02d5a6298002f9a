import { readdir } from 'node:fs/promises';
import type { Artifact } from '../../contracts/artifact.ts';
import type { RunResult } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import type { ArtifactPlace } from '../../store/artifacts/artifacts.ts';
import type { PublishedOutput } from '../../store/store.ts';
import { stampArtifact } from '../cache/stamps.ts';
import { outputsToPublish } from './check-result.ts';
import type { RunFrame, RunStep } from './frame.ts';
import { newId } from './ids.ts';

/** Folders for a step to write into, one an output. */
export async function stageOutputs(
  frame: RunFrame,
  run: RunStep,
  executionId: string,
): Promise<Record<string, string>> {
  const keys = Object.keys(run.step.component.spec.outputs);
  const staged = keys.map(
    async (key) => [key, await frame.artifacts.stage(placeOf(frame, run, key, executionId))] as const,
  );
  return Object.fromEntries(await Promise.all(staged));
}

function placeOf(frame: RunFrame, run: RunStep, key: string, executionId: string): ArtifactPlace {
  return { pipeline: frame.pipeline.name, step: run.step.name, key, executionId };
}

/** Makes what a step wrote visible, and ends its execution with it: files first, then one transaction. */
export async function publishResult(
  frame: RunFrame,
  run: RunStep,
  executionId: string,
  folders: Record<string, string>,
  result: RunResult,
): Promise<Record<string, Artifact>> {
  const { name, component } = run.step;
  const keys = outputsToPublish(name, component.spec, result);
  for (const key of keys) await requireContent(run, key, folders[key] as string);
  const outputs: PublishedOutput[] = [];
  try {
    for (const key of keys) outputs.push(await publishOne(frame, run, key, executionId, result));
    const { intents = [], summary = null } = result;
    const outcome = { outputs, intents, summary, who: frame.who };
    const [artifacts] = await Promise.all([frame.store.completeExecution(executionId, outcome), stamp(frame, outputs)]);
    return Object.fromEntries(artifacts.map(({ key, ...artifact }) => [key, artifact]));
  } catch (error) {
    for (const { uri } of outputs) await frame.artifacts.delete(uri);
    throw error;
  }
}

/** Without a stamp the artifact is read again: no reason to fail. */
async function stamp({ workspace }: RunFrame, outputs: PublishedOutput[]): Promise<void> {
  await Promise.all(outputs.map((output) => stampArtifact(workspace.cache, output))).catch(() => {});
}

async function requireContent({ step: { name, component } }: RunStep, output: string, folder: string): Promise<void> {
  if ((await readdir(folder)).length > 0) return;
  throw new MitateError('STEP_OUTPUT_MISSING', { step: name, output, component: component.spec.name });
}

async function publishOne(frame: RunFrame, run: RunStep, key: string, executionId: string, result: RunResult) {
  const published = await frame.artifacts.publish(placeOf(frame, run, key, executionId));
  const id = newId();
  const type = run.step.component.spec.outputs[key]!.type;
  return { id, key, type, ...published, properties: result.properties?.[key] ?? {} };
}
