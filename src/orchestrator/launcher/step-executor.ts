import { setTimeout as wait } from 'node:timers/promises';
import type { Artifact } from '../../contracts/artifact.ts';
import type { RunContext, RunResult } from '../../contracts/component.ts';
import { type Explanation, storedError, type Usage } from '../../contracts/run.ts';
import { isMitateError, type MitateError, toMitateError } from '../../errors/index.ts';
import { backoffMs } from './backoff.ts';
import { provide } from './capabilities.ts';
import { whyAborted, withDeadline } from './deadline.ts';
import { inputEdges, newExecution } from './execution-record.ts';
import type { ReadyStep, RunFrame } from './frame.ts';
import { ProgressMeter } from './progress.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { Publisher } from './publisher.ts';
import { isTransient, stepError } from './step-error.ts';
import { UsageMeter } from './usage-meter.ts';

export interface Executed {
  artifacts: Record<string, Artifact>;
  summary: string | null;
}

export class StepExecutor {
  readonly #frame: RunFrame;
  readonly #publisher: Publisher;
  readonly #usage = new UsageMeter();

  constructor(frame: RunFrame) {
    this.#frame = frame;
    this.#publisher = new Publisher(frame);
  }

  /** Tries until an attempt succeeds, the error is permanent, or the step's retries are used up. */
  async execute(ready: ReadyStep, explanation: Explanation, onAttempt: (attempt: number) => void): Promise<Executed> {
    for (let attempt = 1; ; attempt++) {
      onAttempt(attempt);
      try {
        return await this.#attempt(ready, explanation, attempt);
      } catch (thrown) {
        const error = toMitateError(thrown);
        if (attempt > ready.step.definition.retries || !isTransient(error)) throw error;
        await this.#pause(ready, attempt, error);
      }
    }
  }

  /** One execution, recorded before it starts and ended whatever happens. Throws catalogue errors only. */
  async #attempt(ready: ReadyStep, explanation: Explanation, attempt: number): Promise<Executed> {
    const { store, emit } = this.#frame;
    const { step, log } = ready;
    const execution = newExecution(this.#frame, step, attempt, ready, explanation);
    const { id: executionId, component } = execution;
    await store.startExecution(execution, inputEdges(ready.inputs));
    emit({ type: 'step-started', step: step.name, component, attempt, executionId });
    const reporter = new ProgressReporter(store, executionId);
    const costs = this.#usage.begin();
    const usage = (): Usage => ({ ...costs.end(), photos: reporter.photos });
    try {
      const folders = await this.#publisher.stage(step, executionId);
      const result = await this.#runComponent(ready, folders, reporter);
      const artifacts = await this.#publisher.publish(step, executionId, folders, result, usage());
      return { artifacts, summary: result.summary ?? null };
    } catch (thrown) {
      const error = stepError(thrown, step.name, log.path);
      const state = isMitateError(error, 'CANCELLED') ? 'cancelled' : 'failed';
      log.error(error.message, { code: error.code, stack: thrown instanceof Error ? thrown.stack : undefined });
      await store.failExecution(executionId, state, storedError(error), usage());
      throw error;
    } finally {
      await reporter.settled();
      await this.#publisher.discard(executionId);
    }
  }

  async #runComponent(
    { step, load, inputs, parameters, log }: ReadyStep,
    outputs: Record<string, string>,
    reporter: ProgressReporter,
  ): Promise<RunResult> {
    const { runId, definition, workspace, processes, emit, seed, now } = this.#frame;
    const { spec } = step.component;
    const meter = new ProgressMeter();
    const module = await load();
    const context: Omit<RunContext, 'signal'> = {
      inputs: inputs as RunContext['inputs'],
      outputs,
      parameters,
      logger: log,
      progress(done, total, unit) {
        const progress = meter.update(done, total, unit);
        reporter.count(done, unit);
        if (!progress) return;
        emit({ type: 'step-progress', step: step.name, progress });
        reporter.report(progress);
      },
      now,
      run: { id: runId, pipeline: definition.name },
      seed: spec.seeded === false ? 0 : seed,
      cacheDir: workspace.cache,
      processes,
      ...provide(spec, this.#frame),
    };
    const run = (signal: AbortSignal) => module.run({ ...context, signal });
    return (await withDeadline(step.name, step.definition.timeoutMs, this.#frame.signal, run)) ?? {};
  }

  async #pause({ step, log }: ReadyStep, attempt: number, error: MitateError): Promise<void> {
    const delayMs = backoffMs(attempt);
    const inSeconds = delayMs / 1000;
    log.warn(`Attempt ${attempt} failed; retrying in ${inSeconds.toFixed(1)} s`, { code: error.code });
    const about = { step: step.name, attempt: attempt + 1, inSeconds, error: storedError(error) };
    this.#frame.emit({ type: 'step-retrying', ...about });
    await wait(delayMs, undefined, { signal: this.#frame.signal }).catch(() => {
      throw whyAborted(this.#frame.signal);
    });
  }
}
