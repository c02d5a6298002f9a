import type { Facts } from './facts.ts';

/** One of the 46 checks of Google's MLOps levels. */
export interface MaturityCheck {
  /** `L1.1` .. `L2.20`. */
  id: string;
  title: string;
  /** Command that closes the gap. */
  gap: string;
  /** What shows that it holds; null = nothing does. */
  find(facts: Facts): string | null;
}

/** Evidence, when there is any. */
export function shown<T>(found: T | null | undefined | false, say: (found: T) => string): string | null {
  return found === null || found === undefined || found === false ? null : say(found);
}

export const short = (id: string) => id.slice(0, 8);
