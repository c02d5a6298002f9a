import type { Explanation, StepProgress, StoredError } from '../contracts/run.ts';
import type { RunSummary, StepSummary } from './summary.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type RunEvent =
  | { type: 'run-started'; runId: string; pipeline: string; steps: { name: string; component: string }[] }
  | { type: 'step-started'; step: string; component: string; attempt: number; executionId: string }
  | { type: 'step-progress'; step: string; progress: StepProgress }
  | { type: 'step-log'; step: string; level: LogLevel; message: string; fields: Record<string, unknown> }
  /** Before each step: whether its cache key matched, and what changed since the step's previous execution. */
  | { type: 'step-explained'; step: string; explanation: Explanation }
  | { type: 'step-retrying'; step: string; attempt: number; inSeconds: number; error: StoredError }
  | {
      type: 'step-cached' | 'step-finished' | 'step-failed' | 'step-cancelled' | 'step-skipped';
      step: string;
      summary: StepSummary;
    }
  | { type: 'run-finished'; summary: RunSummary };

export type Listener = (event: RunEvent) => void;
