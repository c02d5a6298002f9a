import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { MitateError } from '../../../../errors/index.ts';
import { GraphBuilder } from '../../../../onnx/graph-builder.ts';
import { createSession } from '../../../../onnx/session.ts';
import type { RowSums } from './row-sums.ts';

const mostSteps = 400;

export interface SolveOptions {
  /** Largest length of a column's residual, as a share of its right side's. */
  tolerance: number;
  signal?: AbortSignal | undefined;
}

/** Solves ridge regressions of one size: `(products + penalty) W = targets`, [M, K]. The last row is the intercept, without penalty. */
export class RidgeSolver {
  readonly #session: InferenceSession;
  readonly #width: number;

  private constructor(session: InferenceSession, width: number) {
    this.#session = session;
    this.#width = width;
  }

  /** @param threads of one product; its bits do not depend on them */
  static async open(width: number, threads = 1): Promise<RidgeSolver> {
    const graph = new GraphBuilder('times');
    const matrix = graph.input('matrix', 'float32', [width, width]);
    const right = graph.input('right', 'float32', [width, 'C']);
    graph.output('product', graph.op('MatMul', [matrix, right], {}, 'product'), 'float32', [width, 'C']);
    return new RidgeSolver(await createSession(graph.toBytes(), { threads }), width);
  }

  /**
   * Conjugate gradients (Hestenes & Stiefel 1952) for all strengths at once: matrices that differ by a multiple of the identity share their
   * search directions (Jegerlehner 1996, multi-shift CG), so a step is one matrix product, as for the weakest penalty alone. The intercept,
   * which has no penalty, is eliminated: the embeddings are centred at their mean.
   * @param strengths photos' worth of penalty, at least one
   * @returns weights of each strength
   */
  async solve(sums: RowSums, strengths: readonly number[], options: SolveOptions): Promise<Float32Array[]> {
    const classes = sums.targets.length / this.#width;
    const length = meanLength(sums, this.#width);
    const weakest = Math.min(...strengths) * length;
    const residual = centred(sums, sums.targets);
    const direction = residual.slice();
    const lengths = columnDots(residual, residual, classes);
    const enough = lengths.map((each) => options.tolerance ** 2 * each);
    const shifts = strengths.map((strength) => new Shift(strength * length - weakest, residual, classes));
    for (let step = 0; step < mostSteps && lengths.some((each, c) => each > enough[c]!); step++) {
      if (options.signal?.aborted) throw new MitateError('CANCELLED', {});
      const product = centred(sums, await this.#times(sums, direction, classes));
      for (let i = 0; i < product.length; i++) product[i]! += weakest * direction[i]!;
      const curves = columnDots(direction, product, classes);
      const moves = lengths.map((each, c) => (curves[c]! > 0 ? each / curves[c]! : 0));
      for (const shift of shifts) shift.move(moves);
      for (let i = 0; i < residual.length; )
        for (let c = 0; c < classes; c++, i++) residual[i]! -= moves[c]! * product[i]!;
      const next = columnDots(residual, residual, classes);
      const kept = next.map((each, c) => (lengths[c]! > 0 ? each / lengths[c]! : 0));
      for (let i = 0; i < direction.length; )
        for (let c = 0; c < classes; c++, i++) direction[i] = residual[i]! + kept[c]! * direction[i]!;
      for (const shift of shifts) shift.turn(residual, kept);
      lengths.set(next);
    }
    return shifts.map(({ weights }) => withIntercept(sums, weights, classes));
  }

  /** Mean squared error of the weights on the photos of the sums, without the penalty. */
  async error(sums: RowSums, weights: Float32Array): Promise<number> {
    const product = await this.#times(sums, weights, weights.length / this.#width);
    const error = weights.reduce((sum, weight, i) => sum + weight * (product[i]! - 2 * sums.targets[i]!), sums.squares);
    return Math.max(0, error / sums.products.at(-1)!);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  async #times({ products }: RowSums, right: Float32Array, columns: number): Promise<Float32Array> {
    const { product } = await this.#session.run({
      matrix: new Tensor('float32', products, [this.#width, this.#width]),
      right: new Tensor('float32', right, [this.#width, columns]),
    });
    return product!.data as Float32Array;
  }
}

/** Mean squared length of an embedding. */
function meanLength({ products }: RowSums, width: number): number {
  let sum = 0;
  for (let d = 0; d < width - 1; d++) sum += products[d * width + d]!;
  return sum / products.at(-1)!;
}

/** Of each column: the sum of products. */
function columnDots(a: Float32Array, b: Float32Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < a.length; ) for (let c = 0; c < columns; c++, i++) sums[c]! += a[i]! * b[i]!;
  return sums;
}

/** Share of the weakest's residual below which a column no longer moves; smaller ones become too small for float32. */
const done = 1e-8;

/** A system whose matrix is that of the weakest penalty plus `shift` times the identity. Its residual is that of the weakest times `share`. */
class Shift {
  readonly weights: Float32Array;
  readonly #shift: number;
  readonly #direction: Float32Array;
  readonly #classes: number;
  /** Per column. A share of 0: the column is done. */
  readonly #share: Float64Array;
  readonly #before: Float64Array;
  readonly #moved: Float64Array;
  readonly #kept: Float64Array;

  constructor(shift: number, right: Float32Array, classes: number) {
    this.#shift = shift;
    this.weights = new Float32Array(right.length);
    this.#direction = right.slice();
    this.#classes = classes;
    this.#share = new Float64Array(classes).fill(1);
    this.#before = new Float64Array(classes).fill(1);
    this.#moved = new Float64Array(classes).fill(1);
    this.#kept = new Float64Array(classes);
  }

  /** @param moves along the direction of the weakest, per column */
  move(moves: Float64Array): void {
    const [share, before, moved, kept] = [this.#share, this.#before, this.#moved, this.#kept];
    const own = moves.map((move, c) => {
      const stay = before[c]! * moved[c]! * (1 + this.#shift * move);
      const next = (share[c]! * before[c]! * moved[c]!) / (move * kept[c]! * (before[c]! - share[c]!) + stay) || 0;
      const step = share[c]! > 0 ? (move * next) / share[c]! : 0;
      before[c] = share[c]!;
      share[c] = next;
      return step;
    });
    moved.set(moves);
    const [weights, direction, classes] = [this.weights, this.#direction, this.#classes];
    for (let i = 0; i < weights.length; ) for (let c = 0; c < classes; c++, i++) weights[i]! += own[c]! * direction[i]!;
  }

  /** @param kept of the weakest's direction, per column */
  turn(residual: Float32Array, kept: Float64Array): void {
    const [share, before] = [this.#share, this.#before];
    const own = kept.map((each, c) => (before[c]! > 0 ? each * (share[c]! / before[c]!) ** 2 : 0));
    this.#kept.set(kept);
    const [direction, classes] = [this.#direction, this.#classes];
    for (let i = 0; i < direction.length; )
      for (let c = 0; c < classes; c++, i++) direction[i] = share[c]! * residual[i]! + own[c]! * direction[i]!;
    for (let c = 0; c < classes; c++) if (share[c]! < done) share[c] = 0;
  }
}

/** [M, C] as if the mean of the embeddings had been taken from each: the last row, that of the intercept, is 0 then. */
function centred({ products }: RowSums, given: Float32Array): Float32Array {
  const width = Math.sqrt(products.length);
  const columns = given.length / width;
  const sums = products.subarray(-width);
  const ofOne = given.subarray(-columns);
  const rows = given.slice();
  for (let d = 0, i = 0; d < width - 1; d++) {
    const mean = sums[d]! / sums[width - 1]!;
    for (let c = 0; c < columns; c++, i++) rows[i]! -= mean * ofOne[c]!;
  }
  return rows.fill(0, -columns);
}

/** Fills the last row: the mean of the predictions is that of the targets. */
function withIntercept({ products, targets }: RowSums, weights: Float32Array, classes: number): Float32Array {
  const width = Math.sqrt(products.length);
  const sums = products.subarray(-width);
  const left = Float64Array.from(targets.subarray(-classes));
  for (let d = 0, i = 0; d < width - 1; d++) for (let c = 0; c < classes; c++, i++) left[c]! -= sums[d]! * weights[i]!;
  weights.set(
    left.map((each) => each / sums[width - 1]!),
    weights.length - classes,
  );
  return weights;
}
