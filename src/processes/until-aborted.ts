import { once } from 'node:events';

/** @throws what `lost` resolves with, if that is first */
export async function untilAborted(signal: AbortSignal, lost?: Promise<Error>): Promise<void> {
  if (signal.aborted) return;
  const error = await Promise.race([once(signal, 'abort').then(() => null), ...(lost ? [lost] : [])]);
  if (error) throw error;
}
