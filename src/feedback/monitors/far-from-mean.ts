import type { Observation } from '../../contracts/loop/monitor.ts';
import { topIds } from './movers.ts';

/** Ids of the observations furthest along the line from the reference's mean embedding to the window's. */
export function farFromMean(reference: readonly Observation[], window: readonly Observation[]): string[] {
  const [before, now] = [meanEmbedding(reference), meanEmbedding(window)];
  return topIds(window, ({ projection }) => {
    let along = 0;
    for (let k = 0; k < before.length; k++) along += (projection![k]! - before[k]!) * (now[k]! - before[k]!);
    return along;
  });
}

function meanEmbedding(observations: readonly Observation[]): Float64Array {
  const mean = new Float64Array(observations[0]!.projection!.length);
  for (const { projection } of observations)
    for (let k = 0; k < mean.length; k++) mean[k]! += projection![k]! / observations.length;
  return mean;
}
