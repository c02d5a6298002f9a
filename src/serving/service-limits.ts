import { totalmem } from 'node:os';

export interface ServiceLimits {
  /** Photos in the service at once, waiting or in work; beyond it QUEUE_FULL. Default 256. */
  maxPhotos: number;
  /** Longest predicted wait in the queue; beyond it QUEUE_FULL. Milliseconds. Default 2,000. */
  maxWaitMs: number;
  /** Of loaded models, in all processes together; beyond it the least used are unloaded. Bytes. Default a quarter of the machine's memory. */
  memoryBudgetBytes: number;
  /** How often changes that others made to endpoints are looked for. Milliseconds. Default 250. */
  pollMs: number;
}

export const defaultLimits = (): ServiceLimits => ({
  maxPhotos: 256,
  maxWaitMs: 2_000,
  memoryBudgetBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / 4,
  pollMs: 250,
});
