import type { Truth } from '../../contracts/loop/feedback.ts';
import type { LabelledPairs } from './decision.ts';

export interface Answers {
  /** Public id of the logged answer that feedback refers to. */
  id: string;
  /** The logged answer, whichever version gave it. */
  given: string;
  champion: string;
  candidate: string;
}

/** Counts which model was right on labelled photos. Where only "wrong" is known, an answer that differs from it is left out. */
export function labelledPairs(answers: readonly Answers[], truths: ReadonlyMap<string, Truth>): LabelledPairs {
  const pairs = { bothRight: 0, bothWrong: 0, candidateOnly: 0, championOnly: 0 };
  for (const { id, given, champion, candidate } of answers) {
    const truth = truths.get(id);
    if (truth === undefined) continue;
    const [was, is] = [champion, candidate].map((answer) => isRight(answer, truth, given));
    if (was === null || is === null) continue;
    if (is) pairs[was ? 'bothRight' : 'candidateOnly']++;
    else pairs[was ? 'championOnly' : 'bothWrong']++;
  }
  return pairs;
}

function isRight(answer: string, { label }: Truth, given: string): boolean | null {
  if (label !== null) return answer === label;
  return answer === given ? false : null;
}
