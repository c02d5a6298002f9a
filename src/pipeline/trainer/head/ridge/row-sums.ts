import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { EmbeddingSource, Standardiser } from '../../../../artifacts/transform-graph/embedding-source.ts';
import { MitateError } from '../../../../errors/index.ts';
import { GraphBuilder } from '../../../../onnx/graph-builder.ts';
import { createSession } from '../../../../onnx/session.ts';
import { sourceRows } from '../../source-rows.ts';

/** Rows per run: 512 rows of 4,608 numbers are 9 MB, and the sums are copied once a run. */
const chunkRows = 512;

/** All that a least-squares fit needs to know of some photos, whatever their number. M = D + 1: standardised embeddings, then a 1. */
export interface RowSums {
  /** Sum of x x', [M, M]. */
  products: Float32Array;
  /** Sum of x y', [M, K]. */
  targets: Float32Array;
  /** Sum of |y|^2. */
  squares: number;
  photos: number;
}

export interface SummedPhotos {
  /** Photo numbers of the source. */
  photos: ArrayLike<number>;
  /** Class of each. */
  targets: ArrayLike<number>;
  /** Of each class, >= 0. */
  weights: Float32Array;
  /** Each view of a photo counts as much as the others, and all together as one photo. */
  views: readonly number[];
  /** y is this for the photo's class, else 0. */
  height: number;
}

/** Adds up photos in chunks, so that memory does not grow with them: the graph takes the sums so far and returns the next. */
export class RowSummer {
  readonly #session: InferenceSession;
  readonly #classes: number;
  readonly #width: number;
  #spare: RowSums;

  private constructor(session: InferenceSession, width: number, classes: number) {
    this.#session = session;
    this.#width = width;
    this.#classes = classes;
    this.#spare = this.#zeros();
  }

  /** @param threads of one product; its bits do not depend on them */
  static async open(standardiser: Standardiser, classes: number, threads = 1): Promise<RowSummer> {
    const session = await createSession(sumGraph(standardiser, classes), { threads });
    return new RowSummer(session, standardiser.mean.length + 1, classes);
  }

  /** @throws TRAINING_EMBEDDING_INVALID, CANCELLED */
  async sum(source: EmbeddingSource, summed: SummedPhotos, signal?: AbortSignal): Promise<RowSums> {
    const { photos, targets, views } = summed;
    const atOnce = Math.max(1, Math.floor(chunkRows / views.length));
    let sums = this.#zeros();
    for (let start = 0; start < photos.length; start += atOnce) {
      if (signal?.aborted) throw new MitateError('CANCELLED', {});
      const some = Array.prototype.slice.call(photos, start, start + atOnce) as number[];
      const known = Array.prototype.slice.call(targets, start, start + atOnce) as number[];
      const next = await this.#add(sums, source, { ...summed, photos: some, targets: known });
      this.#spare = sums;
      sums = next;
    }
    return sums;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  async #add(sums: RowSums, source: EmbeddingSource, { photos, targets, weights, views, height }: SummedPhotos) {
    const rows = sourceRows(photos, source.views, views);
    const x = new Float32Array(rows.length * source.size);
    source.read(rows, x);
    const broken = x.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0) {
      const row = photos[Math.floor(broken / source.size / views.length)]!;
      throw new MitateError('TRAINING_EMBEDDING_INVALID', { row, epoch: 1, step: 1 });
    }
    const y = new Float32Array(rows.length * this.#classes);
    const roots = new Float32Array(rows.length);
    let squares = sums.squares;
    rows.forEach((_, i) => {
      const target = targets[Math.floor(i / views.length)]!;
      const weight = weights[target]! / views.length;
      roots[i] = Math.sqrt(weight);
      y[i * this.#classes + target] = height * roots[i]!;
      squares += weight * height * height;
    });
    const next = { ...this.#spare, squares, photos: sums.photos + photos.length };
    const matrix = (data: Float32Array) => new Tensor('float32', data, [rows.length, data.length / rows.length]);
    const feeds = { x: matrix(x), y: matrix(y), root: matrix(roots), ...this.#tensors(sums) };
    const { products, targets: right } = this.#tensors(next);
    await this.#session.run(feeds, { 'next.products': products, 'next.targets': right });
    return next;
  }

  #tensors({ products, targets }: RowSums) {
    return {
      products: new Tensor('float32', products, [this.#width, this.#width]),
      targets: new Tensor('float32', targets, [this.#width, this.#classes]),
    };
  }

  #zeros(): RowSums {
    const [width, classes] = [this.#width, this.#classes];
    return {
      products: new Float32Array(width * width),
      targets: new Float32Array(width * classes),
      squares: 0,
      photos: 0,
    };
  }
}

/** `x [N, D], y [N, K], root [N, 1], products [M, M], targets [M, K] -> next.products, next.targets`; y comes weighted, x does not. */
function sumGraph({ mean, scale }: Standardiser, classes: number): Uint8Array {
  const graph = new GraphBuilder('row-sums');
  const size = mean.length;
  const x = graph.input('x', 'float32', ['N', size]);
  const y = graph.input('y', 'float32', ['N', classes]);
  const root = graph.input('root', 'float32', ['N', 1]);
  const products = graph.input('products', 'float32', [size + 1, size + 1]);
  const targets = graph.input('targets', 'float32', [size + 1, classes]);
  const standard = graph.op('Div', [graph.op('Sub', [x, graph.constant(mean)]), graph.constant(scale)]);
  const rows = graph.op('Concat', [graph.op('Mul', [standard, root]), root], { axis: 1 });
  const add = (right: typeof x, sum: typeof x, name: string, shape: number[]) =>
    graph.output(name, graph.op('Gemm', [rows, right, sum], { transA: 1 }, name), 'float32', shape);
  add(rows, products, 'next.products', [size + 1, size + 1]);
  add(y, targets, 'next.targets', [size + 1, classes]);
  return graph.toBytes();
}

/** The photos of all sums. */
export function addedSums([first, ...others]: readonly [RowSums, ...RowSums[]]): RowSums {
  const sum = { ...first, products: first.products.slice(), targets: first.targets.slice() };
  for (const other of others) combine(sum, other, 1);
  return sum;
}

/** The photos of `all` without those of `part`. */
export function withoutPart(all: RowSums, part: RowSums): RowSums {
  const rest = { ...all, products: all.products.slice(), targets: all.targets.slice() };
  combine(rest, part, -1);
  return rest;
}

function combine(into: RowSums, other: RowSums, sign: 1 | -1): void {
  for (let i = 0; i < into.products.length; i++) into.products[i]! += sign * other.products[i]!;
  for (let i = 0; i < into.targets.length; i++) into.targets[i]! += sign * other.targets[i]!;
  into.squares += sign * other.squares;
  into.photos += sign * other.photos;
}
