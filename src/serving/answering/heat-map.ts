import type { Attention } from '../../contracts/request-record.ts';
import { MitateError } from '../../errors/index.ts';
import { attentionOf } from '../../inference/explain/attention.ts';
import type { ExplainOptions, Explanation, InferencePool } from '../../inference/inference-pool.ts';
import type { Model } from '../deployments/model.ts';

export interface HeatMap extends Explanation {
  attention: Attention;
  model: Model;
}

type Options = Omit<ExplainOptions, 'classIndex'> & { label: string | undefined };

/**
 * Heat map for a label: one of the head's, or a question's positive or negative name. Default: the answer's class.
 * @throws LABEL_UNKNOWN, MODEL_NOT_EXPLAINABLE, INFERENCE_*
 */
export async function heatMap(
  pool: InferencePool,
  model: Model,
  image: Uint8Array,
  { label, ...options }: Options,
): Promise<HeatMap> {
  const { key, signature } = model;
  const { task, labels } = signature;
  const isQuestion = task.kind === 'question';
  const isAnswer = isQuestion && (label === task.positive || label === task.negative);
  const classIndex = label === undefined || isAnswer ? -1 : labels.indexOf(label);
  if (label !== undefined && !isAnswer && classIndex < 0)
    throw new MitateError('LABEL_UNKNOWN', { model: model.name, label, labels: labels.join(', ') });
  const explanation = await pool.explain(key, image, { ...options, ...(classIndex >= 0 && { classIndex }) });
  // Log-odds of "no" are those of "yes" negated, cell by cell.
  const map = isQuestion && label === task.negative ? explanation.map.map((value) => -value) : explanation.map;
  return { ...explanation, map, model, attention: attentionOf({ ...explanation, map }) };
}

/** [height][width], 5 significant digits: 7 KB of JSON instead of 16 for 28 x 28. */
export function gridOf({ map, height, width }: Pick<HeatMap, 'map' | 'height' | 'width'>): number[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(map.subarray(y * width, (y + 1) * width), (value) => Number(value.toPrecision(5))),
  );
}
