import { answer, underThreshold } from '../../artifacts/model/answer.ts';
import { type Notices, noticed, noticesOf, type Prediction, scoreOf } from '../../contracts/prediction.ts';
import type { ServedPrediction } from '../../contracts/served-prediction.ts';
import type { PoolAnswer } from '../../inference/pool-answer.ts';
import type { RoutedPhoto } from './routed-request.ts';

/** A photo's answer under the endpoint's settings. */
export interface Judged {
  prediction: Prediction;
  /** In the abstain band, or refused. */
  isUncertain: boolean;
  notices: Notices;
  /** Null = not scored. */
  distribution: PoolAnswer['outOfDistribution'];
}

export function judge({ route, deployed }: RoutedPhoto, numbers: PoolAnswer): Judged {
  const { abstain, outOfDistribution, threshold } = route.settings;
  const prediction = answer(numbers.probabilities, underThreshold(deployed.model.signature, threshold));
  const score = scoreOf(prediction);
  const distribution = outOfDistribution ? numbers.outOfDistribution : null;
  const notices = noticesOf(distribution, route.settings);
  const isInBand = abstain !== null && score >= abstain.low && score <= abstain.high;
  return { prediction, isUncertain: isInBand || notices.refusal !== undefined, notices, distribution };
}

/** The answer in the response. An uncertain one names its leaning; nearest training photos need the permission `operate`. */
export function servedPrediction(photo: RoutedPhoto, judged: Judged, numbers: PoolAnswer): ServedPrediction {
  const { prediction, isUncertain, notices, distribution } = judged;
  const { id, role, model } = photo.deployed;
  const { thresholdRule } = model.signature;
  const showsNearest = photo.request.principal.permissions.has('operate');
  return {
    ...noticed(prediction, notices),
    ...(isUncertain && { label: 'uncertain', leaning: prediction.label }),
    ...(thresholdRule && { thresholdRule }),
    id: photo.id,
    model: { name: model.name, version: model.version },
    // Shadows never serve.
    deployment: { id, role: role as 'stable' | 'canary' },
    outOfDistribution: distribution && {
      flagged: distribution.flagged,
      score: distribution.score,
      ...(showsNearest && { nearest: distribution.nearest }),
    },
    quality: numbers.quality,
  };
}
