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

  static async open(width: number): Promise<RidgeSolver> {
    const graph = new GraphBuilder('times');
    const matrix = graph.input('matrix', 'float32', [width, width]);
    const right = graph.input('right', 'float32', [width, 'C']);
    graph.output('product', graph.op('MatMul', [matrix, right], {}, 'product'), 'float32', [width, 'C']);
    return new RidgeSolver(await createSession(graph.toBytes(), { threads: 1 }), width);
  }

  /**
   * Conjugate gradients (Hestenes & Stiefel 1952): a step is one matrix product, and nothing is factorised. All labels and strengths are columns
   * of one product, which takes hardly longer than one of them: reading the matrix is what takes time.
   * @param strengths photos' worth of penalty
   * @returns weights of each strength
   */
  async solve(sums: RowSums, strengths: readonly number[], options: SolveOptions): Promise<Float32Array[]> {
    const classes = sums.targets.length / this.#width;
    const columns = classes * strengths.length;
    const length = meanLength(sums, this.#width);
    const penalties = Float64Array.from({ length: columns }, (_, c) => strengths[Math.floor(c / classes)]! * length);
    const residual = repeated(sums.targets, classes, strengths.length);
    const weights = new Float32Array(residual.length);
    const direction = residual.slice();
    const lengths = columnDots(residual, residual, columns);
    const enough = lengths.map((each) => options.tolerance ** 2 * each);
    for (let step = 0; step < mostSteps && lengths.some((each, c) => each > enough[c]!); step++) {
      if (options.signal?.aborted) throw new MitateError('CANCELLED', {});
      const product = await this.#times(sums, direction, columns);
      addPenalty(product, direction, penalties, columns);
      const curves = columnDots(direction, product, columns);
      const moves = lengths.map((each, c) => (curves[c]! > 0 ? each / curves[c]! : 0));
      for (let i = 0; i < weights.length; i++) {
        const move = moves[i % columns]!;
        weights[i]! += move * direction[i]!;
        residual[i]! -= move * product[i]!;
      }
      const next = columnDots(residual, residual, columns);
      const kept = next.map((each, c) => (lengths[c]! > 0 ? each / lengths[c]! : 0));
      for (let i = 0; i < direction.length; i++) direction[i] = residual[i]! + kept[i % columns]! * direction[i]!;
      lengths.set(next);
    }
    return strengths.map((_, s) => block(weights, columns, s * classes, classes));
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

/** Of all rows but the last, the intercept's. */
function addPenalty(product: Float32Array, right: Float32Array, penalties: Float64Array, columns: number): void {
  for (let i = 0; i < product.length - columns; i++) product[i]! += penalties[i % columns]! * right[i]!;
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
  for (let i = 0; i < a.length; i++) sums[i % columns]! += a[i]! * b[i]!;
  return sums;
}

/** [M, K] -> [M, K times]: side by side. */
function repeated(matrix: Float32Array, width: number, times: number): Float32Array {
  const out = new Float32Array(matrix.length * times);
  for (let i = 0; i < out.length; i++) out[i] = matrix[Math.floor(i / (width * times)) * width + (i % width)]!;
  return out;
}

/** Columns `from` to `from + width` of a matrix. */
function block(matrix: Float32Array, columns: number, from: number, width: number): Float32Array {
  const rows = matrix.length / columns;
  return Float32Array.from({ length: rows * width }, (_, i) => {
    return matrix[Math.floor(i / width) * columns + from + (i % width)]!;
  });
}
