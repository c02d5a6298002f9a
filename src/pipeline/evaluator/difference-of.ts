import type { IntervalJson } from '../../contracts/artifacts/evaluation.ts';

/** a - b of independent estimates, with a 95 % interval from theirs (Newcombe 1998; Zou & Donner 2008). */
export function differenceOf(a: IntervalJson, b: IntervalJson): IntervalJson {
  if (a.value === null || b.value === null) return { value: null, low: null, high: null };
  const value = a.value - b.value;
  if (a.low === null || a.high === null || b.low === null || b.high === null) return { value, low: null, high: null };
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}
