import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import { cholesky, solveCholesky } from '../../../math/stats/cholesky.ts';
import { Random } from '../../../math/stats/random.ts';
import { Multiplier, transpose } from './multiplier.ts';
import { UnitRows } from './unit-rows.ts';

/** Photos that all others are compared with. 1,000 of 2,632 find as much as all of them (recall 0.94, both lists 1.5 times as long). */
const mostLandmarks = 1_000;
/** Regularisation for label noise; 0.03 to 0.3 give about the same ranking. */
const ridge = 0.1;
/** Keeps similar landmarks from making the matrix singular. */
const jitter = 1e-3;
/** Larger groups are left out photo by photo, since the matrix grows with the group. */
const largestGroup = 400;
const chunkRows = 512;

export interface LeftOut {
  source: EmbeddingSource;
  /** Label index of each photo. */
  targets: Int32Array;
  classes: number;
  /** Group index of each photo. */
  groups: ArrayLike<number>;
  seed: number;
  signal: AbortSignal;
}

/**
 * Predicts each photo's label from all photos outside its group: kernel ridge regression of the labels (Gaussian kernel of unit embeddings with their
 * median distance as width, Nystroem with landmarks), with each group left out in closed form: y - (I - H_gg)^-1 (y - f)_g.
 * @returns [photos, classes], near 1 for the label
 */
export async function leftOutScores(options: LeftOut): Promise<Float64Array> {
  const { source, targets, classes, groups, signal } = options;
  const rows = new UnitRows(source);
  const order = Array.from(targets, (_, i) => i).sort((a, b) => groups[a]! - groups[b]! || a - b);
  const landmarks = new Random(options.seed)
    .shuffle([...order])
    .slice(0, mostLandmarks)
    .sort((a, b) => a - b);
  const single = await Multiplier.open('float32');
  const double = await Multiplier.open('float64');
  try {
    const kernel = await Kernel.open(rows, landmarks, single);
    const chunks = chunksOf(order, groups);
    const size = kernel.width;
    const system = await ridgeOf(kernel, landmarks);
    const right = new Float64Array(size * classes);
    for (const photos of chunks) {
      signal.throwIfAborted();
      const phi = await kernel.features(photos);
      const across = transpose(phi, photos.length, size);
      const gram = await double.product(across, phi, [size, photos.length, size]);
      for (let i = 0; i < gram.length; i++) system[i]! += gram[i]!;
      for (const [row, photo] of photos.entries())
        for (let j = 0; j < size; j++) right[j * classes + targets[photo]!]! += phi[row * size + j]!;
    }
    const inverse = inverseOf(cholesky(system, size), size);
    const halved = await double.product(inverse, right, [size, size, classes]);
    const back = transpose(inverse, size, size);
    const scores = new Float64Array(targets.length * classes);
    for (const photos of chunks) {
      signal.throwIfAborted();
      const whitened = await double.product(await kernel.features(photos), back, [photos.length, size, size]);
      const fitted = await double.product(whitened, halved, [photos.length, size, classes]);
      for (const [from, to] of runs(photos, groups))
        leaveOut({ from, to, photos, whitened, fitted, size, targets, classes, scores });
    }
    return scores;
  } finally {
    await Promise.all([single.release(), double.release()]);
  }
}

/** Features of a photo: its similarity to each landmark, and 1. */
class Kernel {
  readonly width: number;
  readonly #rows: UnitRows;
  readonly #across: Float32Array;
  readonly #multiplier: Multiplier<Float32Array>;
  #median = 1;

  private constructor(rows: UnitRows, landmarks: readonly number[], multiplier: Multiplier<Float32Array>) {
    this.#rows = rows;
    this.#multiplier = multiplier;
    this.width = landmarks.length + 1;
    this.#across = transpose(rows.read(landmarks), landmarks.length, rows.size);
  }

  static async open(
    rows: UnitRows,
    landmarks: readonly number[],
    multiplier: Multiplier<Float32Array>,
  ): Promise<Kernel> {
    const kernel = new Kernel(rows, landmarks, multiplier);
    const sample = await kernel.#distances(landmarks.slice(0, chunkRows));
    kernel.#median = sample.sort()[sample.length >> 1]! || 1;
    return kernel;
  }

  /** [photos, width] */
  async features(photos: readonly number[]): Promise<Float64Array> {
    const distances = await this.#distances(photos);
    const out = new Float64Array(photos.length * this.width).fill(1);
    const landmarks = this.width - 1;
    for (let i = 0; i < photos.length; i++)
      for (let j = 0; j < landmarks; j++)
        out[i * this.width + j] = Math.exp(-distances[i * landmarks + j]! / this.#median);
    return out;
  }

  /** 1 - cosine. */
  async #distances(photos: readonly number[]): Promise<Float32Array> {
    const shape = [photos.length, this.#rows.size, this.width - 1] as const;
    const cosines = await this.#multiplier.product(this.#rows.read(photos), this.#across, shape);
    return cosines.map((cosine) => 1 - cosine);
  }
}

/** ridge * K of the landmarks, and jitter on the diagonal. [width, width] */
async function ridgeOf(kernel: Kernel, landmarks: readonly number[]): Promise<Float64Array> {
  const { width } = kernel;
  const similarity = await kernel.features(landmarks);
  const system = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; i < width - 1 && j < width - 1; j++) system[i * width + j] = ridge * similarity[i * width + j]!;
    system[i * width + i]! += jitter;
  }
  return system;
}

function inverseOf(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const pivot = lower[i * size + i]!;
    inverse[i * size + i] = 1 / pivot;
    for (let k = 0; k < i; k++) {
      const factor = lower[i * size + k]! / pivot;
      for (let j = 0; j <= k; j++) inverse[i * size + j]! -= factor * inverse[k * size + j]!;
    }
  }
  return inverse;
}

/** Photos in chunks that end where a group ends. */
function chunksOf(order: readonly number[], groups: ArrayLike<number>): number[][] {
  const chunks: number[][] = [];
  let chunk: number[] = [];
  for (const [i, photo] of order.entries()) {
    chunk.push(photo);
    const ends = groups[order[i + 1]!] !== groups[photo];
    if (chunk.length >= chunkRows && (ends || chunk.length >= chunkRows + largestGroup)) {
      chunks.push(chunk);
      chunk = [];
    }
  }
  return chunk.length > 0 ? [...chunks, chunk] : chunks;
}

/** Start and end of each group in the chunk; of each photo for a large group. */
function* runs(photos: readonly number[], groups: ArrayLike<number>): Generator<[from: number, to: number]> {
  for (let from = 0, to = 0; from < photos.length; from = to) {
    while (to < photos.length && groups[photos[to]!] === groups[photos[from]!]) to++;
    if (to - from <= largestGroup) yield [from, to];
    else for (let one = from; one < to; one++) yield [one, one + 1];
  }
}

interface Block {
  from: number;
  to: number;
  photos: readonly number[];
  /** [photos, size]: H = W W^T. */
  whitened: Float64Array;
  fitted: Float64Array;
  size: number;
  targets: Int32Array;
  classes: number;
  scores: Float64Array;
}

function leaveOut({ from, to, photos, whitened, fitted, size, targets, classes, scores }: Block): void {
  const members = to - from;
  const matrix = new Float64Array(members * members);
  for (let a = 0; a < members; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += whitened[(from + a) * size + j]! * whitened[(from + b) * size + j]!;
      matrix[a * members + b] = (a === b ? 1 + 1e-9 : 0) - sum;
    }
  const lower = cholesky(matrix, members);
  for (let k = 0; k < classes; k++) {
    const isLabel = (a: number) => (targets[photos[from + a]!] === k ? 1 : 0);
    const residual = Float64Array.from({ length: members }, (_, a) => isLabel(a) - fitted[(from + a) * classes + k]!);
    solveCholesky(lower, members, residual);
    for (let a = 0; a < members; a++) scores[photos[from + a]! * classes + k] = isLabel(a) - residual[a]!;
  }
}
