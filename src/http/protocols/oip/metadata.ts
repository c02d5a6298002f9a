import type { EndpointDescription } from '../../../serving/service.ts';

/** Tensor data types of this server. */
export type Datatype = 'BYTES' | 'FP32';

export interface TensorMetadata {
  name: string;
  datatype: Datatype;
  /** -1 = any. */
  shape: number[];
}

/** Photos: one JPEG, PNG or WebP file per element. */
export const imageInput: TensorMetadata = { name: 'image', datatype: 'BYTES', shape: [-1] };

/** `GET /v2`: $metadata_server_response. */
export function serverMetadata(version: string) {
  return { name: 'mitate', version, extensions: ['binary_tensor_data', 'classification'] };
}

/** Versions that a path may name. */
export function versionsOf({ versions }: EndpointDescription): string[] {
  const answering = versions.filter(({ role, ready, version }) => role !== 'shadow' && ready && version !== null);
  return answering.map(({ version }) => String(version));
}

/** `GET /v2/models/{m}`: $metadata_model_response. */
export function modelMetadata(description: EndpointDescription) {
  const answers = description.positive === null ? description.labels.length : 2;
  return {
    name: description.name,
    versions: versionsOf(description),
    platform: 'onnx_onnxv1',
    inputs: [imageInput],
    outputs: outputsOf(answers, description),
  };
}

type Answered = Pick<EndpointDescription, 'positive' | 'hasLabelSets'>;

/** @param answers K, the number of labels */
function outputsOf(answers: number, { positive, hasLabelSets }: Answered): TensorMetadata[] {
  const each = (name: string) => ({ name, datatype: 'FP32' as const, shape: [-1] });
  return [
    { name: 'label', datatype: 'BYTES', shape: [-1] },
    each('probability'),
    ...(positive !== null ? [each('positive_probability'), each('threshold')] : []),
    { name: 'probabilities', datatype: 'FP32', shape: [-1, answers] },
    { name: 'labels', datatype: 'BYTES', shape: [answers] },
    { name: 'id', datatype: 'BYTES', shape: [-1] },
    { name: 'notice', datatype: 'BYTES', shape: [-1] },
    { name: 'advice', datatype: 'BYTES', shape: [-1] },
    ...(hasLabelSets ? [{ name: 'label_set', datatype: 'BYTES' as const, shape: [-1] }] : []),
  ];
}

export function outputNames(description: Answered): string[] {
  return outputsOf(0, description).map(({ name }) => name);
}
