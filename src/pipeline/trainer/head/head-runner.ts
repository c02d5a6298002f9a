import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { EmbeddingSource, Standardiser } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { HeadWeights } from '../../../contracts/artifacts/head.ts';
import { GraphBuilder } from '../../../onnx/graph-builder.ts';
import { createSession } from '../../../onnx/session.ts';

/** Rows per run: 256 rows of 2,304 numbers are 2.4 MB. */
const chunkRows = 256;

/** Computes the logits of heads of one shape; the weights are inputs, so one session serves every epoch. */
export class HeadRunner {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** @param layers 1 or 2 */
  static async open(standardiser: Standardiser, layers: number): Promise<HeadRunner> {
    return new HeadRunner(await createSession(forwardGraph(standardiser, layers), { threads: 1 }));
  }

  /** @param rows row numbers of the source (photo * views + view) @returns logits [rows.length, K] */
  async logits(head: HeadWeights, source: EmbeddingSource, rows: ArrayLike<number>): Promise<Float32Array> {
    const classes = head.layers.at(-1)!.outputs;
    const out = new Float32Array(rows.length * classes);
    const weights = weightFeeds(head);
    for (let start = 0; start < rows.length; start += chunkRows) {
      const chunk = Array.prototype.slice.call(rows, start, start + chunkRows) as number[];
      const x = new Float32Array(chunk.length * source.size);
      source.read(chunk, x);
      const { logits } = await this.#session.run({
        ...weights,
        x: new Tensor('float32', x, [chunk.length, source.size]),
      });
      out.set(logits!.data as Float32Array, start * classes);
    }
    return out;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}

/** Logits of a head. @param rows row numbers of the source (photo * views + view) @returns [rows.length, K] */
export async function headLogits(
  head: HeadWeights,
  standardiser: Standardiser,
  source: EmbeddingSource,
  rows: ArrayLike<number>,
): Promise<Float32Array> {
  const runner = await HeadRunner.open(standardiser, head.layers.length);
  try {
    return await runner.logits(head, source, rows);
  } finally {
    await runner.close();
  }
}

function forwardGraph({ mean, scale }: Standardiser, layers: number): Uint8Array {
  const graph = new GraphBuilder('head');
  const x = graph.input('x', 'float32', ['N', mean.length]);
  const centred = graph.op('Sub', [x, graph.constant(mean, [mean.length])]);
  let value = graph.op('Div', [centred, graph.constant(scale, [mean.length])]);
  for (let layer = 1; layer <= layers; layer++) {
    if (layer > 1) value = graph.op('Relu', [value]);
    const weight = graph.input(`w${layer}`, 'float32', [layer === 1 ? mean.length : 'H', layer === layers ? 'K' : 'H']);
    value = graph.op('Gemm', [value, weight, graph.input(`b${layer}`, 'float32', [layer === layers ? 'K' : 'H'])]);
  }
  graph.output('logits', value, 'float32', ['N', 'K']);
  return graph.toBytes();
}

function weightFeeds(head: HeadWeights): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  head.layers.forEach(({ weight, bias, inputs, outputs }, i) => {
    feeds[`w${i + 1}`] = new Tensor('float32', weight, [inputs, outputs]);
    feeds[`b${i + 1}`] = new Tensor('float32', bias, [outputs]);
  });
  return feeds;
}
