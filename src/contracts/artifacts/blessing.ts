import { z } from 'zod';

/** Checks of an InfraBlessing that other rooms look for. `blessing.json` holds the names: they are data, not texts to improve. */
export const infraCheck = {
  finite: 'finite numbers',
  labels: 'label as at training',
  probabilities: 'probabilities as at training',
  latency: 'milliseconds an answer',
} as const;

const checkSchema = z.object({
  /** `auc >= 0.95`, `overall`, slice or label named. */
  name: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  passed: z.boolean(),
  /** Catalogue code if it did not pass. */
  code: z.string().optional(),
  message: z.string().optional(),
});
export type Check = z.infer<typeof checkSchema>;

/** `blessing.json`, next to the empty file `BLESSED` or `NOT_BLESSED` (`INFRA_BLESSED` / `INFRA_NOT_BLESSED`). */
export const blessingSchema = z.object({
  blessed: z.boolean(),
  message: z.string(),
  checks: z.array(checkSchema),
  /** What the thresholds ask for and could not be checked, and why. Absent in blessings of version 0.1 and of infrastructure. */
  unchecked: z.array(z.string()).optional(),
});
export type Blessing = z.infer<typeof blessingSchema>;
