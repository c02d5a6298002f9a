import { type Check, infraCheck } from '../../../contracts/artifacts/blessing.ts';
import { MitateError } from '../../../errors/index.ts';
import { quantile } from '../../../math/stats/bootstrap.ts';
import type { Measured } from '../messages.ts';
import type { InfraBudget } from '../spec.ts';
import { failedCheck, passedCheck } from './verdict.ts';

const median = (values: readonly number[]) => quantile(Float64Array.from(values).sort(), 0.5);

/** Slowdown against the reference, latency, memory. */
export function checkCosts(measured: Measured, budget: InfraBudget): Check[] {
  return [
    ...checkSlowdown(measured, budget.maxSlowdown),
    checkLatency(measured, budget),
    checkMemory(measured, budget),
  ];
}

/** The runs of a pair follow each other, so their ratio is valid on a busy machine. */
function checkSlowdown({ modelMs, referenceMs }: Measured, limit: number): Check[] {
  if (referenceMs.length === 0) return [];
  const ratio = median(modelMs.map((ms, i) => ms / referenceMs[i]!));
  if (ratio <= limit) return [passedCheck('time against a bare model', ratio, limit)];
  const bare = `the ${median(referenceMs).toFixed(1)} ms of a bare model on this backbone`;
  const got = `${median(modelMs).toFixed(1)} ms, ${ratio.toFixed(1)} times ${bare}`;
  const error = new MitateError('INFRA_TOO_SLOW', { got, limit: `${limit} times`, parameter: 'maxSlowdown' });
  return [failedCheck('time against a bare model', error, ratio, limit)];
}

function checkLatency({ modelMs }: Measured, { maxLatencyMs }: InfraBudget): Check {
  const ms = median(modelMs);
  if (ms <= maxLatencyMs) return passedCheck(infraCheck.latency, ms, maxLatencyMs);
  const details = { got: `${ms.toFixed(1)} ms`, limit: `${maxLatencyMs} ms`, parameter: 'maxLatencyMs' };
  return failedCheck(infraCheck.latency, new MitateError('INFRA_TOO_SLOW', details), ms, maxLatencyMs);
}

function checkMemory({ grownBytes }: Measured, { maxMemoryMb }: InfraBudget): Check {
  const grown = Math.round(grownBytes / 1e6);
  if (grown <= maxMemoryMb) return passedCheck('megabytes grown', grown, maxMemoryMb);
  const error = new MitateError('INFRA_MEMORY_HIGH', { got: grown, limit: maxMemoryMb });
  return failedCheck('megabytes grown', error, grown, maxMemoryMb);
}
