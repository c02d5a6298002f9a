import type { z } from 'zod';
import type { BackgroundProbe } from '../../../contracts/artifacts/anomalies.ts';
import type { RefusalReference } from '../../../contracts/artifacts/drift-reference.ts';
import type { ExamplesSummary } from '../../../contracts/artifacts/example.ts';
import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import type { Signature } from '../../../contracts/artifacts/signature.ts';
import type { Calibration } from '../calibration/calibrate.ts';
import type { EvalMetrics } from '../eval-metrics.ts';
import type { RidgeChoice } from '../head/head-training.ts';
import type { cardSchema } from '../spec.ts';

/** Content of a model card. */
export interface CardFacts {
  texts: z.output<typeof cardSchema>;
  signature: Signature;
  config: HeadConfig;
  /** Of a ridge head. */
  ridge: RidgeChoice | undefined;
  summary: ExamplesSummary;
  /** Photos of each split that was used. */
  counts: { train: number; eval: number };
  metrics: EvalMetrics | null;
  calibration: Calibration;
  /** Eval photos that did not choose the threshold, and those answered rightly; null unless a rule of the model's own chose it. */
  atThreshold: Record<'sensitivity' | 'specificity', { count: number; photos: number }> | null;
  /** Result of the background probe; null = not run, or no anomalies wired. */
  probe: BackgroundProbe | null;
  /** Null with too few photos. */
  refusal: RefusalReference | null;
}
