import { percent } from '../../../codecs/percent.ts';
import { type Check, infraCheck } from '../../../contracts/artifacts/blessing.ts';
import type { Example } from '../../../contracts/artifacts/example.ts';
import type { Signature } from '../../../contracts/artifacts/signature.ts';
import { MitateError } from '../../../errors/index.ts';
import type { Warmup } from '../candidate.ts';
import type { Answered } from '../messages.ts';
import type { InfraBudget } from '../spec.ts';
import { failedCheck, passedCheck } from './verdict.ts';

const best = (values: ArrayLike<number>) => Array.from(values).indexOf(Math.max(...Array.from(values)));

/** The warm-up requests must give the same labels and probabilities as at training. */
export function checkReplay(warmup: readonly Warmup[], answers: readonly Answered[], budget: InfraBudget): Check[] {
  const replayed = warmup.map(({ probabilities }, i) => ({
    before: probabilities,
    now: answers[i]!.probabilities!.data,
  }));
  return [sameLabels(replayed, budget.maxAccuracyLoss), sameProbabilities(replayed, budget.tolerance)];
}

interface Replayed {
  before: readonly number[];
  now: Float32Array;
}

/** Two labels with almost equal probabilities may swap; that counts as the same. */
function sameLabels(replayed: readonly Replayed[], maxLoss: number): Check {
  const same = replayed.filter(({ before, now }) => Math.max(...before) - before[best(now)]! < 1e-4).length;
  const [share, least] = [same / replayed.length, 1 - maxLoss];
  if (share >= least) return passedCheck(infraCheck.labels, share, least);
  const what = 'Predictions for the warm-up requests, compared with the labels at training';
  const details = { what, got: same, photos: replayed.length, expected: percent(least) };
  return failedCheck(infraCheck.labels, new MitateError('INFRA_ACCURACY_WORSE', details), share, least);
}

function sameProbabilities(replayed: readonly Replayed[], limit: number): Check {
  const distances = replayed.map(({ before, now }) => Math.max(...before.map((value, k) => Math.abs(value - now[k]!))));
  const got = Math.max(...distances);
  if (got <= limit) return passedCheck(infraCheck.probabilities, got, limit);
  const request = 1 + distances.findIndex((distance) => distance > limit);
  const error = new MitateError('INFRA_ANSWERS_DIFFER', { got: got.toPrecision(3), limit, request });
  return failedCheck(infraCheck.probabilities, error, got, limit);
}

/**
 * On labelled photos, the accuracy must reach what the calibrated probabilities claim, less the allowed loss and 3 standard errors. Only this check
 * detects a head whose labels were mixed up after training, since it answers as at training.
 */
export function checkAccuracy(
  { labels }: Signature,
  examples: readonly Example[],
  answers: readonly Answered[],
  { maxAccuracyLoss }: InfraBudget,
): Check {
  const distributions = answers.map(({ probabilities }) => probabilities!.data);
  const right = examples.filter(({ label }, i) => labels[best(distributions[i]!)] === label).length;
  const claimed = distributions.reduce((sum, values) => sum + Math.max(...values), 0) / examples.length;
  const error = Math.sqrt((claimed * (1 - claimed)) / examples.length);
  const least = Math.max(0, claimed - maxAccuracyLoss - 3 * error);
  const share = right / examples.length;
  if (share >= least) return passedCheck('accuracy on eval photos', share, Number(least.toPrecision(6)));
  const what = `Eval split (its probabilities claim ${percent(claimed)})`;
  const details = { what, got: right, photos: examples.length, expected: percent(least) };
  return failedCheck('accuracy on eval photos', new MitateError('INFRA_ACCURACY_WORSE', details), share, least);
}
