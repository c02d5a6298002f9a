import { setTimeout as wait } from 'node:timers/promises';
import { MitateError, toMitateError } from '../../errors/index.ts';
import { attemptStep, type ReadyStep } from './attempt.ts';
import { backoffMs } from './backoff.ts';
import type { RunFrame } from './frame.ts';
import { mayPass, storedError } from './step-error.ts';

/** Attempts until one ends well, the error is not one that may pass, or the step's retries are used up. */
export async function attemptWithRetries(frame: RunFrame, ready: ReadyStep, onAttempt: (attempt: number) => void) {
  for (let attempt = 1; ; attempt++) {
    onAttempt(attempt);
    try {
      return await attemptStep(frame, ready, attempt);
    } catch (thrown) {
      const error = toMitateError(thrown);
      if (attempt > ready.run.definition.retries || !mayPass(error)) throw error;
      await pause(frame, ready, attempt, error);
    }
  }
}

async function pause(frame: RunFrame, { run, log }: ReadyStep, attempt: number, error: MitateError): Promise<void> {
  const delayMs = backoffMs(attempt);
  const inSeconds = delayMs / 1000;
  log.warn(`Attempt ${attempt} failed; the next follows in ${inSeconds.toFixed(1)} s`, { code: error.code });
  frame.emit({
    type: 'step-retrying',
    step: run.step.name,
    attempt: attempt + 1,
    inSeconds,
    error: storedError(error),
  });
  await wait(delayMs, undefined, { signal: frame.signal }).catch(() => {
    throw new MitateError('CANCELLED', {});
  });
}
