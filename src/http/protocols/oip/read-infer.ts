import { z } from 'zod';
import { recordOf } from '../../../contracts/record-of.ts';
import { MitateError } from '../../../errors/index.ts';
import { parseNullsAsAbsent } from '../../plugins/null-members.ts';
import { kindOf, readBase64 } from '../read-base64.ts';
import { readJson } from '../read-json.ts';
import { checkImages, type RequestContent } from '../request-content.ts';
import { readElements, splitBody } from './binary.ts';
import { imageInput } from './metadata.ts';

const parametersSchema = recordOf(z.unknown());
const inputSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()).min(1).max(8),
  datatype: z.string(),
  parameters: parametersSchema.optional(),
  data: z.unknown().optional(),
});
const outputSchema = z.object({ name: z.string(), parameters: parametersSchema.optional() });
const requestSchema = z.object({
  id: z.string().optional(),
  parameters: parametersSchema.optional(),
  inputs: z.tuple([inputSchema]),
  outputs: z.array(outputSchema).optional(),
});
type Input = z.infer<typeof inputSchema>;

export interface WantedOutput {
  name: string;
  /** As raw bytes after the JSON. */
  binary: boolean;
  /** Classification extension: number of classes. */
  classification?: number | undefined;
}

export interface Infer {
  id: string | undefined;
  content: RequestContent;
  outputs: WantedOutput[];
}

/**
 * The body of `POST /v2/models/{m}/infer`: $inference_request, with or without binary tensors.
 *
 * @param headerLength `Inference-Header-Content-Length`
 * @param names of the endpoint's outputs; without `outputs` in the request it is all of them
 * @throws REQUEST_*
 */
export function readInfer(body: Uint8Array, headerLength: string | undefined, names: readonly string[]): Infer {
  const { json, raw } = splitBody(body, headerLength);
  const { id, inputs, outputs, parameters = {} } = parsed(readJson(json));
  const images = readImages(inputs[0], raw);
  checkImages(images, `tensor "${imageInput.name}" of BYTES`);
  const { binary_data_output: allBinary = false } = parameters;
  const unknown = outputs?.findIndex(({ name }) => !names.includes(name)) ?? -1;
  if (unknown >= 0) throw wrong(`outputs.${unknown}.name`, names.join(', '), kindOf(outputs?.[unknown]?.name));
  const wanted: z.infer<typeof outputSchema>[] = outputs?.length ? outputs : names.map((name) => ({ name }));
  return {
    id,
    content: { images },
    outputs: wanted.map(({ name, parameters: of = {} }) => ({
      name,
      binary: (of.binary_data ?? allBinary) === true,
      classification: classesOf(of.classification),
    })),
  };
}

function parsed(json: unknown): z.infer<typeof requestSchema> {
  const result = parseNullsAsAbsent(requestSchema, json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw wrong(issue?.path.join('.') || 'The body', 'a request of the Open Inference Protocol', issue?.message ?? '');
}

function wrong(where: string, expected: string, got: string): MitateError {
  return new MitateError('REQUEST_SHAPE_INVALID', { where, expected, got });
}

function readImages(input: Input, raw: Uint8Array): Uint8Array[] {
  const where = 'inputs[0]';
  if (input.name !== imageInput.name) throw wrong(`${where}.name`, `"${imageInput.name}"`, kindOf(input.name));
  if (input.datatype !== 'BYTES')
    throw wrong(`${where}.datatype`, 'BYTES, one image file per element', kindOf(input.datatype));
  const size = input.parameters?.binary_data_size ?? null;
  const images = size === null ? fromJson(input, where) : fromRaw(size, raw, where);
  const elements = input.shape.reduce((product, side) => product * side, 1);
  if (elements !== images.length) throw wrong(`${where}.shape`, `${images.length} elements as in data`, `${elements}`);
  return images;
}

function fromRaw(size: unknown, raw: Uint8Array, where: string): Uint8Array[] {
  if (size === raw.length) return readElements(raw, where);
  throw wrong(`${where}.parameters.binary_data_size`, `the ${raw.length} bytes after the JSON`, kindOf(size));
}

/** Base64, flat or nested as in the shape; `parameters.content_type` is ignored: images are identified by their bytes. */
function fromJson({ data }: Input, where: string): Uint8Array[] {
  if (!Array.isArray(data)) throw wrong(`${where}.data`, 'a list of base64 strings', kindOf(data));
  return data.flat(8).map((element, i) => readBase64(element, `${where}.data[${i}]`));
}

function classesOf(count: unknown): number | undefined {
  if (count === undefined || count === null) return undefined;
  if (typeof count === 'number' && Number.isInteger(count) && count > 0) return count;
  throw wrong('outputs.parameters.classification', 'a positive whole number', kindOf(count));
}
