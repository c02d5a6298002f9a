import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { MitateError } from '../../../../errors/index.ts';
import { GraphBuilder } from '../../../../onnx/graph-builder.ts';
import { createSession } from '../../../../onnx/session.ts';
import type { RowSums } from './row-sums.ts';

const mostSteps = 400;
/** Of the right side's length: predictions are then equal to three digits. */
const tolerance = 1e-4;

/** Solves ridge regressions of one size: `(products + penalty) W = targets`, [M, K]. The last row is the intercept, without penalty. */
export class RidgeSolver {
  readonly #session: InferenceSession;
  readonly #width: number;
  readonly #classes: number;

  private constructor(session: InferenceSession, width: number, classes: number) {
    this.#session = session;
    this.#width = width;
    this.#classes = classes;
  }

  static async open(width: number, classes: number): Promise<RidgeSolver> {
    const graph = new GraphBuilder('times');
    const matrix = graph.input('matrix', 'float32', [width, width]);
    const right = graph.input('right', 'float32', [width, classes]);
    graph.output('product', graph.op('MatMul', [matrix, right], {}, 'product'), 'float32', [width, classes]);
    return new RidgeSolver(await createSession(graph.toBytes(), { threads: 1 }), width, classes);
  }

  /**
   * Conjugate gradients (Hestenes & Stiefel 1952), all labels at once: a step is one matrix product, and nothing is factorised.
   * @param strength photos' worth of penalty
   * @param start of a like problem: fewer steps
   */
  async solve(sums: RowSums, strength: number, start?: Float32Array, signal?: AbortSignal): Promise<Float32Array> {
    const [width, classes] = [this.#width, this.#classes];
    const penalty = strength * meanLength(sums, width);
    const weights = start?.slice() ?? new Float32Array(width * classes);
    const residual = await this.#residual(sums, penalty, weights);
    const direction = residual.slice();
    const lengths = columnDots(residual, residual, classes);
    const enough = columnDots(sums.targets, sums.targets, classes).map((length) => tolerance ** 2 * length);
    for (let step = 0; step < mostSteps && lengths.some((length, k) => length > enough[k]!); step++) {
      if (signal?.aborted) throw new MitateError('CANCELLED', {});
      const product = await this.#times(sums, penalty, direction);
      const curves = columnDots(direction, product, classes);
      const moves = lengths.map((length, k) => (curves[k]! > 0 ? length / curves[k]! : 0));
      for (let i = 0; i < weights.length; i++) {
        const move = moves[i % classes]!;
        weights[i]! += move * direction[i]!;
        residual[i]! -= move * product[i]!;
      }
      const next = columnDots(residual, residual, classes);
      const kept = next.map((length, k) => (lengths[k]! > 0 ? length / lengths[k]! : 0));
      for (let i = 0; i < direction.length; i++) direction[i] = residual[i]! + kept[i % classes]! * direction[i]!;
      lengths.set(next);
    }
    return weights;
  }

  /** Mean squared error of the weights on the photos of the sums, without the penalty. */
  async error({ products, targets, squares, ...rest }: RowSums, weights: Float32Array): Promise<number> {
    const product = await this.#times({ products, targets, squares, ...rest }, 0, weights);
    let error = squares;
    for (let i = 0; i < weights.length; i++) error += weights[i]! * (product[i]! - 2 * targets[i]!);
    return Math.max(0, error / products.at(-1)!);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  async #residual(sums: RowSums, penalty: number, weights: Float32Array): Promise<Float32Array> {
    const product = await this.#times(sums, penalty, weights);
    return sums.targets.map((target, i) => target - product[i]!);
  }

  async #times({ products }: RowSums, penalty: number, right: Float32Array): Promise<Float32Array> {
    const [width, classes] = [this.#width, this.#classes];
    const { product } = await this.#session.run({
      matrix: new Tensor('float32', products, [width, width]),
      right: new Tensor('float32', right, [width, classes]),
    });
    const out = product!.data as Float32Array;
    for (let i = 0; i < (width - 1) * classes; i++) out[i]! += penalty * right[i]!;
    return out;
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
  for (let i = 0; i < a.length; i++) sums[i % columns]! += a[i]! * b[i]!;
  return sums;
}
