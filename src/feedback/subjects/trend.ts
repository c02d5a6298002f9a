import type { SubjectHistory } from '../../contracts/api/requests.ts';
import { mannKendall } from '../../math/stats/mann-kendall.ts';

const alpha = 0.05;

/**
 * Whether P(positive) of a subject rises or falls, by the visits that the version of the last one answered: versions differ in their numbers.
 * @param visits oldest first, at most 200
 * @returns null when that version answers no question
 */
export function trendOf(visits: SubjectHistory['visits']): SubjectHistory['trend'] {
  const last = visits.findLast(({ combined }) => combined !== null);
  if (last?.combined?.positiveProbability === undefined) return null;
  const { endpoint, model } = last;
  const scores = visits.flatMap((visit) => {
    const isSame =
      visit.endpoint === endpoint && visit.model.name === model.name && visit.model.version === model.version;
    return isSame && visit.combined?.positiveProbability !== undefined ? [visit.combined.positiveProbability] : [];
  });
  const { rise, p } = mannKendall(scores);
  const verdict = p >= alpha ? 'unclear' : rise > 0 ? 'worse' : 'better';
  return { verdict, endpoint, model, visits: scores.length, rise, p };
}
