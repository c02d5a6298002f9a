import type { z } from 'zod';
import type { ChangedAnswer } from '../../contracts/artifacts/reference-observation.ts';
import type { Finding, MonitorKind, Observation, WindowCounts } from '../../contracts/loop/monitor.ts';

export interface Check<P> {
  /** Empty for kinds that judge a window alone. */
  reference: readonly Observation[];
  /** Only observations that the kind `uses`; likewise for the reference. */
  window: readonly Observation[];
  /** Exact counts of the whole window, when `window` is a sample of it. */
  counts?: WindowCounts | undefined;
  parameters: P;
  /** Answer labels sorted as text, the order of `probabilities`. Default: those in the data. */
  labels?: readonly string[] | undefined;
  /** The model's answers to photos that were changed on purpose. Default: none. */
  changed?: readonly ChangedAnswer[] | undefined;
  seed: number | string;
  /** Probability of a breach without a change, 0..1; not used by kinds with a fixed threshold. */
  alpha: number;
  /** Called with each statistic of a permutation test's null distribution. */
  onChance?: ((statistic: number) => void) | undefined;
}

/** The finding of a window that has enough observations. */
export type Judgement = Omit<Finding, 'state'> & { isBreach: boolean };

export interface MonitorDefinition<P = unknown> {
  kind: MonitorKind;
  /** What it watches, for people. */
  about: string;
  /** What to do about a breach. */
  remedy: string;
  parameters: z.ZodType<P>;
  /** Of parameters that have no default, for the help. */
  example?: Readonly<Record<string, unknown>>;
  /** Compares the window with a reference; the others judge the window alone. */
  isDrift: boolean;
  /** Which observations count, also towards the minimum of samples. */
  uses: (observation: Observation) => boolean;
  /** Smallest number of observations, of either side, that its statistic is defined for. @default 1 */
  fewest?: number;
  /** Photos younger than this at the end of the window are left out: what it judges comes later. Milliseconds. */
  settlesMs?: (parameters: P) => number;
  judge: (check: Check<P>) => Judgement;
}

export function defineMonitor<P>(definition: MonitorDefinition<P>): MonitorDefinition<P> {
  return definition;
}

/** Runs a check on the observations that the kind uses; `not-enough-data` when there are too few. */
export function runCheck<P>(definition: MonitorDefinition<P>, minSamples: number, check: Check<P>): Finding {
  const window = check.window.filter(definition.uses);
  const reference = check.reference.filter(definition.uses);
  const seen = definition.isDrift ? Math.min(window.length, reference.length) : window.length;
  const needed = Math.max(minSamples, definition.fewest ?? 1);
  if (seen < needed) return tooFew(window.length, definition.isDrift ? reference.length : null, needed);
  const { isBreach, ...judged } = definition.judge({ ...check, window, reference });
  return { state: isBreach ? 'breach' : 'ok', ...judged };
}

function tooFew(window: number, reference: number | null, needed: number): Finding {
  const beside = reference === null ? '' : `, ${reference} in the reference`;
  return notEnoughData(`${window} observations in the window${beside}; ${needed} are needed`, {
    window,
    reference,
    needed,
  });
}

/** The state `not-enough-data` is neither ok nor a breach. @param said why, for people */
export function notEnoughData(said: string, details: Record<string, unknown> = {}): Finding {
  return {
    state: 'not-enough-data',
    statistic: null,
    p: null,
    threshold: null,
    interval: null,
    said,
    movers: [],
    details,
  };
}

export function byP(p: number, alpha: number) {
  return { isBreach: p < alpha, p, threshold: alpha };
}
