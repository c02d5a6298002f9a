import { answer, answerLabels, answerOfLabel } from '../../../artifacts/model/answer.ts';
import type { ChangedAnswer } from '../../../contracts/artifacts/reference-observation.ts';
import type { Signature } from '../../../contracts/artifacts/signature.ts';
import { scoreOf } from '../../../contracts/prediction.ts';

/** As the references of monitors hold it. @param label the true one of training @param outOfDistributionScore null = the model has no measure */
export function answerOf(
  probabilities: ArrayLike<number>,
  label: string,
  signature: Signature,
  outOfDistributionScore: number | null,
): ChangedAnswer['answer'] {
  const given = answer(probabilities, signature);
  return {
    label: given.label,
    score: scoreOf(given),
    probabilities: answerLabels(signature).map((name) => given.probabilities[name]!),
    truth: answerOfLabel(label, signature),
    outOfDistributionScore,
  };
}
