import { ProtobufError } from '../../codecs/protobuf.ts';
import { decodeTfExample, type Features, firstBytes } from '../../codecs/tf-example.ts';
import { MitateError } from '../../errors/index.ts';
import { kindOf, readBase64 } from './read-base64.ts';

/** Keys that may hold the photo, in search order. */
const photoFields = ['b64', 'image_bytes', 'image', 'content', 'image_raw', 'examples', 'input', 'data'];
/** Features of a tf.Example: the original system's, then TensorFlow's usual one. */
const photoFeatures = ['image_raw', 'image/encoded'];

/**
 * The photo of one instance of `{"instances": [...]}`, as clients of Vertex AI, TensorFlow Serving and KServe write it:
 * base64 text, `{ "b64" }`, or either of them under a key (`image_bytes`, `content`, ...). The bytes are an image or a
 * serialized tf.Example with one.
 *
 * @param where for the error: `instances[0]`
 * @throws REQUEST_SHAPE_INVALID, REQUEST_BASE64_INVALID, REQUEST_EXAMPLE_INVALID, REQUEST_WITHOUT_IMAGE
 */
export function readInstance(instance: unknown, where: string): Uint8Array {
  const bytes = readBase64(textOf(instance, where), where);
  return isTfExample(bytes) ? photoOf(bytes, where) : bytes;
}

function textOf(instance: unknown, where: string): unknown {
  if (typeof instance === 'string') return instance;
  const outer = memberOf(instance, photoFields);
  if (typeof outer === 'string') return outer;
  const inner = memberOf(outer, ['b64']);
  if (typeof inner === 'string') return inner;
  const expected = 'base64, {"b64"}, {"image_bytes": {"b64"}} or {"content"}';
  throw new MitateError('REQUEST_SHAPE_INVALID', { where, expected, got: kindOf(instance) });
}

/** Own members only: "__proto__" and "constructor" are ordinary keys. Null is as if left out. */
function memberOf(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const members = value as Record<string, unknown>;
  const name = names.find((candidate) => Object.hasOwn(value, candidate) && members[candidate] !== null);
  return name === undefined ? undefined : members[name];
}

/** A tf.Example starts with field 1 (its features, length-delimited): byte 0x0a, which starts no image. */
function isTfExample(bytes: Uint8Array): boolean {
  return bytes[0] === 0x0a;
}

function photoOf(bytes: Uint8Array, where: string): Uint8Array {
  const features = decoded(bytes, where);
  for (const name of photoFeatures) {
    const photo = firstBytes(features, name);
    if (photo) return photo;
  }
  const names = [...features.keys()].slice(0, 10).join(', ');
  throw new MitateError('REQUEST_EXAMPLE_INVALID', {
    where,
    reason: `the tf.Example has no image_raw; it has ${names || 'nothing'}`,
  });
}

function decoded(bytes: Uint8Array, where: string): Features {
  try {
    return decodeTfExample(bytes);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new MitateError('REQUEST_EXAMPLE_INVALID', { where, reason: `no image and no tf.Example: ${error.message}` });
  }
}
