import { createWriteStream, existsSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { readImages } from '../../src/artifacts/examples/read-examples.ts';
import { answer, answerLabels, answerOfLabel } from '../../src/artifacts/model/answer.ts';
import { readSignature } from '../../src/artifacts/model/model-files.ts';
import { projectionOf, readReferenceObservations } from '../../src/artifacts/model/read-reference-observations.ts';
import type { Signature } from '../../src/contracts/artifacts/signature.ts';
import type { PhotoBehaviour } from '../../src/contracts/loop/behaviour.ts';
import type { Observation } from '../../src/contracts/loop/monitor.ts';
import { scoreOf } from '../../src/contracts/prediction.ts';
import type { QualityHint } from '../../src/contracts/request-record.ts';
import { attentionOf } from '../../src/inference/explain/attention.ts';
import { InferencePool } from '../../src/inference/inference-pool.ts';
import { mapOrdered } from '../../src/inference/map-ordered.ts';
import { exampleGen, trainer, transform } from '../../src/orchestrator/components.ts';
import { definePipeline } from '../../src/orchestrator/define/define-pipeline.ts';
import { question } from '../../src/orchestrator/define/question.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { BenchContext } from '../figure.ts';

/** Answers between these are called uncertain. */
export const abstain = { low: 0.1, high: 0.9 };

/** A photo as an inference process saw it. */
export interface SeenPhoto {
  id: string;
  /** Class. */
  label: string;
  /** [K]. */
  probabilities: number[];
  /** Base64 of float16. */
  projection: string;
  properties: Record<string, number>;
  quality: QualityHint[];
  outOfDistributionScore: number | null;
  attention: { border: number; entropy: number } | null;
}

/** A model, and as many photos again that it never saw: half of plantvillage is its test split. */
export interface World {
  /** Healthy or unwell. */
  model: { uri: string; signature: Signature };
  /** The same head, asked for the label. */
  labelModel: { uri: string; signature: Signature };
  examplesUri: string;
  transformUri: string;
  reference: Observation[];
  /** Photos of the test split, each with its heat map's attention. */
  unseen: SeenPhoto[];
  /** Photos through the model, kept in the workspace under the name. */
  see(name: string, photos: () => AsyncIterable<Photo>, withAttention?: boolean): Promise<SeenPhoto[]>;
  /** JPEG bytes of the test split, in order. */
  photos(): AsyncIterable<Photo>;
}

export interface Photo {
  id: string;
  label: string;
  bytes: Uint8Array;
}

const unwell = question('unwell', { negative: /(?<![a-z])healthy(?![a-z])/i, otherwise: 'healthy' });

/** Trained and embedded once; `--workspace` keeps it for the next time. */
export async function openWorld({ data, scratch, options, log }: BenchContext): Promise<World> {
  const workspace = join(options.workspace ?? scratch, 'statistics');
  const pipeline = definePipeline('statistics', {}, () => {
    const { examples } = exampleGen({
      source: join(data!, 'plantvillage'),
      groupBy: 'near-duplicate',
      splits: { train: 4, eval: 1, test: 5 },
    });
    const { transformGraph } = transform({ examples, backbone: 'mobilenet-v2' });
    trainer({ examples, transformGraph, task: unwell });
    trainer({ examples, transformGraph }, { name: 'labels' });
  });
  await using store = await openStore({ workspace });
  const run = await runPipeline(pipeline, { store, workspace, processes: 2, seed: 1 });
  if (run.state !== 'succeeded') throw new Error(JSON.stringify(run.error));
  log(`model trained in ${run.seconds.toFixed(0)} s`);
  const uri = (step: string, key: string) => run.steps.find((each) => each.name === step)!.artifacts[key]!.uri;
  const opened = async (modelUri: string) => ({ uri: modelUri, signature: await readSignature(modelUri) });
  const model = await opened(uri('trainer', 'model'));
  const examplesUri = uri('example-gen', 'examples');
  const photos = () => testPhotos(examplesUri);
  const see: World['see'] = (name, from, withAttention = false) =>
    cached(join(workspace, `${name}.jsonl`), log, () => seen(model.uri, from(), withAttention));
  return {
    model,
    labelModel: await opened(uri('labels', 'model')),
    examplesUri,
    transformUri: uri('transform', 'transformGraph'),
    reference: await readReferenceObservations(model.uri, { abstain }),
    unseen: await see('unseen', photos, true),
    see,
    photos,
  };
}

/** The photo as a row of the request log. */
export function observed(photo: SeenPhoto, signature: Signature): Observation {
  const given = answer(photo.probabilities, signature);
  const { outOfDistributionScore } = photo;
  return {
    id: photo.id,
    atMs: 1,
    status: 200,
    label: given.label,
    score: scoreOf(given),
    probabilities: answerLabels(signature).map((name) => given.probabilities[name]!),
    uncertain: scoreOf(given) >= abstain.low && scoreOf(given) <= abstain.high,
    quality: photo.quality,
    outOfDistribution: (outOfDistributionScore ?? 0) > 1,
    outOfDistributionScore,
    properties: photo.properties,
    projection: projectionOf(photo.projection),
    attention: photo.attention,
    latencyMs: 20,
    attributes: {},
    truth: { label: answerOfLabel(photo.label, signature), weight: 1 },
  };
}

/** Field photos of another plant: up to 120 of each of three labels. */
export async function* beans(data: string): AsyncGenerator<Photo> {
  const root = join(data, 'beans');
  for (const label of (await readdir(root)).sort())
    for (const name of (await readdir(join(root, label))).sort().slice(0, 120))
      yield { id: `${label}/${name}`, label, bytes: await readFile(join(root, label, name)) };
}

async function* testPhotos(examplesUri: string): AsyncGenerator<Photo> {
  for await (const { example, image } of readImages(examplesUri, 'test'))
    yield { id: example.sha256, label: example.label, bytes: image };
}

async function* seen(
  modelUri: string,
  photos: AsyncIterable<Photo>,
  withAttention: boolean,
): AsyncGenerator<SeenPhoto> {
  await using pool = await InferencePool.open({ processes: 2 });
  await pool.loadModel('model', modelUri);
  yield* mapOrdered(photos, 8, async ({ id, label, bytes }) => {
    const served = await pool.serve('model', bytes);
    const { probabilities } = served;
    const attention = withAttention ? attentionOf(await pool.explain('model', bytes, { probabilities })) : null;
    return {
      id,
      label,
      probabilities: [...probabilities],
      projection: Buffer.from(served.projection).toString('base64'),
      properties: { ...served.properties },
      quality: served.quality,
      outOfDistributionScore: served.outOfDistribution?.score ?? null,
      attention,
    };
  });
}

async function cached(
  path: string,
  log: (text: string) => void,
  make: () => AsyncIterable<SeenPhoto>,
): Promise<SeenPhoto[]> {
  if (!existsSync(path)) {
    const started = performance.now();
    const file = createWriteStream(`${path}.part`);
    for await (const photo of make()) file.write(`${JSON.stringify(photo)}\n`);
    await new Promise((resolve) => file.end(resolve));
    await rename(`${path}.part`, path);
    log(`photos seen in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as SeenPhoto);
}

/** What a user did who rejected the answer, in a session of its own. */
export const overridden = (session: string): PhotoBehaviour => ({
  ...{ session, seen: true, decision: 'override', decisionMs: null, values: [], outcome: null },
});
