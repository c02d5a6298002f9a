import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { digestOf } from '../../codecs/digest.ts';
import type { Evaluation, IntervalJson } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { GoldenPhoto } from '../../contracts/loop/golden.ts';
import { positiveLabels } from '../../contracts/task.ts';
import { MitateError } from '../../errors/index.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { differenceOf } from './difference-of.ts';
import { compare, measure, unmeasured } from './measure.ts';
import { taskMetrics } from './metric-sets.ts';
import { answersOf, type CachedModel } from './predict-split.ts';

export interface GoldenInput {
  photos: readonly GoldenPhoto[];
  fileOf(photo: GoldenPhoto): string;
  /** Of all splits. */
  examples: readonly Example[];
  /** Accuracy on the test split. */
  test: IntervalJson;
  pool: InferencePool;
  signature: Signature;
  baseline: Signature | null;
  /** The model, then the baseline if there is one. */
  models: readonly CachedModel[];
  resamples: number;
  seed: number;
  signal: AbortSignal;
}

type GoldenSet = Evaluation['golden'][number];

/** The task's metrics on each golden set that has photos with labels of the model, and the baseline's on the same photos. */
export async function evaluateGolden(input: GoldenInput): Promise<GoldenSet[]> {
  const found: GoldenSet[] = [];
  const isTrained = trainedOn(input.examples);
  for (const [set, photos] of Map.groupBy(input.photos, (photo) => photo.set)) {
    const known = photos.filter(({ label }) => labelFor(label, input.signature) !== null);
    const present = known.filter((photo) => existsSync(input.fileOf(photo)));
    const unseen = present.filter((photo) => !isTrained(photo));
    if (present.length === 0) continue;
    const counts = { unknown: photos.length - known.length, missing: known.length - present.length };
    const trained = present.length - unseen.length;
    found.push({ set, photos: unseen.length, ...counts, trained, ...(await measureSet(unseen, input)) });
  }
  return found.sort((a, b) => (a.set < b.set ? -1 : 1));
}

/** Whether the model saw a photo, or one with the same perceptual hash, in training: added to a golden set after ExampleGen left those out. */
function trainedOn(examples: readonly Example[]): (photo: GoldenPhoto) => boolean {
  const seen = examples.filter(({ split }) => split !== 'test');
  const [digests, hashes] = [new Set(seen.map(({ sha256 }) => sha256)), new Set(seen.map(({ phash }) => phash))];
  return ({ sha256, phash }) => digests.has(sha256) || hashes.has(phash);
}

async function measureSet(photos: readonly GoldenPhoto[], input: GoldenInput) {
  const { signature, baseline, models, resamples, seed } = input;
  const digest = digestOf(photos.map(({ sha256, label }) => [sha256, label]).sort());
  if (photos.length === 0) return { digest, metrics: unmeasured(), baseline: null };
  const [probabilities = [], others = []] = await Promise.all(models.map((model) => predictAll(model, photos, input)));
  const examples = photos.map(({ label, sha256 }) => ({
    label: labelFor(label, signature)!,
    filename: sha256,
  })) as unknown as Example[];
  const options = { seed, resamples, groups: photos.map((_, i) => i) };
  const ofModel = taskMetrics(answersOf(Float64Array.from(probabilities), signature, examples, signature.labels));
  const ofBaseline =
    baseline && taskMetrics(answersOf(Float64Array.from(others), baseline, examples, signature.labels));
  const metrics = measure(ofModel, options);
  return {
    digest,
    metrics,
    fromTest: differenceOf(metrics.accuracy, input.test),
    baseline: ofBaseline && compare(ofModel, ofBaseline, options),
  };
}

/**
 * The model's label for a golden photo's label; null = the model has none. A question may be answered with its positive or negative name: any label of
 * that side is returned, since only the question is measured.
 */
export function labelFor(label: string, { labels, task }: Pick<Signature, 'labels' | 'task'>): string | null {
  if (labels.includes(label)) return label;
  const isPositive = positiveLabels(task, labels);
  if (isPositive === null || task.kind !== 'question' || (label !== task.positive && label !== task.negative))
    return null;
  return labels.find((_, k) => isPositive[k] === (label === task.positive)) ?? null;
}

/** Probabilities [photos, labels], photo by photo. */
async function predictAll(
  { name, cache }: CachedModel,
  photos: readonly GoldenPhoto[],
  input: GoldenInput,
): Promise<number[]> {
  const all: number[] = [];
  for (const photo of photos) {
    if (input.signal.aborted) throw new MitateError('CANCELLED', {});
    const key = { sha256: photo.sha256, view: 'plain' };
    let probabilities = await cache.get(key);
    if (!probabilities) {
      const bytes = await readFile(input.fileOf(photo));
      ({ probabilities } = await input.pool.predict(name, bytes, { subject: photo.sha256, signal: input.signal }));
      await cache.put(key, probabilities);
    }
    all.push(...probabilities);
  }
  return all;
}
