import type { Example, Split } from '../../contracts/example.ts';
import type { Signature } from '../../contracts/signature.ts';
import { MitateError } from '../../errors/index.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { mapOrdered } from '../../inference/map-ordered.ts';
import { readImages } from '../example-gen/read-examples.ts';
import type { Answers } from './answers.ts';

export interface LoadedModel {
  /** Name in the pool. */
  name: string;
  signature: Signature;
}

export interface PredictOptions {
  pool: InferencePool;
  models: readonly LoadedModel[];
  /** Photos under way at once. */
  inFlight: number;
  onPhoto?: (done: number) => void;
  signal: AbortSignal;
}

/** Probabilities [N, K] of each model for the photos of a split, with the photos' lines in the same order. */
export async function predictSplit(
  uri: string,
  split: Split,
  { pool, models, inFlight, onPhoto, signal }: PredictOptions,
): Promise<{ examples: Example[]; probabilities: Float64Array[] }> {
  const examples: Example[] = [];
  const rows: Float32Array[][] = models.map(() => []);
  const answered = mapOrdered(readImages(uri, split), inFlight, async ({ example, image }) => {
    if (signal.aborted) throw new MitateError('CANCELLED', {});
    const options = { subject: example.filename, signal };
    const answers = await Promise.all(models.map(({ name }) => pool.predict(name, image, options)));
    return { example, answers };
  });
  for await (const { example, answers } of answered) {
    onPhoto?.(examples.push(example));
    for (const [m, { probabilities }] of answers.entries()) rows[m].push(probabilities);
  }
  return { examples, probabilities: rows.map((ofModel) => flatten(ofModel)) };
}

function flatten(rows: readonly Float32Array[]): Float64Array {
  const all = new Float64Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

/**
 * A model's probabilities beside the truth, in the label order of `labels`. A label that the model does not know gets probability 0.
 * @param labels of the evaluated model
 */
export function answersOf(
  probabilities: Float64Array,
  signature: Signature,
  examples: readonly Example[],
  labels: readonly string[],
): Answers {
  const column = new Map(signature.labels.map((label, k) => [label, k]));
  const index = new Map(labels.map((label, k) => [label, k]));
  const aligned = new Float64Array(examples.length * labels.length);
  for (let i = 0; i < examples.length; i++) {
    for (const [k, label] of labels.entries()) {
      const from = column.get(label);
      if (from !== undefined) aligned[i * labels.length + k] = probabilities[i * signature.labels.length + from];
    }
  }
  const truths = Int32Array.from(examples, ({ label, filename }) => {
    const truth = index.get(label);
    if (truth === undefined)
      throw new MitateError('EVALUATION_LABEL_UNKNOWN', { label, filename, known: labels.join(', ') });
    return truth;
  });
  return { probabilities: aligned, truths, labels, task: signature.task, threshold: signature.threshold };
}
