import { z } from 'zod';
import type { queuedRunSchema } from '../run-order.ts';

export const runWishSchema = z.object({
  /** Name of a pipeline that ran here before, or a file inside the server's pipelines folder. */
  pipeline: z.string().min(1).max(1_024),
  /** Texts are read as the parameter's type. Paths are the worker's. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  seed: z.int().min(0).max(0xffff_ffff).optional(),
});
export type RunWish = z.input<typeof runWishSchema>;

export type ApiQueuedRun = z.output<typeof queuedRunSchema>;
