import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { HeadWeights } from '../../contracts/head.ts';
import type { HeadConfig } from '../../contracts/head-config.ts';
import { Random } from '../../math/stats/random.ts';
import { adamScalars } from '../../onnx/gradients/adamw.ts';
import { createSession } from '../../onnx/session.ts';
import type { Batch } from './batches.ts';
import { dropoutMask, droppedShare } from './dropout.ts';
import type { Standardiser } from './embedding-source.ts';
import { foldMembers } from './fold-members.ts';
import { type Parameter, trainingGraph } from './training-graph.ts';

type Tensors = Record<string, Tensor>;

/** The training graph with its weights and running sums, which go out of one run and into the next. */
export class TrainingStep {
  readonly #session: InferenceSession;
  readonly #parameters: Parameter[];
  readonly #config: HeadConfig;
  readonly #masks: Random;
  #state: Tensors;

  private constructor(session: InferenceSession, parameters: Parameter[], config: HeadConfig, seed: number | string) {
    this.#session = session;
    this.#parameters = parameters;
    this.#config = config;
    this.#masks = new Random(`${seed}:dropout`);
    this.#state = startState(parameters, new Random(`${seed}:weights`));
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

  /** @param step from 1 @returns the batch's loss before the step, nats, mean over the members */
  async run(batch: Batch, step: number, learningRate: number): Promise<number> {
    const feeds = { ...this.#state, ...this.#batchFeeds(batch), ...this.#scalarFeeds(step, learningRate) };
    const { loss, ...next } = (await this.#session.run(feeds)) as Tensors;
    this.#state = Object.fromEntries(Object.entries(next).map(([name, value]) => [name.slice('next.'.length), value]));
    return (loss.data as Float32Array)[0] / this.#config.members;
  }

  /** The weights as they are now, members folded into one head. */
  head(size: number, classes: number): HeadWeights {
    const values = this.#parameters.map(({ name }) => this.#state[name].data as Float32Array);
    return foldMembers(values, size, classes, this.#config.members);
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
    const { inputDropout, dropout, hidden, members, kind } = this.#config;
    this.#addMask(feeds, 'inputMask', rows, batch.x.length / rows, inputDropout);
    for (let member = 0; kind === 'mlp' && member < members; member++) {
      this.#addMask(feeds, `hiddenMask${member}`, rows, hidden, dropout);
    }
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

/** Weights: normal, of the parameter's own deviation. Biases and running sums: 0. */
function startState(parameters: readonly Parameter[], random: Random): Tensors {
  const state: Tensors = {};
  for (const { name, shape, deviation } of parameters) {
    const length = shape.reduce((product, size) => product * size, 1);
    const zeros = () => new Tensor('float32', new Float32Array(length), shape);
    const weight = Float32Array.from({ length }, () => (deviation > 0 ? deviation * random.normal() : 0));
    state[name] = new Tensor('float32', weight, shape);
    state[`${name}.first`] = zeros();
    state[`${name}.second`] = zeros();
  }
  return state;
}
