import { type HeadConfig, headConfig } from '../../contracts/artifacts/head-config.ts';
import type { Random } from '../../math/stats/random.ts';
import type { SearchSpace } from './spec.ts';

/** A configuration drawn from the space; other options are those of `base`. */
export function sampleConfig(random: Random, space: SearchSpace, base: HeadConfig): HeadConfig {
  return headConfig(base, {
    kind: random.pick(space.kind),
    hidden: random.pick(space.hidden),
    learningRate: logUniform(random, space.learningRate),
    weightDecay: logUniform(random, space.weightDecay),
    dropout: rounded(random.range(...space.dropout)),
    inputDropout: rounded(random.range(...space.inputDropout)),
    mixup: random.pick(space.mixup),
    labelSmoothing: rounded(random.range(...space.labelSmoothing)),
    batchSize: random.pick(space.batchSize),
  });
}

function logUniform(random: Random, [low, high]: [number, number]): number {
  if (low <= 0) return rounded(random.range(low, high));
  return rounded(Math.exp(random.range(Math.log(low), Math.log(high))));
}

/** Three significant digits, for readable results. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
