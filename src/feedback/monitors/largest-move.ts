import type { Observation } from '../../contracts/loop/monitor.ts';
import { type LargestKsOptions, largestKs } from '../../math/drift/largest-ks.ts';
import { byP, type Check } from './monitor-kind.ts';
import { pulledMean } from './movers.ts';
import { permutationsFor } from './permutations.ts';
import { meanOf } from './shares.ts';

/** Tests the measure whose distribution moved furthest from the reference's. @param names at least one */
export function largestMove<N extends string>(
  { reference, window, parameters, seed, alpha, onChance }: Check<{ tolerance: number }>,
  names: readonly N[],
  measured: (observation: Observation, name: N) => number,
  groups?: LargestKsOptions['groups'],
) {
  const valuesOf = (of: readonly Observation[], name: N) => Float64Array.from(of, (each) => measured(each, name));
  const values = names.map((name) => valuesOf([...reference, ...window], name));
  const { tolerance } = parameters;
  const options = {
    seed,
    permutations: permutationsFor(alpha),
    tolerance,
    onDraw: onChance,
    ...(groups && { groups }),
  };
  const { distances, statistic, p } = largestKs(values, reference.length, options);
  const moves = names.map((name, i) => ({
    name,
    distance: distances[i]!,
    before: meanOf(valuesOf(reference, name)),
    now: meanOf(valuesOf(window, name)),
  }));
  const largest = moves.reduce((top, move) => (move.distance > top.distance ? move : top));
  const movers = pulledMean(window, [largest.before, largest.now], (each) => measured(each, largest.name));
  return { largest, moves, judged: { ...byP(p, alpha), statistic, interval: null, movers } };
}
