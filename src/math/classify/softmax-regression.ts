import { Random } from '../stats/random.ts';

export interface SoftmaxOptions {
  seed: number | string;
  /** Passes over the rows. Default 30. */
  epochs?: number;
  /** Highest step of Adam, falling to 0 along a half cosine. Default 0.02. */
  learningRate?: number;
  /** Decoupled weight decay. Default 1e-3. */
  weightDecay?: number;
}

/** A multinomial logistic classifier on standardised numbers. */
export interface SoftmaxRegression {
  /** Class -> log-odds up to a constant, for one row of D numbers. */
  logits(row: ArrayLike<number>): Float64Array;
}

const batch = 32;
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/**
 * Multinomial logistic regression by Adam (Kingma & Ba 2015) with decoupled weight decay, on mini-batches of 32. Classes weigh the same in the
 * loss however many rows they have. Same seed, same weights.
 * @param rows float64 [n, D], row-major
 * @param targets class of each row, 0..classes - 1
 */
export function fitSoftmax(
  rows: Float64Array,
  targets: ArrayLike<number>,
  classes: number,
  options: SoftmaxOptions,
): SoftmaxRegression {
  const n = targets.length;
  const size = rows.length / n;
  const scaler = standardiser(rows, n, size);
  const x = scaler.all(rows, n);
  const share = classWeights(targets, classes);
  const width = size + 1;
  const weights = new Float64Array(classes * width);
  const [first, second] = [new Float64Array(weights.length), new Float64Array(weights.length)];
  const gradient = new Float64Array(weights.length);
  const random = new Random(options.seed);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const epochs = options.epochs ?? 30;
  const steps = epochs * Math.ceil(n / batch);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order);
    for (let start = 0; start < n; start += batch) {
      gradient.fill(0);
      const end = Math.min(n, start + batch);
      for (let k = start; k < end; k++) {
        const i = order[k]!;
        const row = x.subarray(i * size, (i + 1) * size);
        addGradient(gradient, weights, row, targets[i]!, share[targets[i]!]! / (end - start));
      }
      const rate = (options.learningRate ?? 0.02) * 0.5 * (1 + Math.cos((Math.PI * step++) / steps));
      adamStep({ weights, gradient, first, second, step, rate, decay: options.weightDecay ?? 1e-3 });
    }
  }
  return { logits: (row) => score(weights, scaler.one(row), classes) };
}

function standardiser(rows: Float64Array, n: number, size: number) {
  const [mean, scale] = [new Float64Array(size), new Float64Array(size)];
  for (let i = 0; i < rows.length; i++) mean[i % size]! += rows[i]! / n;
  for (let i = 0; i < rows.length; i++) scale[i % size]! += (rows[i]! - mean[i % size]!) ** 2 / n;
  const one = (row: ArrayLike<number>) =>
    Float64Array.from({ length: size }, (_, j) => (row[j]! - mean[j]!) / (Math.sqrt(scale[j]!) || 1));
  const all = (from: Float64Array, count: number) => {
    const out = new Float64Array(from.length);
    for (let i = 0; i < count; i++) out.set(one(from.subarray(i * size, (i + 1) * size)), i * size);
    return out;
  };
  return { one, all };
}

/** n / (classes * rows of the class): mean 1 over the rows. */
function classWeights(targets: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let i = 0; i < targets.length; i++) counts[targets[i]!]!++;
  return counts.map((count) => (count === 0 ? 0 : targets.length / (classes * count)));
}

function score(weights: Float64Array, row: Float64Array, classes: number): Float64Array {
  const width = row.length + 1;
  const logits = new Float64Array(classes);
  for (let c = 0; c < classes; c++) {
    let sum = weights[c * width + row.length]!;
    for (let j = 0; j < row.length; j++) sum += weights[c * width + j]! * row[j]!;
    logits[c] = sum;
  }
  return logits;
}

function addGradient(gradient: Float64Array, weights: Float64Array, row: Float64Array, target: number, share: number) {
  const width = row.length + 1;
  const classes = weights.length / width;
  const logits = score(weights, row, classes);
  const highest = Math.max(...logits);
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    logits[c] = Math.exp(logits[c]! - highest);
    sum += logits[c]!;
  }
  for (let c = 0; c < classes; c++) {
    const error = share * (logits[c]! / sum - (c === target ? 1 : 0));
    for (let j = 0; j < row.length; j++) gradient[c * width + j]! += error * row[j]!;
    gradient[c * width + row.length]! += error;
  }
}

interface AdamState {
  weights: Float64Array;
  gradient: Float64Array;
  first: Float64Array;
  second: Float64Array;
  /** From 1. */
  step: number;
  rate: number;
  decay: number;
}

function adamStep({ weights, gradient, first, second, step, rate, decay }: AdamState): void {
  const [bias1, bias2] = [1 - beta1 ** step, 1 - beta2 ** step];
  for (let i = 0; i < weights.length; i++) {
    first[i] = beta1 * first[i]! + (1 - beta1) * gradient[i]!;
    second[i] = beta2 * second[i]! + (1 - beta2) * gradient[i]! ** 2;
    const move = first[i]! / bias1 / (Math.sqrt(second[i]! / bias2) + epsilon);
    weights[i]! -= rate * (move + decay * weights[i]!);
  }
}
