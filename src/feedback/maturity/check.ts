import type { Facts } from './facts.ts';

/** One of the 46 checks of Google's MLOps levels. */
export interface MaturityCheck {
  /** `L1.1` .. `L2.20`. */
  id: string;
  title: string;
  /** Commands that close the gap. */
  gap: string;
  /** Evidence that it holds; null = none. */
  find(facts: Facts): string | null;
}

export function evidence<T>(found: T | null | undefined | false, describe: (found: T) => string): string | null {
  return found === null || found === undefined || found === false ? null : describe(found);
}

export const short = (id: string) => id.slice(0, 8);
