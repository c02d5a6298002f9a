import { readImages } from '../../../artifacts/examples/read-examples.ts';
import type { AlterationKind } from '../../../contracts/artifacts/alteration.ts';
import type { IntervalJson, MetricsJson, Robustness } from '../../../contracts/artifacts/evaluation.ts';
import { MitateError } from '../../../errors/index.ts';
import { mapOrdered } from '../../../inference/map-ordered.ts';
import { groupIndexes } from '../../../math/stats/group-indexes.ts';
import { wilsonInterval } from '../../../math/stats/proportion.ts';
import { alterations } from '../../../vision/alter/alter.ts';
import { type Answers, questionOf, subset, topLabels } from '../answers.ts';
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
): { metrics: MetricsJson; difference: MetricsJson; changed: IntervalJson } {
  if (rows.length === 0)
    return { metrics: unmeasured(), difference: unmeasured(), changed: { value: null, low: null, high: null } };
  const photos = rows.map(({ row }) => examples[row]!);
  const probabilities = Float64Array.from(rows.flatMap((each) => [...each.probabilities]));
  const ofAltered = answersOf(probabilities, signature, photos, answers.labels);
  const ofUnaltered = subset(
    answers,
    rows.map(({ row }) => row),
  );
  const [altered, unaltered] = [taskMetrics(ofAltered), taskMetrics(ofUnaltered)];
  const options = { seed, resamples, groups: groupIndexes(photos.map(({ group }) => group)) };
  return {
    metrics: measure(altered, options),
    difference: compare(altered, unaltered, options).difference,
    changed: changedShare(ofAltered, ofUnaltered),
  };
}

/** Of a question, the answers by the model's threshold; else the most probable labels. */
function changedShare(altered: Answers, unaltered: Answers): IntervalJson {
  const given = (answers: Answers) =>
    questionOf(answers)?.answered ?? topLabels(answers.probabilities, answers.labels.length);
  const [after, before] = [given(altered), given(unaltered)];
  const count = Array.from(after).filter((answer, i) => answer !== before[i]).length;
  return { value: count / after.length, ...wilsonInterval(count, after.length) };
}
