import { readIndex } from '../../artifacts/examples/read-examples.ts';
import { readSignature } from '../../artifacts/model/model-files.ts';
import type { PairedDifference } from '../../contracts/api/run-comparison.ts';
import type { Logger } from '../../contracts/logger.ts';
import { openAnswers } from '../../inference/embeddings/answer-cache.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { groupIndexes } from '../../math/stats/group-indexes.ts';
import { compare } from './measure.ts';
import { taskMetrics } from './metric-sets.ts';
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

const resamples = 1000;
const seed = 20;

/**
 * Difference of two models' metrics, other - reference, on the photos that are in the test splits of both: neither was trained on them. Paired by
 * photo, with bootstrap intervals over groups. The Evaluator keeps its predictions; only missing ones are made again.
 */
export async function compareModels(
  reference: EvaluatedModel,
  other: EvaluatedModel,
  { cacheDir, processes, logger, signal }: CompareOptions,
): Promise<Omit<PairedDifference, 'run'>> {
  const both = [reference, other] as const;
  const [ours, theirs] = await Promise.all(both.map(({ model }) => readSignature(model.uri)));
  if (!ours || !theirs || JSON.stringify(ours.task) !== JSON.stringify(theirs.task)) return none('other-task');
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
  if (examples.length === 0) return { ...none('no-common-photos'), leftOut };
  await using opened = new AsyncDisposableStack();
  // two runs may have the same model
  const models = [...new Map(both.map(({ model }) => [model.digest, model])).values()];
  const caches = await Promise.all(
    models.map(async ({ digest }, i) =>
      opened.use(await openAnswers(cacheDir, digest, [ours, theirs][i]!.labels.length)),
    ),
  );
  let pool: Promise<InferencePool> | undefined;
  const loaded = async () => {
    const started = opened.use(await InferencePool.open({ processes, logger }));
    for (const { digest, uri } of models) await started.loadModel(digest, uri);
    return started;
  };
  const wanted = new Set(examples.map(({ sha256 }) => sha256));
  const probabilities = await predictSplit(reference.examplesUri, 'test', {
    pool: {
      predict: async (...asked) => {
        pool ??= loaded();
        return await (await pool).predict(...asked);
      },
    },
    models: models.map(({ digest: name }, i) => ({ name, cache: caches[i]! })),
    inFlight: 3 * processes,
    wanted: ({ sha256 }) => wanted.has(sha256),
    signal,
  });
  const labels = [...new Set([...ours.labels, ...theirs.labels])].sort();
  const [before, after] = [ours, theirs].map((signature, i) =>
    taskMetrics(answersOf(probabilities[i] ?? probabilities[0]!, signature, examples, labels)),
  );
  const groups = groupIndexes(examples.map(({ group }) => group));
  const { difference } = compare(after!, before!, { seed, resamples, groups });
  return { photos: examples.length, leftOut, difference, why: null };
}

/** A difference that cannot be had. */
export const none = (why: NonNullable<PairedDifference['why']>): Omit<PairedDifference, 'run'> => ({
  photos: 0,
  leftOut: { inOneOnly: 0, relabelled: 0, unknownLabel: 0 },
  difference: null,
  why,
});
