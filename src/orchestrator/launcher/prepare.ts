import { digestOf } from '../../codecs/digest.ts';
import type { ComponentModule, ComponentSpec } from '../../contracts/component.ts';
import type { GoldenPhoto } from '../../contracts/loop/golden.ts';
import { MitateError } from '../../errors/index.ts';
import { cacheKey, keyParts } from '../cache/key.ts';
import { substitute } from '../define/placeholder.ts';
import type { ReadyStep } from './attempt.ts';
import type { RunFrame, RunStep } from './frame.ts';
import { wiredInputs } from './inputs.ts';
import type { StepLog } from './step-log.ts';

/** Inputs, parameters and cache key of a step whose turn it is. */
export async function prepareStep(frame: RunFrame, run: RunStep, log: StepLog): Promise<ReadyStep> {
  if (frame.signal.aborted) throw new MitateError('CANCELLED', {});
  const { spec } = run.step.component;
  const inputs = wiredInputs(frame, run);
  const parameters = spec.parameters.parse(
    substitute(run.definition.parameters, frame.values),
  ) as ReadyStep['parameters'];
  const load = once(() => loadComponent(run));
  const fingerprint = spec.sealed ? null : await fingerprintOf(frame, await load(), parameters, log);
  const place = { pipeline: frame.pipeline.name, step: run.step.name };
  const parts = keyParts({ ...place, spec, parameters, inputs, fingerprint, seed: frame.seed });
  if (spec.readsGolden) Object.assign(parts, goldenPart(await frame.store.goldenPhotos()));
  return { run, load, inputs, parameters, keyParts: parts, cacheKey: keyOf(spec, parts), log };
}

/** Nothing without golden photos: what was made before there were any is still good. */
function goldenPart(golden: readonly GoldenPhoto[]): Record<string, string> {
  const lines = golden.map(({ set, sha256, label }) => JSON.stringify([set, sha256, label])).sort();
  return golden.length === 0 ? {} : { golden: digestOf(lines) };
}

function keyOf({ cacheable }: ComponentSpec, parts: Record<string, string>): string | null {
  return cacheable === false ? null : cacheKey(parts);
}

async function fingerprintOf(
  { workspace, signal, store }: RunFrame,
  module: ComponentModule,
  parameters: ReadyStep['parameters'],
  logger: StepLog,
): Promise<string | null> {
  const context = { cacheDir: workspace.cache, signal, logger, goldenPhotos: () => store.goldenPhotos() };
  return (await module.fingerprint?.(parameters, context)) ?? null;
}

async function loadComponent({ step: { component } }: RunStep): Promise<ComponentModule> {
  const module = await component.load();
  if (!component.spec.sealed || !module.fingerprint) return module;
  const reason = 'it is sealed, yet has a fingerprint; one of the two must go';
  throw new MitateError('COMPONENT_INVALID', { component: component.spec.name, reason });
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
