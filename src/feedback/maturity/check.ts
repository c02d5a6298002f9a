import type { Facts } from './facts.ts';

/** Evidence is what Mitate did, saw or verified itself; a claim is what a sender, a flag or a variable says. Null = neither. */
export type Found = { evidence: string } | { claim: string } | null;

/** One of the 46 checks of Google's MLOps levels. */
export interface MaturityCheck {
  /** `L1.1` .. `L2.20`. */
  id: string;
  title: string;
  /** What shows it. */
  shownBy: string;
  /** What looks like it and does not count, claims first. */
  notBy: string;
  /** Commands that close the gap. */
  gap: string;
  find(facts: Facts): Found;
}

type Maybe<T> = T | null | undefined | false;

export function evidence<T>(found: Maybe<T>, describe: (found: T) => string): Found {
  return found === null || found === undefined || found === false ? null : { evidence: describe(found) };
}

export function claim<T>(found: Maybe<T>, describe: (found: T) => string): Found {
  return found === null || found === undefined || found === false ? null : { claim: describe(found) };
}

export const short = (id: string) => id.slice(0, 8);
