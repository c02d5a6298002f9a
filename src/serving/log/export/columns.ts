import type { SchemaElement } from 'hyparquet';
import type { Truth } from '../../../contracts/loop/feedback.ts';
import type { LoggedRequest } from '../../../contracts/request-record.ts';

/** A request with the feedback on it so far. */
export interface ExportedRequest extends LoggedRequest {
  /** Null without a label or verdict. */
  truth: Truth | null;
  /** Names of user and business events, oldest first. */
  events: readonly string[];
}

type Kind = 'int64' | 'int32' | 'float' | 'boolean' | 'time' | 'text' | 'json' | 'texts' | 'floats';

interface Column {
  name: string;
  kind: Kind;
  value: (request: ExportedRequest) => unknown;
}

const float = (name: string, value: Column['value']): Column => ({ name, kind: 'float', value });
const text = (name: string, value: Column['value']): Column => ({ name, kind: 'text', value });

/**
 * The columns of `fact_requests`, in its order; byte columns of the table are lists of float32 here. Then the feedback, which is last so that
 * the numbers of the other columns stay.
 */
export const exportColumns: readonly Column[] = [
  { name: 'request_id', kind: 'int64', value: ({ key }) => BigInt(key) },
  text('public_id', ({ publicId }) => publicId),
  { name: 'logging_time', kind: 'time', value: ({ loggingTime }) => loggingTime },
  text('project', ({ project }) => project),
  text('endpoint', ({ endpoint }) => endpoint),
  text('deployed_model_id', ({ deployedModelId }) => deployedModelId),
  {
    name: 'request_payload',
    kind: 'texts',
    value: ({ imageSha256 }) => (imageSha256 ? [`sha256:${imageSha256}`] : []),
  },
  { name: 'response_payload', kind: 'texts', value: ({ response }) => (response ? [JSON.stringify(response)] : []) },
  text('model_name', ({ modelName }) => modelName),
  { name: 'model_version', kind: 'int32', value: ({ modelVersion }) => modelVersion },
  text('role', ({ role }) => role),
  text('shadow_of', ({ shadowOf }) => shadowOf),
  text('http_request_id', ({ requestId }) => requestId),
  { name: 'instance', kind: 'int32', value: ({ instance }) => instance },
  text('protocol', ({ protocol }) => protocol),
  text('api_key_id', ({ apiKeyId }) => apiKeyId),
  text('idempotency_key', ({ idempotencyKey }) => idempotencyKey),
  text('body_digest', ({ bodyDigest }) => bodyDigest),
  { name: 'status', kind: 'int32', value: ({ status }) => status },
  text('error_code', ({ errorCode }) => errorCode),
  text('label', ({ label }) => label),
  float('probability', ({ probability }) => probability),
  float('positive_probability', ({ positiveProbability }) => positiveProbability),
  float('threshold', ({ threshold }) => threshold),
  { name: 'uncertain', kind: 'boolean', value: ({ uncertain }) => uncertain },
  { name: 'probabilities', kind: 'floats', value: ({ probabilities }) => probabilities },
  text('image_sha256', ({ imageSha256 }) => imageSha256),
  text('pixels_sha256', ({ pixelsSha256 }) => pixelsSha256),
  text('image_format', ({ imageFormat }) => imageFormat),
  { name: 'image_bytes', kind: 'int32', value: ({ imageBytes }) => imageBytes },
  { name: 'image_kept', kind: 'boolean', value: ({ imageKept }) => imageKept },
  text('image_not_kept', ({ imageNotKept }) => imageNotKept),
  { name: 'properties', kind: 'json', value: ({ properties }) => properties },
  { name: 'quality', kind: 'texts', value: ({ quality }) => quality },
  float('out_of_distribution_score', ({ outOfDistributionScore }) => outOfDistributionScore),
  { name: 'out_of_distribution', kind: 'boolean', value: ({ outOfDistribution }) => outOfDistribution },
  { name: 'projection', kind: 'floats', value: ({ projection }) => projection && Array.from(projection) },
  { name: 'embedding', kind: 'floats', value: ({ embedding }) => embedding && Array.from(embedding) },
  float('latency_ms', ({ latencyMs }) => latencyMs),
  float('queue_ms', ({ queueMs }) => queueMs),
  float('inference_ms', ({ inferenceMs }) => inferenceMs),
  { name: 'attributes', kind: 'json', value: ({ attributes }) => attributes },
  { name: 'attention', kind: 'json', value: ({ attention }) => attention },
  text('true_label', ({ truth }) => truth?.label),
  text('verdict', verdictOf),
  float('label_weight', ({ truth }) => truth?.weight),
  { name: 'feedback_events', kind: 'texts', value: ({ events }) => events },
  text('unlike_notice', noticeOf),
  text('subject', ({ subject }) => subject),
];

/** What the client was told of a photo unlike the training photos. */
function noticeOf({ response }: ExportedRequest): 'refused' | 'warned' | null {
  if (response?.refusal) return 'refused';
  return response?.warning ? 'warned' : null;
}

/** Null without a label, and for a prediction that was uncertain or failed: it is neither. */
function verdictOf({ truth, label, uncertain }: ExportedRequest): 'right' | 'wrong' | null {
  if (truth === null || label === null || uncertain) return null;
  return truth.label === label ? 'right' : 'wrong';
}

const primitives: Record<Exclude<Kind, 'texts' | 'floats'>, Partial<SchemaElement>> = {
  int64: { type: 'INT64' },
  int32: { type: 'INT32' },
  float: { type: 'FLOAT' },
  boolean: { type: 'BOOLEAN' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
};

/** Parquet schema: every column optional, lists with the three levels of the specification. */
export function parquetSchema(): SchemaElement[] {
  const columns = exportColumns.flatMap(({ name, kind }): SchemaElement[] => {
    if (kind !== 'texts' && kind !== 'floats') return [{ name, repetition_type: 'OPTIONAL', ...primitives[kind] }];
    return [
      { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL', ...primitives[kind === 'texts' ? 'text' : 'float'] },
    ];
  });
  return [{ name: 'fact_requests', num_children: exportColumns.length }, ...columns];
}

export function exportRow(request: ExportedRequest): Record<string, unknown> {
  return Object.fromEntries(exportColumns.map(({ name, value }) => [name, value(request) ?? null]));
}
