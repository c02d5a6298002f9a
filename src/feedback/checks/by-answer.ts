import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { answer, answerLabels } from '../../inference/answer.ts';

/** The log holds what the head said, a number a label of the model; checks want a number an answer: of a question two. */
export function byAnswer(observations: readonly Observation[], signature: Signature): Observation[] {
  const names = answerLabels(signature);
  return observations.map((each) => {
    const said = each.probabilities;
    // of a version with other labels: nothing that could be compared
    const isOther = each.label !== null && !names.includes(each.label);
    if (said === null || isOther || said.length !== signature.labels.length) return { ...each, probabilities: null };
    const { probabilities } = answer([...said], signature);
    return { ...each, probabilities: names.map((name) => probabilities[name]!) };
  });
}
