import { z } from 'zod';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Schema {
  type?: string;
  const?: Json;
  enum?: Json[];
  default?: Json;
  format?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

const texts: Record<string, string> = {
  uuid: '0190a1b2-0000-7000-8000-000000000001',
  'date-time': '2026-11-23T14:00:00Z',
};

/**
 * Values that a schema takes, with `bad` in the place of one free text each. Every text of every alternative is replaced once, and with
 * free members one name.
 */
export function spoiled(schema: z.ZodType, bad: string): { place: string; value: Json }[] {
  return [...walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema, bad, '')];
}

function* walk(schema: Schema, bad: string, place: string): Generator<{ place: string; value: Json }> {
  for (const one of schema.anyOf ?? schema.oneOf ?? []) yield* walk(one, bad, place);
  for (const [i, one] of (schema.allOf ?? []).entries()) {
    const rest = (schema.allOf ?? []).filter((_, j) => j !== i).map(sample);
    for (const found of walk(one, bad, place)) yield { ...found, value: Object.assign({}, ...rest, found.value) };
  }
  if (isText(schema)) yield { place, value: bad };
  for (const found of schema.items ? walk(schema.items, bad, `${place}[]`) : [])
    yield { ...found, value: [found.value] };
  for (const [name, member] of Object.entries(schema.properties ?? {}))
    for (const found of walk(member, bad, `${place}.${name}`))
      yield { ...found, value: { ...(sample({ ...schema, anyOf: [] }) as object), [name]: found.value } };
  if (typeof schema.additionalProperties === 'object') {
    yield { place: `${place}.*`, value: { x: bad } };
    yield { place: `${place} names`, value: { [bad]: sample(schema.additionalProperties) } };
  }
}

const isText = ({ type, const: fixed, enum: words }: Schema) =>
  type === 'string' && fixed === undefined && words === undefined;

function sample(schema: Schema): Json {
  const { type, const: fixed, enum: words, format = '', properties = {}, items } = schema;
  if (fixed !== undefined) return fixed;
  if (words?.[0] !== undefined) return words[0];
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(sample));
  const [first] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (first) return sample(first);
  if (type === 'string') return texts[format] ?? 'leaf';
  if (type === 'number' || type === 'integer') return Math.max(1, schema.minimum ?? 1);
  if (type === 'boolean') return true;
  if (type === 'array') return items ? [sample(items)] : [];
  if (type === 'object')
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, sample(one)]));
  return null;
}
