import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Standardiser } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import { Random } from '../../../math/stats/random.ts';
import { adamScalars } from '../../../onnx/gradients/adamw.ts';
import { createSession } from '../../../onnx/session.ts';
import type { Batch } from './batches.ts';
import { dropoutMask, droppedShare } from './dropout.ts';
import { type Parameter, trainingGraph } from './training-graph.ts';

type Tensors = Record<string, Tensor>;

/**
 * The training graph with its weights and running sums, which are the output of one run and the input of the next. Two sets of buffers are swapped, so
 * that a step allocates none of its 3.5 MB.
 */
export class TrainingStep {
  readonly #session: InferenceSession;
  readonly #parameters: Parameter[];
  readonly #config: HeadConfig;
  readonly #masks: Random;
  #state: Tensors;
  #next: Tensors;

  private constructor(session: InferenceSession, parameters: Parameter[], config: HeadConfig, seed: number | string) {
    this.#session = session;
    this.#parameters = parameters;
    this.#config = config;
    this.#masks = new Random(`${seed}:dropout`);
    this.#state = startState(parameters, new Random(`${seed}:weights`));
    this.#next = startState(parameters);
  }

  static async open(
    classes: number,
    config: HeadConfig,
    standardiser: Standardiser,
    seed: number | string,
  ): Promise<TrainingStep> {
    const { bytes, parameters } = trainingGraph(classes, config, standardiser);
    return new TrainingStep(await createSession(bytes, { threads: 1 }), parameters, config, seed);
  }

  /** @param step from 1 @returns the batch's loss before the step, nats */
  async run(batch: Batch, step: number, learningRate: number): Promise<number> {
    const feeds = { ...this.#state, ...this.#batchFeeds(batch), ...this.#scalarFeeds(step, learningRate) };
    const into = Object.entries(this.#next).map(([name, tensor]) => [`next.${name}`, tensor]);
    const { loss } = await this.#session.run(feeds, { loss: null, ...Object.fromEntries(into) });
    [this.#state, this.#next] = [this.#next, this.#state];
    return (loss!.data as Float32Array)[0]!;
  }

  /** A copy of the parameters as they are now. */
  values(): Float32Array[] {
    return this.#parameters.map(({ name }) => (this.#state[name]!.data as Float32Array).slice());
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  #batchFeeds(batch: Batch): Tensors {
    const rows = batch.photos.length;
    const matrix = (data: Float32Array) => new Tensor('float32', data, [rows, data.length / rows]);
    const feeds: Tensors = { x: matrix(batch.x), targets: matrix(batch.targets) };
    if (batch.mixRows && batch.mixShare) {
      feeds.mixRows = new Tensor('int64', batch.mixRows, [rows]);
      feeds.mixShare = matrix(batch.mixShare);
    }
    const { inputDropout, dropout, hidden, kind } = this.#config;
    this.#addMask(feeds, 'inputMask', rows, batch.x.length / rows, inputDropout);
    if (kind === 'mlp') this.#addMask(feeds, 'hiddenMask', rows, hidden, dropout);
    return feeds;
  }

  #addMask(feeds: Tensors, name: string, rows: number, width: number, share: number): void {
    if (droppedShare(share) === 0) return;
    feeds[name] = new Tensor('uint8', dropoutMask(this.#masks, rows * width, share), [rows, width]);
  }

  #scalarFeeds(step: number, learningRate: number): Tensors {
    const scalars = adamScalars(step, learningRate, this.#config.weightDecay);
    return Object.fromEntries(
      Object.entries(scalars).map(([name, value]) => [name, new Tensor('float32', Float32Array.of(value), [])]),
    );
  }
}

/** Weights are normal with the parameter's deviation; biases, running sums, and all without `random`, are 0. */
function startState(parameters: readonly Parameter[], random?: Random): Tensors {
  const state: Tensors = {};
  for (const { name, shape, deviation } of parameters) {
    const length = shape.reduce((product, size) => product * size, 1);
    const zeros = () => new Tensor('float32', new Float32Array(length), shape);
    const weight = new Float32Array(length);
    for (let i = 0; random && deviation > 0 && i < length; i++) weight[i] = deviation * random.normal();
    state[name] = new Tensor('float32', weight, shape);
    state[`${name}.first`] = zeros();
    state[`${name}.second`] = zeros();
  }
  return state;
}
