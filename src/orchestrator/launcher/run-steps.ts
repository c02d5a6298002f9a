import { isMitateError, MitateError, toMitateError } from '../../errors/index.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import type { ExecutionState } from '../../store/store.ts';
import type { StepSummary } from '../summary.ts';
import type { RunFrame, RunStep } from './frame.ts';
import { newId } from './ids.ts';
import { inOrder } from './in-order.ts';
import { wiredInputs } from './inputs.ts';
import { type Draft, runStep } from './run-step.ts';
import { storedError } from './step-error.ts';

/** Runs all steps of a run; how each went is in `frame.ended`. A failure stops what depends on it, nothing else. */
export async function runSteps(frame: RunFrame, steps: RunStep[], maxParallel: number): Promise<void> {
  const slots = new Semaphore(maxParallel);
  const dependsOn = ({ definition }: RunStep) => Object.values(definition.inputs).map(({ step }) => step);
  await inOrder(
    steps,
    ({ step }) => step.name,
    dependsOn,
    (run) => endStep(frame, run, slots),
  );
}

async function endStep(frame: RunFrame, run: RunStep, slots: Semaphore): Promise<void> {
  const started = performance.now();
  const draft: Draft = { state: 'succeeded', artifacts: {}, summary: null, attempts: 0, explanation: null };
  let outcome: Pick<StepSummary, 'state' | 'error'> = { state: 'succeeded', error: null };
  try {
    requireRunnable(frame, run);
    await slots.run(() => runStep(frame, run, draft));
    outcome = { state: draft.state, error: null };
  } catch (thrown) {
    const error = toMitateError(thrown);
    outcome = { state: stateAfter(error), error: storedError(error) };
    if (draft.attempts === 0) await recordUnrun(frame, run, outcome).catch(() => {});
  }
  const seconds = (performance.now() - started) / 1000;
  const { name, component } = run.step;
  const summary: StepSummary = { ...draft, name, component: component.spec.name, ...outcome, seconds };
  frame.ended.set(name, summary);
  frame.emit({ type: eventOf(summary.state), step: name, summary });
}

/** Before it takes a slot. */
function requireRunnable(frame: RunFrame, run: RunStep): void {
  if (frame.signal.aborted) throw new MitateError('CANCELLED', {});
  wiredInputs(frame, run);
}

function stateAfter(error: MitateError): 'cancelled' | 'skipped' | 'failed' {
  if (isMitateError(error, 'CANCELLED')) return 'cancelled';
  return isMitateError(error, 'STEP_INPUT_ABSENT') ? 'skipped' : 'failed';
}

function eventOf(state: ExecutionState) {
  const names = {
    succeeded: 'finished',
    running: 'finished',
    cached: 'cached',
    failed: 'failed',
    cancelled: 'cancelled',
    skipped: 'skipped',
  } as const;
  return `step-${names[state]}` as const;
}

/** A step that never got to an attempt still shows in the run. */
async function recordUnrun(
  frame: RunFrame,
  run: RunStep,
  { state, error }: Pick<StepSummary, 'state' | 'error'>,
): Promise<void> {
  const id = newId();
  const { name: step, component } = run.step;
  const execution = { id, runId: frame.runId, step, component: component.spec.name, cacheKey: null, keyParts: {} };
  await frame.store.startExecution({ ...execution, attempt: 1, startedAt: new Date() }, []);
  await frame.store.failExecution(id, state as 'failed' | 'cancelled' | 'skipped', error);
}
