import { softmaxRows } from './softmax-rows.ts';

/** Lower bound of a mean probability, so that its logarithm is finite. */
const smallest = 1e-30;

/**
 * Logits averaged over views, as in the exported graph: log of the mean over views of softmax(z). A single view is returned unchanged.
 * @param logits [photos * views, K], the views of a photo one after the other
 * @returns [photos, K]
 */
export function averageViews(logits: ArrayLike<number>, classes: number, views: number): Float64Array {
  if (views === 1) return Float64Array.from(logits);
  const byView = softmaxRows(logits, classes);
  const out = new Float64Array(byView.length / views);
  for (let i = 0; i < out.length; i++) {
    const first = Math.floor(i / classes) * classes * views + (i % classes);
    for (let view = 0; view < views; view++) out[i]! += byView[first + view * classes]! / views;
    out[i] = Math.log(Math.max(smallest, out[i]!));
  }
  return out;
}
