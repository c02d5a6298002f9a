import type { ServedPrediction } from '../../contracts/served-prediction.ts';
import { type Judged, judge, stated } from '../../inference/judge.ts';
import type { PoolAnswer } from '../../inference/pool-answer.ts';
import type { RoutedPhoto } from './routed-request.ts';

export const judgePhoto = ({ route, deployed }: RoutedPhoto, numbers: PoolAnswer): Judged =>
  judge(numbers, deployed.model.signature, route.settings);

/** The answer in the response. Nearest training photos need the permission `operate`. */
export function servedPrediction(photo: RoutedPhoto, judged: Judged, numbers: PoolAnswer): ServedPrediction {
  const { id, role, model } = photo.deployed;
  const { distribution } = judged;
  const showsNearest = photo.request.principal.permissions.has('operate');
  return {
    ...stated(judged, model.signature),
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
