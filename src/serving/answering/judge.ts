import type { Prediction } from '../../contracts/prediction.ts';
import type { ServedPrediction } from '../../contracts/served-prediction.ts';
import { answer } from '../../inference/answer.ts';
import type { PoolAnswer } from '../../inference/pool-answer.ts';
import type { AskedPhoto } from './asked.ts';

/** What a photo's numbers mean under the endpoint's settings. */
export interface Judged {
  prediction: Prediction;
  isUncertain: boolean;
  /** Null = not scored. */
  distribution: PoolAnswer['outOfDistribution'];
}

export function judge({ route, deployed }: AskedPhoto, numbers: PoolAnswer): Judged {
  const { abstain, outOfDistribution } = route.settings;
  const prediction = answer(numbers.probabilities, deployed.model.signature);
  const { probability } = prediction;
  return {
    prediction,
    isUncertain: abstain !== null && probability >= abstain.low && probability <= abstain.high,
    distribution: outOfDistribution ? numbers.outOfDistribution : null,
  };
}

/** What the client is told: an uncertain answer names where it leans; training photos only who may operate the endpoint sees. */
export function servedPrediction(photo: AskedPhoto, judged: Judged, numbers: PoolAnswer): ServedPrediction {
  const { prediction, isUncertain, distribution } = judged;
  const { id, role, model } = photo.deployed;
  const showsNearest = photo.request.principal.permissions.has('operate');
  return {
    ...prediction,
    ...(isUncertain && { label: 'uncertain', leaning: prediction.label }),
    id: photo.id,
    model: { name: model.name, version: model.version },
    // a shadow's answer is never served
    deployment: { id, role: role as 'stable' | 'canary' },
    outOfDistribution: distribution && {
      flagged: distribution.flagged,
      score: distribution.score,
      ...(showsNearest && { nearest: distribution.nearest }),
    },
    quality: numbers.quality,
  };
}
