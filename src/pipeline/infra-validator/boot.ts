import { isMitateError, MitateError } from '../../errors/index.ts';
import { Child, ProcessEnded } from '../../processes/child.ts';
import { childEntry } from '../../processes/child-entry.ts';
import type { Answered, Booted, BootOrder, BootRequest, Measured, Stage } from './messages.ts';

const entry = childEntry('./boot-worker.ts', import.meta.url);

/** Result of a boot. Stages that were not reached are absent. */
export interface BootReport {
  booted?: Booted;
  answers?: Answered[];
  measured?: Measured;
  /** Why a stage did not finish. */
  failure?: MitateError<'INFRA_BOOT_FAILED' | 'INFRA_BOOT_TIMEOUT'>;
}

/**
 * Boots a model in a new process. A model that crashes or hangs its process is reported as a failure.
 * @param timeoutMs for all stages together
 * @throws CANCELLED
 */
export async function boot(order: BootOrder, timeoutMs: number, signal: AbortSignal): Promise<BootReport> {
  if (signal.aborted) throw new MitateError('CANCELLED', {});
  const child = new Child<BootRequest>(entry);
  const report: BootReport = {};
  let what: Stage = 'load the model';
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill();
  }, timeoutMs);
  const ask = <T>(request: BootRequest) => {
    what = request.stage;
    return child.ask<T>(request, { signal });
  };
  try {
    report.booted = await ask<Booted>({ stage: 'load the model', order });
    report.answers = await ask<Answered[]>({ stage: 'answer' });
    await ask({ stage: 'load the explainer' });
    report.measured = await ask<Measured>({ stage: 'time the model' });
  } catch (error) {
    if (isMitateError(error, 'CANCELLED')) throw error;
    report.failure = isLate
      ? new MitateError('INFRA_BOOT_TIMEOUT', { timeoutMs, what })
      : new MitateError('INFRA_BOOT_FAILED', { what, reason: reasonOf(error) }, { cause: error });
  } finally {
    clearTimeout(timer);
    child.kill();
    await child.ended;
  }
  return report;
}

function reasonOf(error: unknown): string {
  if (error instanceof ProcessEnded)
    return [`it ended with ${error.ending.reason}`, error.ending.stderr].filter((part) => part !== '').join(': ');
  if (isMitateError(error, 'INTERNAL')) return String(error.details.reason);
  return (error as Error).message;
}
