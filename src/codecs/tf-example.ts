import { asFloats, asInt64s, asString, ProtobufWriter, readFields, type WireField } from './protobuf.ts';

/** One feature of a `tf.train.Example`: a list of byte strings, of floats or of int64. */
export type Feature = { bytes: Uint8Array[] } | { floats: number[] } | { ints: bigint[] };
export type Features = Map<string, Feature>;

const encoder = new TextEncoder();

export const textFeature = (text: string): Feature => ({ bytes: [encoder.encode(text)] });
export const intFeature = (value: number): Feature => ({ ints: [BigInt(value)] });
export const bytesFeature = (bytes: Uint8Array): Feature => ({ bytes: [bytes] });

function writeFeature(writer: ProtobufWriter, feature: Feature): void {
  if ('bytes' in feature) {
    writer.message(1, (list) => {
      for (const value of feature.bytes) list.bytes(1, value);
    });
  } else if ('floats' in feature) writer.message(2, (list) => list.packedFloats(1, feature.floats));
  else writer.message(3, (list) => list.packedVarints(1, feature.ints));
}

/** A serialized `tf.train.Example`; keys sorted, so that equal features give equal bytes. */
export function encodeTfExample(features: Features): Uint8Array {
  const writer = new ProtobufWriter();
  const sorted = [...features].sort(([a], [b]) => (a < b ? -1 : 1));
  writer.message(1, (map) => {
    for (const [key, feature] of sorted) {
      map.message(1, (entry) => entry.string(1, key).message(2, (value) => writeFeature(value, feature)));
    }
  });
  return writer.finish();
}

function readFeature(bytes: Uint8Array): Feature | null {
  let feature: Feature | null = null;
  for (const kind of readFields(bytes)) {
    const items = [...readFields(kind.bytes)].filter((item) => item.field === 1);
    if (kind.field === 1) feature = { bytes: items.map((item) => item.bytes) };
    if (kind.field === 2) feature = { floats: items.flatMap((item) => [...asFloats(item)]) };
    if (kind.field === 3) feature = { ints: items.flatMap((item) => asInt64s(item)) };
  }
  return feature;
}

function readEntry(entry: WireField, into: Features): void {
  let key = '';
  let feature: Feature | null = null;
  for (const part of readFields(entry.bytes)) {
    if (part.field === 1) key = asString(part);
    if (part.field === 2) feature = readFeature(part.bytes);
  }
  if (feature) into.set(key, feature);
}

/**
 * Reads a serialized `tf.train.Example`. Byte values are views of the input.
 * @throws ProtobufError when the bytes are not such a message
 */
export function decodeTfExample(bytes: Uint8Array): Features {
  const features: Features = new Map();
  for (const map of readFields(bytes)) {
    if (map.field !== 1) continue;
    for (const entry of readFields(map.bytes)) if (entry.field === 1) readEntry(entry, features);
  }
  return features;
}

export function firstBytes(features: Features, key: string): Uint8Array | undefined {
  const feature = features.get(key);
  return feature && 'bytes' in feature ? feature.bytes[0] : undefined;
}

/** First byte string of a feature, as UTF-8. */
export function firstText(features: Features, key: string): string | undefined {
  const bytes = firstBytes(features, key);
  return bytes && new TextDecoder().decode(bytes);
}

export function firstInt(features: Features, key: string): bigint | undefined {
  const feature = features.get(key);
  return feature && 'ints' in feature ? feature.ints[0] : undefined;
}
