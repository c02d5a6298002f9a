import { readModelFile, readSignature } from '../artifacts/model/model-files.ts';
import { readServedModel } from '../artifacts/model/read-served-model.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { composeEmbedder } from '../backbones/compose.ts';
import type { Preprocess, Signature, View } from '../contracts/artifacts/signature.ts';
import type { Logger } from '../contracts/logger.ts';
import { MitateError } from '../errors/index.ts';
import type { PhotoChange } from '../vision/alter/photo-change.ts';
import { classMask } from './explain/class-mask.ts';
import type { DrawnMap, OverlayOptions } from './explain/overlay.ts';
import { LazyGraph } from './lazy-graph.ts';
import type { ModelAnswer, PoolAnswer, PoolState, RequestOptions, ServeOptions } from './pool-answer.ts';
import type { OverlayJob, RunJob } from './processes/messages.ts';
import { Supervisor } from './processes/supervisor.ts';

export interface PoolOptions {
  /** Child processes, one ONNX Runtime thread each. */
  processes: number;
  logger?: Logger | undefined;
  /** A process that takes longer for a photo hangs and is replaced. Milliseconds. Default 30,000. */
  deadlineMs?: number;
  /** Nice value of the processes, 0..19. Default 0. */
  nice?: number;
}
/** For a server: it has the CPU before its inference processes, and a process without an answer for 10 s hangs. */
export const servingPool = { nice: 5, deadlineMs: 10_000 } as const;

export interface ExplainOptions extends RequestOptions {
  /** Default: a question's positive labels, else the likeliest label. */
  classIndex?: number;
  /** [K], of `predict` or `serve` for this photo, to save a second inference. */
  probabilities?: Float32Array;
}
export interface Explanation extends DrawnMap {
  /** |sum(map) - gain| / max(|gain|, 1), gain = log-odds(photo) - log-odds(average training photo). */
  completenessError: number;
  /** [K], as `predict` gives. */
  probabilities: Float32Array;
}

/** A caller's graph in every process. */
export interface PooledGraph {
  /** Per view, the fetched float32 outputs, flat. @throws IMAGE_*, INFERENCE_*, MODEL_ANSWERED_NAN */
  run(image: Uint8Array, views: View[], fetches: string[], options?: RequestOptions): Promise<Float32Array[][]>;
  /** Photos already sent are still answered. */
  unload(): void;
}

interface LoadedModel {
  key: string;
  signature: Signature;
  /** Undefined for a model without one. */
  explainer: LazyGraph | undefined;
}

/**
 * A pool of inference processes. Decoding and models run in the processes, never in this one. A process that crashes or hangs is replaced;
 * its photos are retried once.
 */
export class InferencePool implements AsyncDisposable {
  #supervisor: Supervisor;
  #models = new Map<string, LoadedModel>();
  #embedder: PooledGraph | undefined;
  #loads = 0;

  private constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
  }

  /** @throws INFERENCE_PROCESS_FAILED_TO_START */
  static async open({ processes, logger, deadlineMs = 30_000, nice = 0 }: PoolOptions): Promise<InferencePool> {
    const supervisor = new Supervisor({ processes, deadlineMs, nice, logger });
    await supervisor.start();
    return new InferencePool(supervisor);
  }

  /** Process ids, for memory figures. */
  get pids(): number[] {
    return this.#supervisor.pids;
  }

  get state(): PoolState {
    return this.#supervisor.state;
  }

  /** Any graph that takes `pixels uint8 [N, H, W, 3]`. @throws MODEL_LOAD_FAILED */
  async loadGraph(name: string, bytes: Uint8Array, preprocess: Preprocess): Promise<PooledGraph> {
    const key = this.#key(name);
    await this.#supervisor.load({ key, name, bytes, preprocess });
    return {
      run: (image, views, fetches, options = {}) => this.#run(key, image, views, fetches, {}, options),
      unload: () => this.#supervisor.unload(key),
    };
  }

  /** Makes `embed` use this backbone. */
  async loadEmbedder(backbone: Backbone): Promise<void> {
    const embedder = await this.loadGraph(backbone.name, composeEmbedder(backbone), backbone.preprocess);
    this.#embedder?.unload();
    this.#embedder = embedder;
  }

  /** The photo's embedding in each view, [D] each, not standardised. @throws IMAGE_*, INFERENCE_*, MODEL_ANSWERED_NAN */
  async embed(image: Uint8Array, views: View[], options: RequestOptions = {}): Promise<Float32Array[]> {
    if (!this.#embedder) throw new MitateError('MODEL_NOT_LOADED', { name: 'embedder', loaded: this.#names() });
    const answers = await this.#embedder.run(image, views, ['embedding'], options);
    return answers.flat();
  }

  /**
   * Loads `Format-Serving/` of a Model artifact into every process, each file read once and its digest checked. Resolves once each process's
   * answers to the warm-up requests match training; until then a loaded model of that name keeps answering.
   * @throws MODEL_FILE_MISSING, MODEL_SIGNATURE_INVALID, MODEL_DIGEST_MISMATCH, MODEL_LOAD_FAILED, MODEL_WARMUP_DIFFERS,
   *   MODEL_ANSWERED_NAN, MODEL_ANSWER_SHAPE
   */
  async loadModel(name: string, modelUri: string): Promise<Signature> {
    const signature = await readSignature(modelUri);
    const key = this.#key(name);
    const served = await readServedModel(modelUri, signature);
    const { preprocess } = signature;
    const bytes = await readModelFile(modelUri, signature, 'model.onnx');
    const explainer = 'explain.onnx' in signature.files && (await readModelFile(modelUri, signature, 'explain.onnx'));
    await this.#supervisor.load({ key, name, bytes, preprocess, served });
    this.unloadModel(name);
    const lazy =
      explainer && new LazyGraph(this.#supervisor, { key: `${key}/explain`, name, bytes: explainer, preprocess });
    this.#models.set(name, { key, signature, explainer: lazy || undefined });
    return signature;
  }

  /** Photos already sent are still answered. */
  unloadModel(name: string): void {
    const model = this.#models.get(name);
    this.#models.delete(name);
    if (model) this.#supervisor.unload(model.key);
    model?.explainer?.unload();
  }

  /** @throws MODEL_NOT_LOADED, MODEL_ANSWERED_NAN, MODEL_ANSWER_SHAPE, IMAGE_*, INFERENCE_* */
  async predict(name: string, image: Uint8Array, options: RequestOptions = {}): Promise<ModelAnswer> {
    return this.#predict(name, this.#model(name), image, options);
  }

  /** Probabilities [K] of the photo changed in each way; null where a change cannot be done. @throws as `predict` */
  async predictChanged(
    name: string,
    image: Uint8Array,
    changes: readonly PhotoChange[],
    options: RequestOptions = {},
  ): Promise<(Float32Array | null)[]> {
    const { key, signature } = this.#model(name);
    const job: RunJob = { kind: 'run', graph: key, image, views: [], changes, feeds: {}, fetches: ['probabilities'] };
    const answers = await this.#supervisor.run(job, options);
    return answers.map(([answer]) => (answer ? sized(name, 'probabilities', answer, signature.labels.length) : null));
  }

  /**
   * All numbers that serving logs of a photo, computed in the process; costs this one 0.2 ms.
   * @throws MODEL_NOT_LOADED, MODEL_ANSWERED_NAN, MODEL_ANSWER_SHAPE, IMAGE_*, INFERENCE_*, CANCELLED
   */
  async serve(name: string, image: Uint8Array, options: ServeOptions = {}): Promise<PoolAnswer> {
    const start = performance.now();
    const { key } = this.#model(name);
    const job = { kind: 'serve', graph: key, image, embedding: options.embedding ?? false } as const;
    const numbers = await this.#supervisor.run(job, options);
    return { ...numbers, queueMs: performance.now() - start - numbers.inferenceMs };
  }

  /** Heat map of the answer. @throws MODEL_NOT_EXPLAINABLE, MODEL_CLASS_UNKNOWN, and as `predict` */
  async explain(name: string, image: Uint8Array, options: ExplainOptions = {}): Promise<Explanation> {
    const model = this.#model(name);
    const { explainer, signature } = model;
    if (!explainer) throw new MitateError('MODEL_NOT_EXPLAINABLE', { name });
    return explainer.use(async (graph) => {
      const probabilities = options.probabilities ?? (await this.#predict(name, model, image, options)).probabilities;
      const positive = classMask(name, signature, probabilities, options.classIndex);
      const fetches = ['map', 'map_size', 'completeness_error'] as const;
      const [map, size, error] = await this.#fetch(graph, image, fetches, { positive }, options);
      const [height = 0, width = 0] = size;
      const [completenessError = Number.NaN] = error;
      const { fit } = signature.preprocess;
      return { map, height, width, fit, completenessError, probabilities };
    });
  }

  /** The heat map of `explain` over its photo, drawn in a process: PNG bytes. @throws MODEL_NOT_LOADED, IMAGE_*, INFERENCE_* */
  overlay(
    name: string,
    image: Uint8Array,
    { map, height, width, fit }: DrawnMap,
    { signal, subject, deadlineMs, ...options }: OverlayOptions & RequestOptions = {},
  ): Promise<Uint8Array> {
    const explanation = { map, height, width, fit };
    const job: OverlayJob = { kind: 'overlay', graph: this.#model(name).key, image, explanation, options };
    return this.#supervisor.run(job, { signal, deadlineMs, ...(subject !== undefined && { subject }) });
  }

  /** A smaller upright JPEG, made while nothing else is queued. @param size longest side, pixels; never enlarged @throws IMAGE_*, INFERENCE_*, CANCELLED */
  thumbnail(image: Uint8Array, size: number, options: Omit<RequestOptions, 'background'> = {}): Promise<Uint8Array> {
    return this.#supervisor.run({ kind: 'thumbnail', image, size }, { ...options, background: true });
  }

  /** Ends the processes after their open photos. */
  async close(): Promise<void> {
    await this.#supervisor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #key(name: string): string {
    return `${name}#${this.#loads++}`;
  }

  #names(): string {
    return [...this.#models.keys()].join(', ') || 'none';
  }

  #model(name: string): LoadedModel {
    const model = this.#models.get(name);
    if (!model) throw new MitateError('MODEL_NOT_LOADED', { name, loaded: this.#names() });
    return model;
  }

  async #predict(
    name: string,
    { key, signature }: LoadedModel,
    image: Uint8Array,
    options: RequestOptions,
  ): Promise<ModelAnswer> {
    const fetches = ['probabilities', 'logits', 'embedding'] as const;
    const [probabilities, logits, embedding] = await this.#fetch(key, image, fetches, {}, options);
    const classes = signature.labels.length;
    return {
      probabilities: sized(name, 'probabilities', probabilities, classes),
      logits: sized(name, 'logits', logits, classes),
      embedding: sized(name, 'embedding', embedding, signature.embeddingSize),
    };
  }

  /** Outputs of the plain view. */
  async #fetch<const F extends readonly string[]>(
    graph: string,
    image: Uint8Array,
    fetches: F,
    feeds: Record<string, Float32Array>,
    options: RequestOptions,
  ): Promise<{ [K in keyof F]: Float32Array }> {
    const [outputs] = await this.#run(graph, image, ['plain'], [...fetches], feeds, options);
    return outputs as { [K in keyof F]: Float32Array };
  }

  #run(
    graph: string,
    image: Uint8Array,
    views: View[],
    fetches: string[],
    feeds: Record<string, Float32Array>,
    options: RequestOptions,
  ): Promise<Float32Array[][]> {
    return this.#supervisor.run({ kind: 'run', graph, image, views, feeds, fetches }, options);
  }
}

function sized(name: string, output: string, values: Float32Array, expected: number): Float32Array {
  if (values.length === expected) return values;
  throw new MitateError('MODEL_ANSWER_SHAPE', { name, output, expected, actual: values.length });
}
