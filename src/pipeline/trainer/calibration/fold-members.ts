import type { DenseWeights, HeadWeights } from '../../../contracts/artifacts/head.ts';

/**
 * Several heads as one whose logits are the mean of theirs: hidden units side by side, second layers stacked and divided by their number.
 * @param values of each member in turn `w1, b1, w2, b2`, or `w1, b1`
 */
export function foldMembers(
  values: readonly Float32Array[],
  size: number,
  classes: number,
  members: number,
): HeadWeights {
  const each = values.length / members;
  const part = (index: number) => Array.from({ length: members }, (_, member) => values[member * each + index]);
  if (each === 2) return { layers: [dense(mean(part(0)), mean(part(1)))] };
  return { layers: [sideBySide(part(0), part(1), size), stacked(part(2), mean(part(3)), classes)] };
}

function dense(weight: Float32Array, bias: Float32Array): DenseWeights {
  return { weight, bias, inputs: weight.length / bias.length, outputs: bias.length };
}

function mean(parts: readonly Float32Array[]): Float32Array {
  return parts[0].map((_, i) => parts.reduce((sum, part) => sum + part[i], 0) / parts.length);
}

function sideBySide(weights: readonly Float32Array[], biases: readonly Float32Array[], inputs: number): DenseWeights {
  const width = biases[0].length;
  const weight = new Float32Array(inputs * width * weights.length);
  weights.forEach((part, member) => {
    for (let row = 0; row < inputs; row++) {
      weight.set(part.subarray(row * width, (row + 1) * width), (row * weights.length + member) * width);
    }
  });
  return dense(weight, joined(biases));
}

function stacked(weights: readonly Float32Array[], bias: Float32Array, classes: number): DenseWeights {
  const weight = joined(weights).map((value) => value / weights.length);
  return { weight, bias, inputs: weight.length / classes, outputs: classes };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
