import { readdir } from 'node:fs/promises';
import type { Artifact } from '../../contracts/artifact.ts';
import type { RunResult } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import type { ArtifactPlace } from '../../store/artifacts/artifacts.ts';
import type { PublishedOutput } from '../../store/runs/contract.ts';
import { stampArtifact } from '../cache/stamps.ts';
import { outputsToPublish } from './check-result.ts';
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
  ): Promise<Record<string, Artifact>> {
    const { store, artifacts, who } = this.#frame;
    const ports = outputsToPublish(step.name, step.component.spec, result);
    for (const [key] of ports) await requireContent(step, key, folders[key] as string);
    const outputs: PublishedOutput[] = [];
    try {
      for (const [key, { type }] of ports) {
        const published = await artifacts.publish(this.#place(step, key, executionId));
        outputs.push({ id: newId(), key, type, ...published, properties: result.properties?.[key] ?? {} });
      }
      const { intents = [], summary = null } = result;
      const completed = store.completeExecution(executionId, { outputs, intents, summary, who });
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
