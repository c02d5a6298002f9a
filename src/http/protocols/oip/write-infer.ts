import { scoreOf } from '../../../contracts/prediction.ts';
import type { PredictResponse, ServedPrediction } from '../../../contracts/served-prediction.ts';
import { writeElements, writeFloats } from './binary.ts';
import type { Datatype } from './metadata.ts';
import type { WantedOutput } from './read-infer.ts';

interface Tensor {
  datatype: Datatype;
  shape: number[];
  /** Flat, row by row. */
  data: string[] | number[];
}

/** $inference_response, and the bytes of its binary outputs. */
export interface InferAnswer {
  json: object;
  /** Null = no output is binary. */
  raw: Uint8Array | null;
}

/** @param id of the request, echoed */
export function inferAnswer(
  answer: PredictResponse,
  id: string | undefined,
  outputs: readonly WantedOutput[],
): InferAnswer {
  const version = answer.predictions[0]?.model.version ?? null;
  const raw: Uint8Array[] = [];
  const written = outputs.map((wanted) => {
    const { data, ...tensor } = tensorOf(answer.predictions, wanted);
    if (!wanted.binary) return { name: wanted.name, ...tensor, data };
    const bytes = tensor.datatype === 'BYTES' ? writeElements(data as string[]) : writeFloats(data as number[]);
    raw.push(bytes);
    return { name: wanted.name, ...tensor, parameters: { binary_data_size: bytes.length } };
  });
  const json = {
    model_name: answer.endpoint,
    ...(version !== null && { model_version: String(version) }),
    ...(id !== undefined && { id }),
    outputs: written,
  };
  return { json, raw: outputs.some(({ binary }) => binary) ? Buffer.concat(raw) : null };
}

function tensorOf(predictions: readonly ServedPrediction[], { name, classification }: WantedOutput): Tensor {
  const n = predictions.length;
  const labels = Object.keys(predictions[0]?.probabilities ?? {});
  switch (name) {
    case 'label':
      return { datatype: 'BYTES', shape: [n], data: predictions.map(({ label }) => label) };
    case 'probability':
      return { datatype: 'FP32', shape: [n], data: predictions.map(({ probability }) => probability) };
    case 'positive_probability':
      return { datatype: 'FP32', shape: [n], data: predictions.map(scoreOf) };
    case 'threshold':
      return { datatype: 'FP32', shape: [n], data: predictions.map(({ threshold = Number.NaN }) => threshold) };
    case 'labels':
      return { datatype: 'BYTES', shape: [labels.length], data: labels };
    case 'id':
      return { datatype: 'BYTES', shape: [n], data: predictions.map(({ id }) => id) };
    case 'notice':
      return { datatype: 'BYTES', shape: [n], data: predictions.map(noticeOf) };
    case 'advice':
      return { datatype: 'BYTES', shape: [n], data: predictions.map(adviceOf) };
    case 'label_set':
      return { datatype: 'BYTES', shape: [n], data: predictions.map(({ labelSet = [] }) => JSON.stringify(labelSet)) };
  }
  const rows = predictions.map(({ probabilities }) => labels.map((label) => probabilities[label] ?? 0));
  if (classification === undefined) return { datatype: 'FP32', shape: [n, labels.length], data: rows.flat() };
  const count = Math.min(classification, labels.length);
  return { datatype: 'BYTES', shape: [n, count], data: rows.flatMap((row) => topClasses(row, labels, count)) };
}

/** `refused`, `warned`, or empty. */
const noticeOf = ({ refusal, warning }: ServedPrediction) => (refusal ? 'refused' : warning ? 'warned' : '');
const adviceOf = ({ refusal, warning }: ServedPrediction) => (refusal ?? warning)?.advice ?? '';

/** `value:index:label`, most probable first: Triton's classification extension. */
function topClasses(row: readonly number[], labels: readonly string[], count: number): string[] {
  const ranked = row.map((value, i) => ({ value, i })).toSorted((a, b) => b.value - a.value || a.i - b.i);
  return ranked.slice(0, count).map(({ value, i }) => `${value}:${i}:${labels[i]}`);
}
