import { readdir } from 'node:fs/promises';
import type { Artifact } from '../../contracts/artifact.ts';
import type { ComponentSpec, OutputPort, RunResult } from '../../contracts/component.ts';
import { type Intent, intentSchema } from '../../contracts/intent.ts';
import type { Usage } from '../../contracts/run.ts';
import { MitateError } from '../../errors/index.ts';
import type { ArtifactPlace } from '../../store/artifacts/artifacts.ts';
import type { PublishedOutput } from '../../store/runs/contract.ts';
import { stampArtifact } from '../cache/stamps.ts';
import type { RunFrame, RunStep } from './frame.ts';
import { newId } from './ids.ts';

/** Stages and publishes the outputs of a run's steps. */
export class Publisher {
  readonly #frame: RunFrame;

  constructor(frame: RunFrame) {
    this.#frame = frame;
  }

  /** An empty folder for each output. */
  async stage(step: RunStep, executionId: string): Promise<Record<string, string>> {
    const keys = Object.keys(step.component.spec.outputs);
    const folders = keys.map((key) => this.#frame.artifacts.stage(this.#place(step, key, executionId)));
    return Object.fromEntries((await Promise.all(folders)).map((folder, i) => [keys[i], folder]));
  }

  /** Makes what a step wrote visible and ends its execution: files first, then one transaction. */
  async publish(
    step: RunStep,
    executionId: string,
    folders: Record<string, string>,
    result: RunResult,
    usage: Usage,
  ): Promise<Record<string, Artifact>> {
    const { store, artifacts, who, now } = this.#frame;
    const ports = outputsToPublish(step.name, step.component.spec, result);
    for (const [key] of ports) await requireContent(step, key, folders[key] as string);
    const outputs: PublishedOutput[] = [];
    try {
      for (const [key, { type }] of ports) {
        const published = await artifacts.publish(this.#place(step, key, executionId));
        outputs.push({
          id: newId(now().getTime()),
          key,
          type,
          ...published,
          properties: result.properties?.[key] ?? {},
        });
      }
      const { intents = [], summary = null } = result;
      const completed = store.completeExecution(executionId, { outputs, intents, summary, who, usage });
      const [published] = await Promise.all([completed, this.#stamp(outputs)]);
      return Object.fromEntries(published.map(({ key, ...artifact }) => [key, artifact]));
    } catch (error) {
      for (const { uri } of outputs) await artifacts.delete(uri);
      throw error;
    }
  }

  async discard(executionId: string): Promise<void> {
    await this.#frame.artifacts.discard(executionId);
  }

  #place({ name }: RunStep, key: string, executionId: string): ArtifactPlace {
    return { pipeline: this.#frame.definition.name, step: name, key, executionId };
  }

  /** An artifact without a stamp is digested again when it is used, so a failure here does not count. */
  async #stamp(outputs: PublishedOutput[]): Promise<void> {
    const { cache } = this.#frame.workspace;
    await Promise.all(outputs.map((output) => stampArtifact(cache, output))).catch(() => {});
  }
}

async function requireContent({ name, component }: RunStep, output: string, folder: string): Promise<void> {
  if ((await readdir(folder)).length > 0) return;
  throw new MitateError('STEP_OUTPUT_MISSING', { step: name, output, component: component.spec.name });
}

/** The outputs whose folders are to be published. Throws STEP_INTENT_INVALID when the result violates the spec. */
function outputsToPublish(step: string, spec: ComponentSpec, result: RunResult): [key: string, port: OutputPort][] {
  const [fault] = faults(spec, result);
  if (fault) throw new MitateError('STEP_INTENT_INVALID', { step, component: spec.name, reason: fault });
  const resolved = (result.intents ?? []).flatMap((intent) => (intent.kind === 'resolve-model' ? [intent.output] : []));
  const empty = new Set([...(result.absent ?? []), ...resolved]);
  return Object.entries(spec.outputs).filter(([key]) => !empty.has(key));
}

function* faults(spec: ComponentSpec, { absent = [], properties = {}, intents = [] }: RunResult): Iterable<string> {
  for (const key of absent) {
    if (!spec.outputs[key]?.optional) yield `"${key}" is listed as absent but is not an optional output`;
  }
  for (const key of Object.keys(properties))
    if (!spec.outputs[key]) yield `it has properties for the unknown output "${key}"`;
  for (const intent of intents) yield* intentFaults(spec, intent);
}

function* intentFaults({ inputs, outputs }: ComponentSpec, intent: Intent): Iterable<string> {
  const parsed = intentSchema.safeParse(intent);
  if (!parsed.success) return yield `an intent is malformed: ${parsed.error.issues[0]?.message}`;
  if (intent.kind === 'resolve-model') {
    const port = outputs[intent.output];
    if (port?.type !== 'Model' || !port.optional)
      yield `resolve-model names "${intent.output}", which is not an optional Model output`;
    return;
  }
  if (inputs[intent.input]?.type !== 'Model') yield `push-model names "${intent.input}", which is not a Model input`;
  if (outputs[intent.output]?.type !== 'PushedModel')
    yield `push-model names "${intent.output}", which is not a PushedModel output`;
}
