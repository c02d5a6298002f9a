import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { servingFolder } from '../../artifacts/model/model-files.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { Logger } from '../../contracts/logger.ts';
import { MitateError, toMitateError } from '../../errors/index.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { Deadline } from '../answering/deadline.ts';
import type { Model } from './model.ts';

export interface ModelSource {
  key: string;
  name: string;
  version: number | null;
  uri: string;
}

export interface ModelCacheOptions {
  pool: InferencePool;
  memoryBudgetBytes: number;
  logger: Logger;
}

const keepUnroutedMs = 60_000;
/** Models. Without it, one new version a second would leave 60 models of 20 MB in each process. */
const keepUnrouted = 4;

/** The models in the pool: loaded once, kept while in use, the least recently used unloaded above the memory budget. */
export class ModelCache {
  #options: ModelCacheOptions;
  #models = new Map<string, Model>();
  #first = new Map<string, Promise<Model>>();

  constructor(options: ModelCacheOptions) {
    this.#options = options;
  }

  get loaded(): Model[] {
    return [...this.#models.values()].filter(({ isLoaded }) => isLoaded);
  }

  /** Loads the model into every process and checks it, unless it is loaded. @throws MODEL_*, INFERENCE_* */
  async load(source: ModelSource): Promise<Model> {
    const known = this.#models.get(source.key);
    if (!known) return this.#loadFirst(source);
    await this.use(known, null, async () => {});
    return known;
  }

  /**
   * Runs `work` with the model pinned in the pool; an unloaded model is loaded first.
   * @throws MODEL_UNAVAILABLE; REQUEST_DEADLINE_EXCEEDED when loading takes too long (it continues in the background)
   */
  async use<T>(model: Model, deadline: Deadline | null, work: () => Promise<T>): Promise<T> {
    model.users++;
    model.usedAtMs = performance.now();
    try {
      const load = () => this.#reload(model);
      if (!model.isLoaded) await (deadline ? deadline.wait(load) : load());
      return await work();
    } finally {
      model.users--;
    }
  }

  /** Unloads models without a route; the 4 last used stay for a minute, so that a rollback to them needs no load. */
  sweep(routed: ReadonlySet<Model>): void {
    const since = performance.now() - keepUnroutedMs;
    const unrouted = this.loaded.filter((model) => !routed.has(model) && model.users === 0);
    const newestFirst = unrouted.sort((a, b) => b.usedAtMs - a.usedAtMs);
    for (const model of newestFirst.filter(({ usedAtMs }, i) => i >= keepUnrouted || usedAtMs < since))
      this.#unload(model);
  }

  clear(): void {
    for (const model of this.loaded) this.#unload(model);
    this.#models.clear();
  }

  /** Two endpoints with the same new version share one load. */
  #loadFirst(source: ModelSource): Promise<Model> {
    const loading = this.#first.get(source.key) ?? this.#makeModel(source);
    this.#first.set(source.key, loading);
    return loading.finally(() => this.#first.delete(source.key));
  }

  async #makeModel({ key, name, version, uri }: ModelSource): Promise<Model> {
    const signature = await this.#options.pool.loadModel(key, uri);
    const sizeBytes = (await fileBytes(uri, signature)) * memoryPerFileByte * this.#options.pool.pids.length;
    const state = { isLoaded: true, loading: null, users: 0, usedAtMs: performance.now() };
    const model: Model = { key, name, version, uri, signature, sizeBytes, ...state };
    this.#models.set(key, model);
    this.#keepBudget(model);
    return model;
  }

  async #reload(model: Model): Promise<void> {
    model.loading ??= this.#options.pool.loadModel(model.key, model.uri).then(
      () => {
        model.isLoaded = true;
        model.loading = null;
        this.#keepBudget(model);
      },
      (cause) => {
        model.loading = null;
        throw new MitateError(
          'MODEL_UNAVAILABLE',
          { model: model.key, reason: toMitateError(cause).message },
          { cause },
        );
      },
    );
    await model.loading;
  }

  #keepBudget(newest: Model): void {
    const idle = this.loaded
      .filter((model) => model !== newest && model.users === 0)
      .sort((a, b) => a.usedAtMs - b.usedAtMs);
    let total = this.loaded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    for (const model of idle) {
      if (total <= this.#options.memoryBudgetBytes) return;
      this.#unload(model);
      total -= model.sizeBytes;
      this.#options.logger.info('model unloaded', { model: model.key, reason: 'memory budget' });
    }
  }

  #unload(model: Model): void {
    if (model.isLoaded) this.#options.pool.unloadModel(model.key);
    model.isLoaded = false;
  }
}

/** Measured in one process: a model of 1.0 MB and its explainer of 2.4 MB take 20 MB each once used. */
const memoryPerFileByte = 12;

async function fileBytes(uri: string, { files }: Signature): Promise<number> {
  const graphs = Object.keys(files).filter((file) => file.endsWith('.onnx'));
  const sizes = await Promise.all(graphs.map(async (file) => (await stat(join(uri, servingFolder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
