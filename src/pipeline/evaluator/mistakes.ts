import type { Mistake } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { type Answers, questionOf, topLabels } from './answers.ts';

/** The wrong predictions, most confident first: of the question if there is one, else of the head. */
export function worstMistakes(answers: Answers, examples: readonly Example[], most: number): Mistake[] {
  const verdict = verdicts(answers);
  const wrong = examples.flatMap((example, i) => {
    const { answer, truth, probability } = verdict(i);
    const { sha256, filename, label } = example;
    return answer === truth ? [] : [{ sha256, filename, label, answer, probability }];
  });
  return wrong.sort((a, b) => b.probability - a.probability || (a.sha256 < b.sha256 ? -1 : 1)).slice(0, most);
}

/** Answer and truth in the words of the task, by row. */
export function verdicts(answers: Answers): (i: number) => { answer: string; truth: string; probability: number } {
  const { labels, task, probabilities, truths } = answers;
  const question = questionOf(answers);
  if (question && task.kind === 'question') {
    const name = (positive: boolean) => (positive ? task.positive : task.negative);
    return (i) => {
      const score = question.scores[i]!;
      const positive = question.answered[i] === 1;
      return {
        answer: name(positive),
        truth: name(question.positives[i] === 1),
        probability: positive ? score : 1 - score,
      };
    };
  }
  const top = topLabels(probabilities, labels.length);
  return (i) => {
    const best = top[i]!;
    const probability = probabilities[i * labels.length + best]!;
    return { answer: labels[best]!, truth: labels[truths[i]!]!, probability };
  };
}
