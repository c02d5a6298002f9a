import type { Labeller } from '../../contracts/loop/labellers.ts';
import { wilsonInterval } from '../../math/stats/proportion.ts';

/** Share of the checked photos that a labeller labelled right, with its interval (Wilson). */
export function labellerAccuracy(counts: Omit<Labeller, 'accuracy'>): Labeller {
  const { checked, right } = counts;
  return { ...counts, accuracy: checked === 0 ? null : { value: right / checked, ...wilsonInterval(right, checked) } };
}
