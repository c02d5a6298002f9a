import type { Behaviour, Rate } from '../../contracts/loop/behaviour.ts';

/** `93.3 % (81.2 to 97.8)`; a dash of no photos. */
export function rateText({ share, low, high }: Rate): string {
  if (share === null) return '–';
  const [value, from, to] = [share, low!, high!].map((each) => (100 * each).toFixed(1));
  return `${value} % (${from} to ${to})`;
}

/** `4.2 s (3.1 to 5.7)`. */
export function decisionText({ decision }: Behaviour): string {
  return decision === null ? '–' : `${decision.value.toFixed(1)} s${rangeText(decision, 1)}`;
}

/** `1.250 (1.013 to 1.487)`. */
export function perRequestText({ perRequest }: Behaviour['values'][number]): string {
  return `${perRequest.value.toFixed(3)}${rangeText(perRequest, 3)}`;
}

function rangeText({ low, high }: { low: number | null; high: number | null }, digits: number): string {
  return low === null || high === null ? '' : ` (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}
