import type { z } from 'zod';
import type { Finding, MonitorKind, Observation, WindowCounts } from '../../contracts/loop/monitor.ts';

export interface Check<P> {
  /** Empty for kinds that judge a window alone. */
  reference: readonly Observation[];
  /** Only observations that the kind `uses`, as the reference. */
  window: readonly Observation[];
  /** Of the whole window, when `window` is a sample of it: what only counts is exact then. */
  counts?: WindowCounts | undefined;
  parameters: P;
  /** Answer labels sorted as text, the order of `probabilities`. Default: those that were seen. */
  labels?: readonly string[] | undefined;
  /** Same seed, same finding. */
  seed: number | string;
  /** Chance of a breach without a change, 0..1; kinds with a fixed threshold have no use for it. */
  alpha: number;
  /** Hears each statistic that chance alone gave, of tests that permute. */
  onChance?: ((statistic: number) => void) | undefined;
}

/** What a check says of a window that has enough observations. */
export type Judgement = Omit<Finding, 'state'> & { isBreach: boolean };

/** One kind of monitor: what it is, what it may be told, and what it finds. */
export interface MonitorDefinition<P = unknown> {
  kind: MonitorKind;
  /** What it watches, for people. */
  about: string;
  /** What to do about a breach. */
  remedy: string;
  parameters: z.ZodType<P>;
  /** Compared with a reference; the others judge a window alone. */
  isDrift: boolean;
  /** Which observations count: the minimum of samples is of these. */
  uses: (observation: Observation) => boolean;
  /** The least that its statistic is defined for, of either side; a monitor's own minimum may be higher. @default 1 */
  fewest?: number;
  judge: (check: Check<P>) => Judgement;
}

export function defineMonitor<P>(definition: MonitorDefinition<P>): MonitorDefinition<P> {
  return definition;
}

/** Runs a check on what the kind uses; too little of it is a state of its own. */
export function runCheck<P>(definition: MonitorDefinition<P>, minSamples: number, check: Check<P>): Finding {
  const window = check.window.filter(definition.uses);
  const reference = check.reference.filter(definition.uses);
  const seen = definition.isDrift ? Math.min(window.length, reference.length) : window.length;
  const needed = Math.max(minSamples, definition.fewest ?? 1);
  if (seen < needed) return notEnough(window.length, definition.isDrift ? reference.length : null, needed);
  const { isBreach, ...judged } = definition.judge({ ...check, window, reference });
  return { state: isBreach ? 'breach' : 'ok', ...judged };
}

function notEnough(window: number, reference: number | null, needed: number): Finding {
  const beside = reference === null ? '' : `, ${reference} in the reference`;
  return {
    state: 'not-enough-data',
    statistic: null,
    p: null,
    threshold: null,
    interval: null,
    said: `${window} observations in the window${beside}; ${needed} are needed`,
    movers: [],
    details: { window, reference, needed },
  };
}

/** p below alpha is a breach. */
export function byP(p: number, alpha: number) {
  return { isBreach: p < alpha, p, threshold: alpha };
}
