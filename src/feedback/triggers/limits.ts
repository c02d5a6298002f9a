import { dayMs, durationMs } from '../../codecs/duration.ts';
import type { Trigger, TriggerDecision } from '../../contracts/loop/trigger.ts';
import type { TriggerEvent } from './trigger-event.ts';

export type Limits = Pick<Trigger, 'coolDown' | 'dailyBudget' | 'minNewLabels'>;

export interface LimitFacts {
  /** Firings within `reachOf`. */
  fired: readonly Date[];
  /** Requests labelled since it last fired. */
  newLabels: number;
}

/** How long a firing counts against the limits, milliseconds. */
export const reachOf = (limits: Limits): number => Math.max(dayMs, coolDownMs(limits));

/** Fires unless cool-down, daily budget or missing labels prevent it. Firings in the future count too: the clock was set back. */
export function decide(
  limits: Limits,
  { key, why, evidence }: TriggerEvent,
  facts: LimitFacts,
  now: Date,
): TriggerDecision {
  const reason = coolDownReason(limits, facts, now) ?? budgetReason(limits, facts, now) ?? labelReason(limits, facts);
  const recorded = { ...evidence, occasion: key, newLabels: facts.newLabels };
  if (reason === null) return { fires: true, why, evidence: recorded };
  return { fires: false, why: `${why}; not fired: ${reason}`, evidence: recorded };
}

function coolDownReason(limits: Limits, { fired }: LimitFacts, now: Date): string | null {
  const last = within(fired, now, coolDownMs(limits)).at(-1);
  return last === undefined ? null : `it fired at ${last.toISOString()}, and its cool-down is ${limits.coolDown}`;
}

function budgetReason({ dailyBudget }: Limits, { fired }: LimitFacts, now: Date): string | null {
  const spent = within(fired, now, dayMs).length;
  return spent < dailyBudget ? null : `it fired ${spent} time(s) in 24 hours, limit ${dailyBudget}`;
}

function labelReason({ minNewLabels }: Limits, { newLabels }: LimitFacts): string | null {
  return newLabels >= minNewLabels ? null : `there are ${newLabels} new label(s) of ${minNewLabels} needed`;
}

const within = (fired: readonly Date[], now: Date, ms: number) =>
  fired.filter((at) => Math.abs(now.getTime() - at.getTime()) < ms).toSorted((a, b) => a.getTime() - b.getTime());

const coolDownMs = ({ coolDown }: Limits) => durationMs(coolDown) ?? 0;
