import { answer, answerLabels } from '../../artifacts/model/answer.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';

/** Converts logged probabilities per model label into probabilities per answer (a question has two answers). */
export function byAnswer(observations: readonly Observation[], signature: Signature): Observation[] {
  const names = answerLabels(signature);
  return observations.map((each) => {
    const logged = each.probabilities;
    // a version with other labels cannot be compared
    const isOther = each.label !== null && !names.includes(each.label);
    if (logged === null || isOther || logged.length !== signature.labels.length)
      return { ...each, probabilities: null };
    const { probabilities } = answer([...logged], signature);
    return { ...each, probabilities: names.map((name) => probabilities[name] ?? 0) };
  });
}
