import type { Backbone } from '../../../backbones/backbone.ts';
import { composeEmbedder } from '../../../backbones/compose.ts';
import { quantisable, quantisedBackbone } from '../../../backbones/quantise-backbone.ts';
import type { Parity, Precision } from '../../../contracts/artifacts/precision.ts';
import type { View } from '../../../contracts/artifacts/signature.ts';
import type { Logger } from '../../../contracts/logger.ts';
import { isMitateError, MitateError } from '../../../errors/index.ts';
import { InferencePool, type PooledGraph } from '../../../inference/inference-pool.ts';
import type { WeightBits } from '../../../onnx/quantise/quantise.ts';
import type { Calibration } from '../calibration/calibrate.ts';
import type { EvalMetrics } from '../eval-metrics.ts';
import type { TrainingData, TrainingPhotos } from '../training-data.ts';
import { correctedByTraining, measureRanges, plainOf } from './from-train-photos.ts';
import { measureParity, parityLoss } from './parity.ts';
import { ReplacedRows } from './replaced-rows.ts';
import { runOnPhotos } from './run-on-photos.ts';

/** 7 bits first: their predictions are the same on processors without VNNI. */
const weightBits: readonly WeightBits[] = [7, 8];
/** Of `quantisable`: what a graph may lack. */
const unsupported: ReadonlySet<string> = new Set(['MODEL_NOT_QUANTISABLE', 'MODEL_UNSUPPORTED', 'ONNX_REFUSED']);

/** What a head predicts from the embeddings of a backbone. */
export interface Answering {
  calibration: Calibration;
  /** Of the eval split, [photos, K], 0..1. */
  answers: Float64Array;
  metrics: EvalMetrics | null;
}

export interface ExportOptions {
  asked: 'float32' | 'int8' | 'auto' | undefined;
  examplesUri: string;
  /** Of training. */
  backbone: Backbone;
  data: TrainingData;
  /** Averaged. */
  views: View[];
  float32: Answering;
  /** With the embeddings of another backbone. */
  answering: (data: TrainingData) => Promise<Answering>;
  /** Of each label of a question; null for a multi-class task. */
  positive: boolean[] | null;
  /** Indexes in the train split of photos that new photos are compared with. */
  reference: ReadonlySet<number>;
  seed: number | string;
  processes: number;
  logger: Logger;
  signal: AbortSignal;
}

/** The backbone that is served, and all that compares or calibrates by its embeddings. */
export interface Exported extends Answering, Disposable {
  backbone: Backbone;
  /** Embeddings by this backbone: of the eval photos and of the reference. */
  data: TrainingData;
  precision: Precision | undefined;
}

/**
 * Float32, or int8 where its predictions for eval photos stay near enough.
 * @throws TRAINING_INT8_REFUSED, MODEL_NOT_QUANTISABLE, MODEL_UNSUPPORTED when int8 is asked for and cannot be served; CANCELLED, and as `runOnPhotos`
 */
export async function chooseExport(options: ExportOptions): Promise<Exported> {
  const { asked, data } = options;
  if (asked === undefined || asked === 'float32') return inFloat32(options);
  if (data.eval.photos.length === 0) return refused(options, 'there are no eval photos to measure its parity on', null);
  const source = await quantisable(options.backbone).catch((error: unknown) => {
    if (asked === 'auto' && isMitateError(error) && unsupported.has(error.code)) return error.message;
    throw error;
  });
  if (typeof source === 'string') return refused(options, source, null);
  await using pool = await InferencePool.open({ processes: options.processes, logger: options.logger });
  const ranges = await measureRanges(source, pool, options);
  let last: { loss: string; parity: Parity } | undefined;
  for (const bits of weightBits) {
    const backbone = await correctedByTraining(quantisedBackbone(source, ranges, bits), pool, options);
    const tried = await tryInt8(backbone, pool, options);
    if (tried.loss === null) {
      const precision = { served: 'int8', reason: null, weightBits: bits, parity: tried.parity } as const;
      return { ...tried.exported, precision };
    }
    last = { loss: tried.loss, parity: tried.parity };
  }
  return refused(options, last!.loss, last!.parity);
}

function inFloat32({ float32, backbone, data }: ExportOptions, precision?: Precision): Exported {
  return { ...float32, backbone, data, precision, [Symbol.dispose]: () => {} };
}

function refused(options: ExportOptions, reason: string, parity: Parity | null): Exported {
  if (options.asked === 'int8') throw new MitateError('TRAINING_INT8_REFUSED', { reason });
  options.logger.warn(`The model is served in float32, not int8: ${reason}`);
  return inFloat32(options, { served: 'float32', reason, weightBits: null, parity });
}

type Tried = { parity: Parity } & ({ loss: string } | { loss: null; exported: Omit<Exported, 'precision'> });

async function tryInt8(backbone: Backbone, pool: InferencePool, options: ExportOptions): Promise<Tried> {
  const { data, views, float32, positive, reference } = options;
  const graph = await pool.loadGraph('int8', composeEmbedder(backbone), backbone.preprocess);
  const rows = await ReplacedRows.open(data.source);
  const discard = () => rows[Symbol.dispose]();
  try {
    const evalViews: View[] = [...new Set<View>([plainOf(data), ...views])];
    await replaceRows(rows, data.eval, evalViews, graph, options);
    const served = { ...data, source: rows };
    const answered = await options.answering(served);
    const { targets } = data.eval;
    const parity = measureParity({ float32: float32.answers, int8: answered.answers, targets, positive });
    const loss = parityLoss(parity);
    if (loss !== null) {
      discard();
      return { parity, loss };
    }
    await replaceRows(rows, only(data.train, reference), [plainOf(data)], graph, options);
    return { parity, loss: null, exported: { ...answered, backbone, data: served, [Symbol.dispose]: discard } };
  } catch (error) {
    discard();
    throw error;
  } finally {
    graph.unload();
  }
}

function only({ examples, photos, targets }: TrainingPhotos, kept: ReadonlySet<number>): TrainingPhotos {
  const isKept = (_: unknown, i: number) => kept.has(i);
  return { examples: examples.filter(isKept), photos: photos.filter(isKept), targets: targets.filter(isKept) };
}

async function replaceRows(
  rows: ReplacedRows,
  { examples, photos }: TrainingPhotos,
  views: View[],
  graph: PooledGraph,
  { examplesUri, data, processes, signal }: ExportOptions,
): Promise<void> {
  const [first] = examples;
  if (!first) return;
  const numbers = new Map(examples.map(({ sha256 }, i) => [sha256, photos[i]!]));
  const wanted = new Set(numbers.keys());
  const of = { examplesUri, split: first.split, photos: wanted, graph, views, output: 'embedding', processes, signal };
  for await (const { example, vectors } of runOnPhotos(of)) {
    const start = numbers.get(example.sha256)! * rows.views;
    for (const [v, view] of views.entries()) rows.replace(start + data.transform.views.indexOf(view), vectors[v]!);
  }
}
