import { answer, underThreshold } from '../artifacts/model/answer.ts';
import type { Signature } from '../contracts/artifacts/signature.ts';
import type { EndpointSettings } from '../contracts/endpoint.ts';
import { type Notices, noticed, noticesOf, type Prediction, scoreOf } from '../contracts/prediction.ts';
import type { DistributionScore } from './pool-answer.ts';

/** A photo's answer under the endpoint's settings. */
export interface Judged {
  prediction: Prediction;
  /** In the abstain band, or refused. */
  isUncertain: boolean;
  notices: Notices;
  /** Null = not scored. */
  distribution: DistributionScore | null;
}

/** Of the settings, those that decide an answer. */
export type JudgingSettings = Pick<
  EndpointSettings,
  'abstain' | 'threshold' | 'outOfDistribution' | 'unlike' | 'refuseAbove'
>;

/** What an endpoint makes of a model's numbers: the same on the server and on a device. */
export function judge(
  numbers: { probabilities: ArrayLike<number>; outOfDistribution: DistributionScore | null },
  signature: Pick<Signature, 'labels' | 'task' | 'threshold' | 'labelSets'>,
  settings: JudgingSettings,
): Judged {
  const { abstain, outOfDistribution, threshold } = settings;
  const prediction = answer(numbers.probabilities, underThreshold(signature, threshold));
  const score = scoreOf(prediction);
  const distribution = outOfDistribution ? numbers.outOfDistribution : null;
  const notices = noticesOf(distribution, settings);
  const isInBand = abstain !== null && score >= abstain.low && score <= abstain.high;
  return { prediction, isUncertain: isInBand || notices.refusal !== undefined, notices, distribution };
}

/** The judged answer as clients see it: an uncertain one names its leaning. */
export function stated(
  { prediction, isUncertain, notices }: Judged,
  { thresholdRule }: Pick<Signature, 'thresholdRule'>,
) {
  return {
    ...noticed(prediction, notices),
    ...(isUncertain && { label: 'uncertain', leaning: prediction.label }),
    ...(thresholdRule && { thresholdRule }),
  };
}
