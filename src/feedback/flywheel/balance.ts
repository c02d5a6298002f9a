import type { FlywheelPolicy } from '../../contracts/loop/flywheel.ts';
import { type Counts, count } from './candidates.ts';

/**
 * Limits each label to `balance` times the rarest label's photos, then all to `maxPhotos`, taking labels in turn so that rare ones stay.
 * @param photos in order of preference within each label
 */
export function balance<T extends { label: string }>(
  photos: readonly T[],
  policy: Pick<FlywheelPolicy, 'balance' | 'maxPhotos'>,
  leftOut: Counts,
): T[] {
  const byLabel = [...Map.groupBy(photos, ({ label }) => label).values()];
  const rarest = Math.min(...byLabel.map(({ length }) => length));
  const most = policy.balance === null ? photos.length : Math.floor(policy.balance * rarest);
  const kept = inTurn(byLabel.map((ofLabel) => ofLabel.slice(0, most)));
  count(leftOut, 'balance', photos.length - kept.length);
  count(leftOut, 'over-the-limit', kept.length - policy.maxPhotos);
  return kept.slice(0, policy.maxPhotos);
}

/** First of each list, second of each, and so on. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
