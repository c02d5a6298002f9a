import { existsSync } from 'node:fs';
import type { Artifact } from '../../contracts/artifact.ts';
import type { ComponentSpec, InputPort } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import type { StepSummary } from '../summary.ts';
import type { InputArtifacts, RunFrame, RunStep } from './frame.ts';

/** How many earlier artifacts are tried for one that still exists. */
const historyDepth = 20;

/** Finds the artifacts that fill the inputs of a run's steps. */
export class StepInputs {
  readonly #frame: Pick<RunFrame, 'store' | 'definition'>;
  readonly #ended: ReadonlyMap<string, StepSummary>;

  /** @param ended steps of the run that have ended, by name */
  constructor(frame: Pick<RunFrame, 'store' | 'definition'>, ended: ReadonlyMap<string, StepSummary>) {
    this.#frame = frame;
    this.#ended = ended;
  }

  /** The wired inputs. Throws STEP_INPUT_ABSENT when an upstream step failed or did not produce a required input. */
  wired({ name, component: { spec }, definition }: RunStep): InputArtifacts {
    const inputs: InputArtifacts = {};
    for (const [key, { step: from, output }] of Object.entries(definition.inputs)) {
      const source = this.#ended.get(from);
      const artifact = source?.artifacts[output];
      const isMissing = artifact === undefined && !spec.inputs[key]?.optional;
      const reason = whyAbsent(source, from) ?? (isMissing ? `${from} did not produce "${output}"` : null);
      if (reason !== null) throw new MitateError('STEP_INPUT_ABSENT', { step: name, input: key, from, reason });
      inputs[key] = artifact;
    }
    return withoutTwin(spec, inputs);
  }

  /** The newest earlier artifact for each input with a history. Only a step that runs needs them. */
  async history(step: RunStep): Promise<InputArtifacts> {
    const found: InputArtifacts = {};
    for (const [key, port] of Object.entries(step.component.spec.inputs))
      if (port.history) found[key] = await this.#newestEarlier(step, port.type, port.history);
    return found;
  }

  async #newestEarlier(
    { definition }: RunStep,
    type: Artifact['type'],
    { component, key }: NonNullable<InputPort['history']>,
  ): Promise<Artifact | undefined> {
    const step = component === undefined ? definition.name : this.#feeder(definition.inputs, component);
    const place = {
      pipeline: this.#frame.definition.name,
      ...(component && { component }),
      ...(step && { step }),
      key,
    };
    const candidates = await this.#frame.store.listArtifacts({ ...place, type, live: true, limit: historyDepth });
    const ofThisRun = [...this.#ended.values()].flatMap(({ artifacts }) => Object.values(artifacts));
    const known = new Set(ofThisRun.map(({ id }) => id));
    return candidates.find(({ id, uri }) => !known.has(id) && existsSync(uri));
  }

  /** The step of that component which feeds this one, where a pipeline has several. */
  #feeder(inputs: RunStep['definition']['inputs'], component: string): string | undefined {
    const feeders = new Set(Object.values(inputs).map(({ step }) => step));
    const { steps } = this.#frame.definition;
    return steps.find(({ name, component: { name: of } }) => of === component && feeders.has(name))?.name;
  }
}

function whyAbsent(source: StepSummary | undefined, name: string): string | null {
  const state = source?.state ?? 'skipped';
  if (state === 'succeeded' || state === 'cached') return null;
  return `${name} ${state === 'failed' ? 'failed' : `was ${state}`}`;
}

/** `sameAsAbsent`: a model is not a baseline for itself. */
function withoutTwin({ sameAsAbsent }: ComponentSpec, inputs: InputArtifacts): InputArtifacts {
  if (!sameAsAbsent) return inputs;
  const [twin, other] = sameAsAbsent;
  const isTwin = inputs[twin] && inputs[twin].digest === inputs[other]?.digest;
  return isTwin ? { ...inputs, [twin]: undefined } : inputs;
}
