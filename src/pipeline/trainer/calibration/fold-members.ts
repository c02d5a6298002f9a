import type { DenseWeights, HeadWeights } from '../../../contracts/artifacts/head.ts';

/**
 * Merges several heads into one whose logits are their mean: hidden units are concatenated, second layers stacked and divided by their number.
 * @param members values of each: `w1, b1, w2, b2`, or `w1, b1`
 */
export function foldMembers(members: readonly (readonly Float32Array[])[], size: number, classes: number): HeadWeights {
  const part = (index: number) => members.flatMap((values) => values[index] ?? []);
  const [w1, b1, w2, b2] = [part(0), part(1), part(2), part(3)];
  if (w2.length === 0) return { layers: [dense(mean(w1), mean(b1))] };
  return { layers: [sideBySide(w1, b1, size), stacked(w2, mean(b2), classes)] };
}

function dense(weight: Float32Array, bias: Float32Array): DenseWeights {
  return { weight, bias, inputs: weight.length / bias.length, outputs: bias.length };
}

function mean(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts[0] ?? [], (_, i) => parts.reduce((sum, part) => sum + part[i]!, 0) / parts.length);
}

function sideBySide(weights: readonly Float32Array[], biases: readonly Float32Array[], inputs: number): DenseWeights {
  const width = biases[0]?.length ?? 0;
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
