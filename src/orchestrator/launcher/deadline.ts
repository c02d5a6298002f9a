import { MitateError } from '../../errors/index.ts';

/** How long a component may take to stop after its signal was aborted. */
const graceMs = 30_000;

/**
 * Runs work with the run's signal and a time limit. Work that has not stopped 30 s after the abort is abandoned.
 * Throws CANCELLED (or what the run was aborted with), STEP_TIMEOUT.
 * @param timeoutMs 0 = no limit
 */
export async function withDeadline<T>(
  step: string,
  timeoutMs: number,
  runSignal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using limit = startTimer(timeoutMs);
  const signal = AbortSignal.any([runSignal, limit.signal]);
  using abandoned = whenAbandoned(signal);
  const why = () =>
    runSignal.aborted ? whyAborted(runSignal) : new MitateError('STEP_TIMEOUT', { step, seconds: timeoutMs / 1000 });
  try {
    const result = await Promise.race([work(signal), abandoned.promise]);
    if (!signal.aborted) return result;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  throw why();
}

/** CANCELLED, unless the run was aborted for a reason of its own (RUN_TIMEOUT). */
export function whyAborted({ reason }: AbortSignal): MitateError {
  return reason instanceof MitateError ? reason : new MitateError('CANCELLED', {});
}

function startTimer(timeoutMs: number): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const timer = timeoutMs > 0 ? setTimeout(() => controller.abort(), timeoutMs) : undefined;
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Rejects at the end of the grace period after an abort. */
function whenAbandoned(signal: AbortSignal): { promise: Promise<never> } & Disposable {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    timer = setTimeout(() => reject(new MitateError('CANCELLED', {})), graceMs);
  };
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  return {
    promise,
    [Symbol.dispose]() {
      signal.removeEventListener('abort', start);
      clearTimeout(timer);
    },
  };
}
