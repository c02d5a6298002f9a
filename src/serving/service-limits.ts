import { totalmem } from 'node:os';

export interface ServiceLimits {
  /** Photos in flight, queued or running; above it QUEUE_FULL. Default 256. */
  maxPhotos: number;
  /** Bytes of the photos in flight; above it QUEUE_FULL. Default 256 MiB: 256 photos of 20 MB would take 5 GB. */
  maxBytes: number;
  /** Longest predicted wait in the queue; above it QUEUE_FULL. Milliseconds. Default 2,000. */
  maxWaitMs: number;
  /** Bytes of loaded models over all processes; above it the least recently used are unloaded. Default: a quarter of the machine's memory. */
  memoryBudgetBytes: number;
  /** Interval at which the store is polled for endpoint changes. Milliseconds. Default 250. */
  pollMs: number;
}

export const defaultLimits = (): ServiceLimits => ({
  maxPhotos: 256,
  maxBytes: 256 * 2 ** 20,
  maxWaitMs: 2_000,
  memoryBudgetBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / 4,
  pollMs: 250,
});
