import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult, Sample } from './plan.ts';

/** Sends load from a process of its own. */
export async function load(
  plan: Pick<LoadPlan, 'url' | 'path' | 'arrivals' | 'seconds'> & Partial<LoadPlan>,
): Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./generator.ts', import.meta.url)), { serialization: 'advanced' });
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the load generator ended: ${code ?? signal}`);
  });
  ended.catch(() => {});
  const said = () => Promise.race([once(child, 'message'), ended]);
  child.send({
    headers: {},
    photos: [],
    body: 'photo',
    timeoutMs: 15_000,
    readAnswers: false,
    ...plan,
  } satisfies LoadPlan);
  await said();
  child.send('go');
  const [result] = (await said()) as [LoadResult];
  return result;
}

/** Of the requests that `which` chooses, in ms. NaN when there are none. */
export function latency(
  samples: readonly Sample[],
  share: number,
  which = (sample: Sample) => sample.status === 200,
): number {
  const chosen = samples.filter(which).map(({ latencyMs }) => latencyMs);
  return quantile(chosen, share);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** `200: 1234, 429: 20, timeout: 1`. */
export function tally(samples: readonly Sample[]): string {
  const counts = new Map<string, number>();
  for (const { status, failure } of samples) {
    const key = String(status || failure);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort()
    .map(([key, count]) => `${key}: ${count}`)
    .join(', ');
}
