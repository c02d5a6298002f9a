import { type Check, infraCheck } from '../../../contracts/artifacts/blessing.ts';
import type { Signature } from '../../../contracts/artifacts/signature.ts';
import { MitateError } from '../../../errors/index.ts';
import type { Answered } from '../messages.ts';
import { failedCheck, passedCheck } from './verdict.ts';

/** Checks that numbers are finite, outputs have the size for one photo, and probabilities are a distribution. */
export function checkNumbers(signature: Signature, answers: readonly Answered[]): Check[] {
  const finite = checkFinite(answers);
  const sizes = checkSizes(signature, answers);
  return finite.passed && sizes.passed ? [finite, sizes, checkDistributions(answers)] : [finite, sizes];
}

function checkFinite(answers: readonly Answered[]): Check {
  for (const [request, answer] of answers.entries()) {
    for (const [output, { data }] of Object.entries(answer)) {
      const count = data.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
      if (count === 0) continue;
      const name = `on request ${request + 1}`;
      return failedCheck(infraCheck.finite, new MitateError('MODEL_ANSWERED_NAN', { name, output, count }), count, 0);
    }
  }
  return passedCheck(infraCheck.finite, 0, 0);
}

function checkSizes({ labels, embeddingSize }: Signature, answers: readonly Answered[]): Check {
  const sizes = { logits: labels.length, probabilities: labels.length, embedding: embeddingSize };
  for (const [output, size] of Object.entries(sizes)) {
    const wrong = answers.find((answer) => answer[output]?.dims.join() !== `1,${size}`);
    if (!wrong) continue;
    const got = wrong[output] ? `[${wrong[output].dims.join(', ')}]` : 'nothing';
    const error = new MitateError('INFRA_SHAPE_WRONG', {
      tensor: `The output ${output}`,
      expected: `[1, ${size}]`,
      got,
    });
    return failedCheck('sizes of answers', error);
  }
  return passedCheck('sizes of answers');
}

function checkDistributions(answers: readonly Answered[]): Check {
  for (const [i, { probabilities }] of answers.entries()) {
    const values = [...probabilities!.data];
    const sum = values.reduce((total, value) => total + value, 0);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (low >= 0 && high <= 1 + 1e-6 && Math.abs(sum - 1) <= 1e-4) continue;
    const error = new MitateError('INFRA_PROBABILITIES_INVALID', { request: i + 1, sum, low, high });
    return failedCheck('probabilities add up to 1', error, sum, 1);
  }
  return passedCheck('probabilities add up to 1', 1, 1);
}
