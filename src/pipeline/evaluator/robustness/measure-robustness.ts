import { readImages } from '../../../artifacts/examples/read-examples.ts';
import type { AlterationKind } from '../../../contracts/artifacts/alteration.ts';
import type { MetricsJson, Robustness } from '../../../contracts/artifacts/evaluation.ts';
import { MitateError } from '../../../errors/index.ts';
import { mapOrdered } from '../../../inference/map-ordered.ts';
import { groupIndexes } from '../../../math/stats/group-indexes.ts';
import { alterations } from '../../../vision/alter/alter.ts';
import { subset } from '../answers.ts';
import { compare, measure, unmeasured } from '../measure.ts';
import { taskMetrics } from '../metric-sets.ts';
import { answersOf } from '../predict-split.ts';
import { type SampleInput, sampleOf } from '../sample.ts';

export interface RobustnessInput extends SampleInput {
  kinds: readonly AlterationKind[];
}

/**
 * The task's metrics on a sample of the test split, altered in each way, against the same photos unaltered. Predictions for altered photos are
 * not cached.
 */
export async function measureRobustness(input: RobustnessInput): Promise<Robustness> {
  const { kinds, examples } = input;
  const sample = sampleOf(examples.length, input.photos, `${input.seed}:robustness`);
  const chosen = new Set(sample.map((row) => examples[row]!.sha256));
  const predicted = kinds.map((): (Float32Array | null)[] => []);
  const images = readImages(input.examplesUri, 'test', ({ sha256 }) => chosen.has(sha256));
  const answered = mapOrdered(images, input.inFlight, ({ example: { sha256, filename }, image }) => {
    if (input.signal.aborted) throw new MitateError('CANCELLED', {});
    const options = { subject: filename, signal: input.signal };
    const changes = kinds.map((kind) => ({ kind, seed: sha256 }));
    return input.pool.predictChanged(input.model, image, changes, options);
  });
  for await (const answers of answered) {
    for (const [k, answer] of answers.entries()) predicted[k]!.push(answer);
    input.onPhoto(predicted[0]!.length, sample.length);
  }
  const measured = kinds.map((kind, k) => {
    const rows = sample.flatMap((row, i) => {
      const probabilities = predicted[k]![i];
      return probabilities ? [{ row, probabilities }] : [];
    });
    return { kind, strength: alterations[kind].strength, photos: rows.length, ...against(rows, input) };
  });
  return { photos: sample.length, kinds: measured };
}

function against(
  rows: readonly { row: number; probabilities: Float32Array }[],
  { examples, answers, signature, resamples, seed }: RobustnessInput,
): { metrics: MetricsJson; difference: MetricsJson } {
  if (rows.length === 0) return { metrics: unmeasured(), difference: unmeasured() };
  const photos = rows.map(({ row }) => examples[row]!);
  const probabilities = Float64Array.from(rows.flatMap((each) => [...each.probabilities]));
  const altered = taskMetrics(answersOf(probabilities, signature, photos, answers.labels));
  const unaltered = taskMetrics(
    subset(
      answers,
      rows.map(({ row }) => row),
    ),
  );
  const options = { seed, resamples, groups: groupIndexes(photos.map(({ group }) => group)) };
  return { metrics: measure(altered, options), difference: compare(altered, unaltered, options).difference };
}
