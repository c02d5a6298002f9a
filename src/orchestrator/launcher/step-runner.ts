import { join } from 'node:path';
import type { ComponentModule, ComponentSpec } from '../../contracts/component.ts';
import { type Explanation, storedError } from '../../contracts/run.ts';
import { isMitateError, MitateError, toMitateError } from '../../errors/index.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import { explainHit, explainMiss, explainStale, uncacheable } from '../cache/explain.ts';
import { cacheKey, keyParts } from '../cache/key.ts';
import { type Hit, lookUp } from '../cache/look-up.ts';
import { substitute } from '../define/placeholder.ts';
import type { AnyComponent } from '../define/step.ts';
import type { StepSummary } from '../summary.ts';
import { capabilityKeyParts, provide } from './capabilities.ts';
import { whyAborted } from './deadline.ts';
import { inputEdges, newExecution } from './execution-record.ts';
import type { InputArtifacts, ReadyStep, RunFrame, RunStep } from './frame.ts';
import { stepError } from './step-error.ts';
import { StepExecutor } from './step-executor.ts';
import { StepInputs } from './step-inputs.ts';
import { StepLog } from './step-log.ts';

/** What is known of a step while it runs. */
type Draft = Pick<StepSummary, 'artifacts' | 'summary' | 'attempts' | 'explanation'> & {
  state: 'succeeded' | 'cached';
};
type Outcome = { state: StepSummary['state'] & keyof typeof endEvents; error: StepSummary['error'] };

const endEvents = {
  succeeded: 'step-finished',
  cached: 'step-cached',
  failed: 'step-failed',
  cancelled: 'step-cancelled',
  skipped: 'step-skipped',
} as const;

/** Runs the steps of one run, or takes their outputs from the cache. */
export class StepRunner {
  readonly #frame: RunFrame;
  readonly #ended: Map<string, StepSummary>;
  readonly #inputs: StepInputs;
  readonly #executor: StepExecutor;

  /** @param ended steps that ended before, by name */
  constructor(frame: RunFrame, ended: ReadonlyMap<string, StepSummary> = new Map()) {
    this.#frame = frame;
    this.#ended = new Map(ended);
    this.#inputs = new StepInputs(frame, this.#ended);
    this.#executor = new StepExecutor(frame);
  }

  /**
   * Runs each step once all that it depends on have ended. A failure stops only what depends on it.
   * @param steps in topological order @returns their summaries, in the same order
   */
  async runAll(steps: readonly RunStep[], maxParallel: number): Promise<StepSummary[]> {
    const slots = new Semaphore(maxParallel);
    const ending = new Map<string, Promise<StepSummary>>();
    for (const step of steps) {
      const upstream = Object.values(step.definition.inputs).map((input) => ending.get(input.step));
      ending.set(
        step.name,
        Promise.all(upstream).then(() => this.#end(step, slots)),
      );
    }
    return Promise.all(ending.values());
  }

  async #end(step: RunStep, slots: Semaphore): Promise<StepSummary> {
    const started = performance.now();
    const draft: Draft = { state: 'succeeded', artifacts: {}, summary: null, attempts: 0, explanation: null };
    const outcome = await this.#outcome(step, draft, slots);
    const seconds = (performance.now() - started) / 1000;
    const { name, component } = step;
    const summary: StepSummary = { ...draft, name, component: component.spec.name, ...outcome, seconds };
    this.#ended.set(name, summary);
    this.#frame.emit({ type: endEvents[outcome.state], step: name, summary });
    return summary;
  }

  async #outcome(step: RunStep, draft: Draft, slots: Semaphore): Promise<Outcome> {
    try {
      this.#requireRunnable(step);
      await slots.run(() => this.#run(step, draft));
      return { state: draft.state, error: null };
    } catch (thrown) {
      const error = toMitateError(thrown);
      const outcome = { state: stateAfter(error), error: storedError(error) };
      if (isMitateError(error, 'STEP_INPUT_ABSENT')) draft.summary = String(error.details.reason);
      if (draft.attempts === 0) await this.#recordUnrun(step, outcome).catch(() => {});
      return outcome;
    }
  }

  #requireRunnable(step: RunStep): InputArtifacts {
    if (this.#frame.signal.aborted) throw whyAborted(this.#frame.signal);
    return this.#inputs.wired(step);
  }

  /** Throws catalogue errors only; fills `draft` as it goes. */
  async #run(step: RunStep, draft: Draft): Promise<void> {
    const { workspace, runId, emit } = this.#frame;
    const path = join(workspace.runs, runId, `${step.name}.log`);
    using log = new StepLog(path, step.name, this.#frame);
    try {
      const ready = await this.#prepare(step, log);
      const { hit, explanation } = await this.#fromCache(ready);
      draft.explanation = explanation;
      emit({ type: 'step-explained', step: step.name, explanation });
      log.info(explanation.text, { cacheKey: ready.cacheKey, keyParts: ready.keyParts });
      await (hit ? this.#takeHit(ready, hit, draft) : this.#execute(ready, draft, explanation));
    } catch (error) {
      throw stepError(error, step.name, path);
    }
  }

  /** Inputs, parameters and cache key. */
  async #prepare(step: RunStep, log: StepLog): Promise<ReadyStep> {
    const { definition, values, seed, workspace, signal } = this.#frame;
    const inputs = this.#requireRunnable(step);
    const { spec } = step.component;
    const parameters = spec.parameters.parse(substitute(step.definition.parameters, values)) as ReadyStep['parameters'];
    const load = loadOnce(step.component);
    const module = spec.sealed ? null : await load();
    const context = { cacheDir: workspace.cache, signal, logger: log, ...provide(spec, this.#frame) };
    const parts = {
      ...keyParts({
        ...{ pipeline: definition.name, step: step.name, spec, parameters, inputs, seed },
        fingerprint: (await module?.fingerprint?.(parameters, context)) ?? null,
      }),
      ...(!module?.fingerprint && (await capabilityKeyParts(spec, this.#frame))),
    };
    return { step, load, inputs, parameters, keyParts: parts, cacheKey: keyOf(spec, parts), log };
  }

  async #fromCache(ready: ReadyStep): Promise<{ hit: Hit | null; explanation: Explanation }> {
    if (ready.cacheKey === null) return { hit: null, explanation: uncacheable };
    const { store, artifacts, workspace, before } = this.#frame;
    const last = before.get(ready.step.name) ?? null;
    const found = await lookUp(store, artifacts, workspace.cache, ready.cacheKey);
    if (found.hit) return { hit: found.hit, explanation: explainHit(last, ready.keyParts) };
    return { hit: null, explanation: found.reason ? explainStale(found.reason) : explainMiss(last, ready.keyParts) };
  }

  async #takeHit(ready: ReadyStep, hit: Hit, draft: Draft): Promise<void> {
    const execution = newExecution(this.#frame, ready.step, 1, ready, draft.explanation);
    await this.#frame.store.recordCached(execution, inputEdges(ready.inputs), hit.executionId);
    draft.state = 'cached';
    draft.summary = hit.summary;
    const outputs = hit.outputs.map(
      ({ key, id, type, uri, digest, properties }) => [key, { id, type, uri, digest, properties }] as const,
    );
    draft.artifacts = Object.fromEntries(outputs);
  }

  async #execute(ready: ReadyStep, draft: Draft, explanation: Explanation): Promise<void> {
    const inputs = { ...ready.inputs, ...(await this.#inputs.history(ready.step)) };
    const onAttempt = (attempt: number) => {
      draft.attempts = attempt;
    };
    Object.assign(draft, await this.#executor.execute({ ...ready, inputs }, explanation, onAttempt));
  }

  /** A step without an attempt still shows in the run. */
  async #recordUnrun(step: RunStep, { state, error }: Outcome): Promise<void> {
    const { store } = this.#frame;
    const execution = newExecution(this.#frame, step);
    await store.startExecution(execution, []);
    await store.failExecution(execution.id, state as 'failed' | 'cancelled' | 'skipped', error);
  }
}

function keyOf({ cacheable }: ComponentSpec, parts: Record<string, string>): string | null {
  return cacheable === false ? null : cacheKey(parts);
}

function stateAfter(error: MitateError): 'cancelled' | 'skipped' | 'failed' {
  if (isMitateError(error, 'CANCELLED')) return 'cancelled';
  return isMitateError(error, 'STEP_INPUT_ABSENT') ? 'skipped' : 'failed';
}

function loadOnce(component: AnyComponent): () => Promise<ComponentModule> {
  let module: Promise<ComponentModule> | undefined;
  return () => {
    module ??= load(component);
    return module;
  };
}

async function load({ spec, load }: AnyComponent): Promise<ComponentModule> {
  const module = await load();
  if (!spec.sealed || !module.fingerprint) return module;
  const reason = 'it is sealed but has a fingerprint; remove one of the two';
  throw new MitateError('COMPONENT_INVALID', { component: spec.name, reason });
}
