import { readIndex } from '../../artifacts/examples/read-examples.ts';
import { readSignature } from '../../artifacts/model/model-files.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { Logger } from '../../contracts/logger.ts';
import { openAnswers } from '../../inference/embeddings/answer-cache.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import type { Answers } from './answers.ts';
import { answersOf, predictSplit } from './predict-split.ts';

export interface EvaluatedModel {
  model: { uri: string; digest: string };
  /** Folder of the Examples artifact whose test split it was evaluated on. */
  examplesUri: string;
}

export interface CompareOptions {
  cacheDir: string;
  processes: number;
  logger: Logger;
  signal: AbortSignal;
}

export interface LeftOut {
  inOneOnly: number;
  relabelled: number;
  unknownLabel: number;
}

export type CommonAnswers =
  | { why: null; examples: Example[]; leftOut: LeftOut; reference: Answers; other: Answers }
  | { why: 'other-task' | 'no-common-photos'; leftOut: LeftOut };

const nothing: LeftOut = { inOneOnly: 0, relabelled: 0, unknownLabel: 0 };

/**
 * Answers of two models to the photos that are in the test splits of both, under the same label: neither was trained on them. The Evaluator keeps
 * its predictions; only missing ones are made again.
 */
export async function commonAnswers(
  reference: EvaluatedModel,
  other: EvaluatedModel,
  options: CompareOptions,
): Promise<CommonAnswers> {
  const both = [reference, other] as const;
  const [ours, theirs] = await Promise.all(both.map(({ model }) => readSignature(model.uri)));
  if (!ours || !theirs || JSON.stringify(ours.task) !== JSON.stringify(theirs.task))
    return { why: 'other-task', leftOut: nothing };
  const there = new Map((await readIndex(other.examplesUri, 'test')).map(({ sha256, label }) => [sha256, label]));
  const here = await readIndex(reference.examplesUri, 'test');
  const common = here.filter(({ sha256 }) => there.has(sha256));
  const alike = common.filter(({ sha256, label }) => there.get(sha256) === label);
  const examples = alike.filter(({ label }) => ours.labels.includes(label) && theirs.labels.includes(label));
  const leftOut = {
    inOneOnly: here.length + there.size - 2 * common.length,
    relabelled: common.length - alike.length,
    unknownLabel: alike.length - examples.length,
  };
  if (examples.length === 0) return { why: 'no-common-photos', leftOut };
  const all = both.map(({ model }, i) => ({ ...model, labels: [ours, theirs][i]!.labels.length }));
  // two runs may have the same model
  const models = [...new Map(all.map((model) => [model.digest, model])).values()];
  const probabilities = await predicted(reference.examplesUri, models, examples, options);
  const labels = [...new Set([...ours.labels, ...theirs.labels])].sort();
  const [before, after] = [ours, theirs].map((signature, i) =>
    answersOf(probabilities[i] ?? probabilities[0]!, signature, examples, labels),
  );
  return { why: null, examples, leftOut, reference: before!, other: after! };
}

/** Answers of one model to its own test split, photos with labels that it lacks left out. */
export async function answersOfModel(
  { model, examplesUri }: EvaluatedModel,
  options: CompareOptions,
): Promise<{ examples: Example[]; answers: Answers }> {
  const signature = await readSignature(model.uri);
  const examples = (await readIndex(examplesUri, 'test')).filter(({ label }) => signature.labels.includes(label));
  const models = [{ ...model, labels: signature.labels.length }];
  const [probabilities] = await predicted(examplesUri, models, examples, options);
  return { examples, answers: answersOf(probabilities!, signature, examples, signature.labels) };
}

/** Probabilities [N, K] of each model, from the cache where they are there. */
async function predicted(
  examplesUri: string,
  models: readonly { uri: string; digest: string; labels: number }[],
  examples: readonly Example[],
  { cacheDir, processes, logger, signal }: CompareOptions,
): Promise<Float64Array[]> {
  await using opened = new AsyncDisposableStack();
  const named: { name: string; cache: Awaited<ReturnType<typeof openAnswers>> }[] = [];
  for (const [i, { digest, labels }] of models.entries())
    named.push({ name: `model-${i}`, cache: opened.use(await openAnswers(cacheDir, digest, labels)) });
  let pool: Promise<InferencePool> | undefined;
  const loaded = async () => {
    const started = opened.use(await InferencePool.open({ processes, logger }));
    for (const [i, { uri }] of models.entries()) await started.loadModel(`model-${i}`, uri);
    return started;
  };
  const wanted = new Set(examples.map(({ sha256 }) => sha256));
  return await predictSplit(examplesUri, 'test', {
    pool: {
      predict: async (...asked) => {
        pool ??= loaded();
        return await (await pool).predict(...asked);
      },
    },
    models: named,
    inFlight: 3 * processes,
    wanted: ({ sha256 }) => wanted.has(sha256),
    signal,
  });
}
