import type { Behaviour } from '../../contracts/loop/behaviour.ts';
import { behaviourOf } from '../../feedback/behaviour/summary.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** What users did with the predictions of a period, whenever their events came, per version and role. */
export async function behaviour(
  { feedback }: Pick<OpenStore, 'feedback'>,
  filter: { endpoint?: string; from?: Date; to?: Date },
): Promise<Behaviour[]> {
  return (await feedback.behaviour(filter)).map(behaviourOf);
}
