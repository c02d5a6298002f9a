import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReferenceObservation } from '../../src/contracts/artifacts/reference-observation.ts';
import { referenceObservationsFile } from '../../src/contracts/artifacts/reference-observation.ts';
import type { RequestRecord } from '../../src/contracts/request-record.ts';
import { toFloat16 } from '../../src/math/stats/float16.ts';
import { Random } from '../../src/math/stats/random.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { registerModel } from './register-model.ts';
import { requestRecord } from './request-record.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { unaudited } from './unaudited.ts';

/** How drawn answers lie: the share that is unwell, and how far embeddings and brightness moved. */
export interface World {
  unwell: number;
  shift: number;
}

export const usual: World = { unwell: 0.6, shift: 0 };

/** An endpoint `leaf` that a model with a reference serves; requests are written into its log, no model runs. */
export class WatchedEndpoint implements AsyncDisposable {
  readonly store: OpenStore;
  readonly #folder: ScratchFolder;
  #segment = 0;

  private constructor(store: OpenStore, folder: ScratchFolder) {
    this.store = store;
    this.#folder = folder;
  }

  static async open({ now, references }: { references?: number; now?: () => Date } = {}): Promise<WatchedEndpoint> {
    const folder = new ScratchFolder();
    const store = await openStore({ workspace: folder.at('workspace'), ...(now && { now }) });
    return await WatchedEndpoint.in(store, folder, references);
  }

  /** In a store that is open. */
  static async in(store: OpenStore, folder = new ScratchFolder(), references?: number): Promise<WatchedEndpoint> {
    const watched = new WatchedEndpoint(store, folder);
    await watched.#deploy(references);
    return watched;
  }

  /** The same database as another project: opening one takes a second. */
  async another(references?: number): Promise<WatchedEndpoint> {
    const name = `project-${randomUUID().slice(0, 8)}`;
    await unaudited(this.store).access.createProject({ name, description: '' });
    return await WatchedEndpoint.in(this.store.forProject(name), new ScratchFolder(), references);
  }

  /** Folder of the model, which has no graph; a test that asks for its signature writes one. */
  get modelUri(): string {
    return this.#folder.at('model');
  }

  async #deploy(references = 400): Promise<void> {
    const uri = this.modelUri;
    mkdirSync(uri);
    const random = new Random('reference');
    const rows = Array.from({ length: references }, (_, i) => JSON.stringify(referenceRow(i, random)));
    if (references > 0) writeFileSync(join(uri, referenceObservationsFile), `${rows.join('\n')}\n`);
    await registerModel(this.store, { name: 'leaf-health', uri, endpoint: 'leaf' });
  }

  /** Spread evenly over the time; answers of a world. */
  async log(
    count: number,
    { from, to, world = usual, seed = 'log', change = () => ({}) }: Drawn,
  ): Promise<RequestRecord[]> {
    const random = new Random(seed);
    const step = (to.getTime() - from.getTime()) / count;
    const records = Array.from({ length: count }, (_, i) =>
      requestRecord({
        project: this.store.project,
        modelVersion: 1,
        loggingTime: new Date(from.getTime() + i * step).toISOString(),
        ...answer(random, world),
        ...change(i),
      }),
    );
    const lines = records.map((record) => JSON.stringify({ ...record, imageKept: false }));
    for (let at = 0; at < lines.length; at += 1_000)
      await this.store.requests.ingest('test', lines.slice(at, at + 1_000), { segment: ++this.#segment, offset: 0 });
    return records;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}

interface Drawn {
  from: Date;
  to: Date;
  world?: World;
  seed?: string;
  change?: (i: number) => Partial<RequestRecord>;
}

function answer(random: Random, { unwell, shift }: World) {
  const isUnwell = random.float() < unwell;
  const score = isUnwell ? 0.75 + 0.25 * random.float() : 0.25 * random.float();
  const projection = Float32Array.from({ length: 64 }, () => random.normal() + shift);
  return {
    label: isUnwell ? 'unwell' : 'healthy',
    probability: isUnwell ? score : 1 - score,
    positiveProbability: score,
    threshold: 0.5,
    probabilities: [1 - score, score],
    properties: {
      brightness: 0.5 + 0.1 * (random.normal() + shift),
      contrast: 0.2,
      sharpness: 0.3,
      red: 0.4,
      green: 0.5,
      blue: 0.3,
    },
    quality: [],
    outOfDistributionScore: random.float(),
    projection: base64(projection),
  };
}

function referenceRow(i: number, random: Random): ReferenceObservation {
  // one answer in twenty is wrong
  const isWrong = random.float() < 0.05;
  const { label, positiveProbability, probabilities, properties, quality, outOfDistributionScore, projection } = answer(
    random,
    usual,
  );
  return {
    id: i.toString(16).padStart(64, '0'),
    attributes: {},
    properties,
    quality,
    projection,
    attention: null,
    answer: {
      label,
      score: positiveProbability,
      probabilities,
      truth: isWrong ? other(label) : label,
      outOfDistributionScore,
    },
  };
}

export const other = (label: string): string => (label === 'unwell' ? 'healthy' : 'unwell');

function base64(projection: Float32Array): string {
  return Buffer.from(Uint16Array.from(projection, (value) => toFloat16(value)).buffer).toString('base64');
}
