import { totalmem } from 'node:os';

export interface ServiceLimits {
  /** Photos in the service at once, waiting or in work; beyond it QUEUE_FULL. Default 256. */
  maxPhotos: number;
  /** Of the photos in the service at once; beyond it QUEUE_FULL. Default 256 MiB: 20-MB photos would else take 5 GB. */
  maxBytes: number;
  /** Longest predicted wait in the queue; beyond it QUEUE_FULL. Milliseconds. Default 2,000. */
  maxWaitMs: number;
  /** Of loaded models, in all processes together; beyond it the least used are unloaded. Bytes. Default a quarter of the machine's memory. */
  memoryBudgetBytes: number;
  /** How often changes that others made to endpoints are looked for. Milliseconds. Default 250. */
  pollMs: number;
}

export const defaultLimits = (): ServiceLimits => ({
  maxPhotos: 256,
  maxBytes: 256 * 2 ** 20,
  maxWaitMs: 2_000,
  memoryBudgetBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / 4,
  pollMs: 250,
});
