import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import { betaVariate } from '../../../math/stats/beta-variate.ts';
import { Random } from '../../../math/stats/random.ts';

/** Input of one training step, N rows. */
export interface Batch {
  /** Photos in the batch, for error messages. */
  photos: Int32Array;
  x: Float32Array;
  /** [N, K], times the sample's weight. */
  targets: Float32Array;
  /** Row of the batch to mix in, and its share (0..1); undefined without mixup. */
  mixRows?: BigInt64Array;
  mixShare?: Float32Array;
}

export interface BatchOptions {
  source: EmbeddingSource;
  /** Photo numbers and their classes. */
  photos: ArrayLike<number>;
  targets: ArrayLike<number>;
  classes: number;
  config: HeadConfig;
  seed: number | string;
}

/** Draws the batches of an epoch: every photo once, in a new order, in batches whose sizes differ by at most one. */
export class Batches {
  readonly stepsPerEpoch: number;
  readonly #options: BatchOptions;
  readonly #weights: Float32Array;
  readonly #order: Int32Array;
  readonly #random: Random;

  constructor(options: BatchOptions) {
    const count = options.photos.length;
    this.#options = options;
    this.stepsPerEpoch = stepsPerEpoch(count, options.config.batchSize);
    this.#weights = classWeights(options.targets, options.classes, options.config.classWeights);
    this.#order = Int32Array.from({ length: count }, (_, i) => i);
    this.#random = new Random(`${options.seed}:batches`);
  }

  *epoch(): Generator<Batch> {
    this.#random.shuffle(this.#order);
    const count = this.#order.length;
    for (let step = 0; step < this.stepsPerEpoch; step++) {
      const start = Math.floor((step * count) / this.stepsPerEpoch);
      const end = Math.floor(((step + 1) * count) / this.stepsPerEpoch);
      yield this.#batch(this.#order.subarray(start, end));
    }
  }

  #batch(chosen: Int32Array): Batch {
    const { source, photos, config } = this.#options;
    const drawn = Int32Array.from(chosen, (i) => photos[i]!);
    const view = () => (config.trainViews === 'random' && source.views > 1 ? this.#random.int(source.views) : 0);
    const rows = Int32Array.from(drawn, (photo) => photo * source.views + view());
    const x = new Float32Array(rows.length * source.size);
    source.read(rows, x);
    const targets = this.#targets(chosen);
    if (config.mixup === 0) return { photos: drawn, x, targets };
    return { photos: drawn, x, ...this.#mix(targets, chosen.length) };
  }

  /** Smoothed one-hot rows, each times the weight of its label. */
  #targets(chosen: Int32Array): Float32Array {
    const { targets, classes, config } = this.#options;
    const out = new Float32Array(chosen.length * classes);
    chosen.forEach((example, row) => {
      const label = targets[example]!;
      const weight = this.#weights[label]!;
      out.fill((weight * config.labelSmoothing) / classes, row * classes, (row + 1) * classes);
      out[row * classes + label]! += weight * (1 - config.labelSmoothing);
    });
    return out;
  }

  #mix(targets: Float32Array, rows: number): Pick<Batch, 'targets' | 'mixRows' | 'mixShare'> {
    const { classes, config } = this.#options;
    const partner = this.#random.shuffle(Int32Array.from({ length: rows }, (_, i) => i));
    const mixShare = Float32Array.from({ length: rows }, () => {
      const share = betaVariate(this.#random, config.mixup, config.mixup);
      return Math.min(share, 1 - share);
    });
    const mixed = targets.map((value, at) => {
      const row = Math.floor(at / classes);
      const other = targets[partner[row]! * classes + (at % classes)]!;
      return value + mixShare[row]! * (other - value);
    });
    return { targets: mixed, mixRows: BigInt64Array.from(partner, BigInt), mixShare };
  }
}

export function stepsPerEpoch(photos: number, batchSize: number): number {
  return Math.max(1, Math.ceil(photos / batchSize));
}

/** `balanced`: n / (labels present * n of the label), so that the mean weight is 1. */
export function classWeights(
  targets: ArrayLike<number>,
  classes: number,
  rule: HeadConfig['classWeights'],
): Float32Array {
  const counts = new Int32Array(classes);
  for (let i = 0; i < targets.length; i++) counts[targets[i]!]!++;
  if (rule === 'none') return new Float32Array(classes).fill(1);
  const present = counts.filter((count) => count > 0).length;
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : targets.length / (present * count)));
}
