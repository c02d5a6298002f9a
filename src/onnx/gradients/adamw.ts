import type { GraphBuilder, Value } from '../graph-builder.ts';

/** One parameter with its two running sums, each of the parameter's shape; sums start at 0. */
export interface AdamState {
  parameter: Value;
  /** M = b1 M + g. */
  first: Value;
  /** V = b2 V + g^2. */
  second: Value;
}

/** Scalars of one step, from `adamScalars`. */
export interface AdamScalars {
  rate: Value;
  epsilon: Value;
  keep: Value;
}

/** Names of the next step's values. A graph output under another name would be a copy: 5 % of a step. */
export type AdamNames = Record<keyof AdamState, string>;

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * AdamW (Loshchilov & Hutter 2019): decoupled weight decay, bias correction. The factors (1 - b1) and (1 - b2) are moved from the
 * running sums into the scalars, which saves two passes over the weights in thirteen.
 */
export function adamW(
  builder: GraphBuilder,
  state: AdamState,
  gradient: Value,
  scalars: AdamScalars,
  names: AdamNames,
): AdamState {
  const first = builder.op('Add', [builder.op('Mul', [state.first, builder.scalar(beta1)]), gradient], {}, names.first);
  const squared = builder.op('Mul', [gradient, gradient]);
  const second = builder.op(
    'Add',
    [builder.op('Mul', [state.second, builder.scalar(beta2)]), squared],
    {},
    names.second,
  );
  const spread = builder.op('Add', [builder.op('Sqrt', [second]), scalars.epsilon]);
  const move = builder.op('Mul', [builder.op('Div', [first, spread]), scalars.rate]);
  const parameter = builder.op('Sub', [builder.op('Mul', [state.parameter, scalars.keep]), move], {}, names.parameter);
  return { parameter, first, second };
}

/** The scalars of step `step` (from 1). `keep` is the factor of weight decay. */
export function adamScalars(step: number, learningRate: number, weightDecay: number) {
  const first = (1 - beta1) / (1 - beta1 ** step);
  const second = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
  return { rate: (learningRate * first) / second, epsilon: epsilon / second, keep: 1 - learningRate * weightDecay };
}
