import { existsSync } from 'node:fs';
import type { Artifact } from '../../contracts/artifact.ts';
import type { ComponentSpec, InputPort } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import type { StepSummary } from '../summary.ts';
import type { RunFrame, RunStep } from './frame.ts';

export type StepInputs = Record<string, Artifact | undefined>;

/**
 * The artifacts that fill a step's wired inputs. Throws STEP_INPUT_ABSENT when a step before it did not end well, or did not put out what
 * this one needs.
 */
export function wiredInputs({ ended }: RunFrame, { step, definition }: RunStep): StepInputs {
  const inputs: StepInputs = {};
  for (const [key, { step: from, output }] of Object.entries(definition.inputs)) {
    const artifact = ended.get(from)?.artifacts[output];
    const reason = whyAbsent(ended.get(from), from);
    const isNeeded = !step.component.spec.inputs[key]?.optional;
    if (reason !== null || (!artifact && isNeeded)) {
      const cause = reason ?? `${from} put out no "${output}"`;
      throw new MitateError('STEP_INPUT_ABSENT', { step: step.name, input: key, from, reason: cause });
    }
    inputs[key] = artifact;
  }
  return withoutTwin(step.component.spec, inputs);
}

function whyAbsent(source: StepSummary | undefined, name: string): string | null {
  const state = source?.state ?? 'skipped';
  if (state === 'succeeded' || state === 'cached') return null;
  return `${name} ${state === 'failed' ? 'failed' : `was ${state}`}`;
}

/** `sameAsAbsent`: a model is no baseline for itself. */
function withoutTwin({ sameAsAbsent }: ComponentSpec, inputs: StepInputs): StepInputs {
  if (!sameAsAbsent) return inputs;
  const [twin, other] = sameAsAbsent;
  const isTwin = inputs[twin] && inputs[twin].digest === inputs[other]?.digest;
  return isTwin ? { ...inputs, [twin]: undefined } : inputs;
}

/** How many earlier artifacts are looked at for one that is still there. */
const historyDepth = 20;

/** The newest earlier artifact for each input with a history. Only a step that is run asks for them. */
export async function historyInputs(frame: RunFrame, run: RunStep): Promise<StepInputs> {
  const found: StepInputs = {};
  for (const [key, port] of Object.entries(run.step.component.spec.inputs)) {
    if (port.history) found[key] = await newestEarlier(frame, run, port, port.history);
  }
  return found;
}

async function newestEarlier(
  frame: RunFrame,
  { definition }: RunStep,
  port: InputPort,
  { component, key }: NonNullable<InputPort['history']>,
): Promise<Artifact | undefined> {
  const step = component === undefined ? definition.name : feederOf(frame, definition.inputs, component);
  const { name: pipeline } = frame.pipeline;
  const filter = { pipeline, component, step, key, type: port.type, live: true, limit: historyDepth };
  const ofThisRun = new Set(
    [...frame.ended.values()].flatMap(({ artifacts }) => Object.values(artifacts).map(({ id }) => id)),
  );
  const candidates = await frame.store.listArtifacts(filter);
  return candidates.find(({ id, uri }) => !ofThisRun.has(id) && existsSync(uri));
}

/** The step of that component which feeds this one, where a pipeline has several. */
function feederOf(frame: RunFrame, inputs: RunStep['definition']['inputs'], component: string): string | undefined {
  const feeders = new Set(Object.values(inputs).map(({ step }) => step));
  return frame.definition.steps.find(({ name, component: { name: of } }) => of === component && feeders.has(name))
    ?.name;
}
