import { dayMs, durationMs } from '../../codecs/duration.ts';
import type { Trigger, TriggerDecision } from '../../contracts/loop/trigger.ts';
import type { TriggerEvent } from './trigger-event.ts';

export type Limits = Pick<Trigger, 'coolDown' | 'dailyBudget' | 'minNewLabels'>;

export interface LimitFacts {
  /** When it fired, as far as it matters: see `reachOf`. */
  fired: readonly Date[];
  /** Requests labelled since it last fired. */
  newLabels: number;
}

/** How far from now a firing still counts, milliseconds. */
export const reachOf = (limits: Limits): number => Math.max(dayMs, coolDownMs(limits));

/**
 * Fires, unless cool-down, budget or labels say no. A firing that lies ahead of now counts as one behind: the clock was set back since.
 */
export function decide(
  limits: Limits,
  { key, why, evidence }: TriggerEvent,
  facts: LimitFacts,
  now: Date,
): TriggerDecision {
  const reason = coolDownReason(limits, facts, now) ?? budgetReason(limits, facts, now) ?? labelReason(limits, facts);
  const known = { ...evidence, occasion: key, newLabels: facts.newLabels };
  if (reason === null) return { fires: true, why, evidence: known };
  return { fires: false, why: `${why}; but ${reason}`, evidence: known };
}

function coolDownReason(limits: Limits, { fired }: LimitFacts, now: Date): string | null {
  const near = within(fired, now, coolDownMs(limits));
  return near.length === 0 ? null : `it fired at ${near.at(-1)!.toISOString()}, and cools down for ${limits.coolDown}`;
}

function budgetReason({ dailyBudget }: Limits, { fired }: LimitFacts, now: Date): string | null {
  const spent = within(fired, now, dayMs).length;
  return spent < dailyBudget ? null : `it fired ${spent} time(s) in 24 hours, and ${dailyBudget} are allowed`;
}

function labelReason({ minNewLabels }: Limits, { newLabels }: LimitFacts): string | null {
  return newLabels >= minNewLabels ? null : `there are ${newLabels} new label(s), and ${minNewLabels} are needed`;
}

const within = (fired: readonly Date[], now: Date, ms: number) =>
  fired.filter((at) => Math.abs(now.getTime() - at.getTime()) < ms).toSorted((a, b) => a.getTime() - b.getTime());

const coolDownMs = ({ coolDown }: Limits) => durationMs(coolDown) ?? 0;
