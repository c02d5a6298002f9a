import type { Random } from '../../../src/math/stats/random.ts';

/** JSON Schema, as far as the OpenAPI document uses it. */
export interface Schema {
  type?: string | string[];
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** Texts that answers carried, by the name of their member: what a later request may ask about. */
export class Known {
  readonly #texts = new Map<string, string[]>();
  readonly #kept: ReadonlySet<string>;

  /** @param kept never told: the fuzz would take its own keys away */
  constructor(kept: readonly string[]) {
    this.#kept = new Set(kept);
  }

  add(name: string, text: string): void {
    if (this.#kept.has(text)) return;
    const texts = this.#texts.get(name) ?? [];
    if (texts.includes(text)) return;
    if (texts.length >= 40) texts.shift();
    this.#texts.set(name, [...texts, text]);
  }

  /** Of the first of these names that has any. */
  of(...names: string[]): readonly string[] {
    return names.map((name) => this.#texts.get(name) ?? []).find((texts) => texts.length > 0) ?? [];
  }
}

const texts = [
  'leaf',
  'leaf@1',
  'leaf@2',
  'leaf@champion',
  'healthy',
  'unwell',
  'notes.ts',
  'notes',
  'a',
  'champion',
  '0190a1b2-0000-7000-8000-000000000001',
  '00000000-0000-0000-0000-000000000000',
  '2026-11-23T14:00:00Z',
  '2026-11-23T14:00:00.123456Z',
  '1970-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  'a'.repeat(64),
  '0'.repeat(64),
  '1d',
  '0ms',
  '99999999999999999999d',
  'https://127.0.0.1:9/',
  'https://hooks.invalid/x',
  'a@hooks.invalid',
  'MITATE_CHANNEL_SECRET',
  'MITATE_CHANNEL_NONE',
  '0 0 * * *',
  '*/5 * * * *',
  '0 0 30 2 *',
  'Asia/Tokyo',
  'plain',
  'correct horse battery',
  'eA==',
  '',
  '0',
  '-1',
  '1e400',
  'true',
  'null',
  '%',
  "'; drop table runs; --",
  '../../etc/passwd',
  '日本語の名前',
  'a\u0301\u200d🍅',
  '\u202eevil',
  '\u0007\u001b[2J',
  '\ufeff',
  'x'.repeat(300),
];
/** Within the year that a silence or a key may last, whenever the test runs. */
const soon = `${new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 11)}00:00:00Z`;
const memberNames = ['leaf@1', 'leaf@2', 'healthy', 'a', 'text', '__proto__', 'constructor', 'toString', '', '🍅'];
const numbers = [0, 1, 2, 3, 0.5, 50, 100, 1e-300, 1e15, -1, Number.MAX_SAFE_INTEGER, 1e308];

/** A value that the schema takes, as far as the schema says. @param names of `Known`, where texts are looked up first */
export function sampleOf(random: Random, schema: Schema, known: Known, names: string[]): unknown {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return sampleOf(random, random.pick(choices), known, names);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((each) => sampleOf(random, each, known, names)));
  if (schema.enum) return random.pick(schema.enum);
  switch (Array.isArray(schema.type) ? random.pick(schema.type) : schema.type) {
    case 'string':
      return textOf(random, schema, known.of(...names));
    case 'integer':
      return Math.trunc(numberOf(random, schema));
    case 'number':
      return numberOf(random, schema);
    case 'boolean':
      return random.int(2) === 0;
    case 'array': {
      const { minItems = 0, maxItems = 1_000, items = {} } = schema;
      const length = random.int(30) === 0 ? Math.min(maxItems, 200) : Math.min(maxItems, minItems + random.int(3));
      return Array.from({ length }, () => sampleOf(random, items, known, names));
    }
    case 'object':
      return objectOf(random, schema, known);
    case 'null':
      return null;
    default:
      return random.pick<unknown>([...texts, ...numbers, true, null, [], {}]);
  }
}

function textOf(
  random: Random,
  { pattern, minLength = 0, maxLength = 2_000 }: Schema,
  seen: readonly string[],
): string {
  const form = pattern === undefined ? null : new RegExp(pattern);
  const fits = (text: string) =>
    text.length >= minLength && text.length <= maxLength && (form === null || form.test(text));
  for (let tries = 0; tries < 12; tries++) {
    const isSeen = seen.length > 0 && random.int(4) > 0;
    const text = random.int(12) === 0 ? `fuzz-${random.int(50)}` : random.pick(isSeen ? seen : [...texts, soon]);
    if (fits(text)) return text;
  }
  return texts.find(fits) ?? 'x'.repeat(random.pick([minLength, Math.min(maxLength, 5_000)]));
}

function numberOf(random: Random, { minimum, maximum, exclusiveMinimum }: Schema): number {
  const [low, high] = [minimum ?? exclusiveMinimum ?? Number.NEGATIVE_INFINITY, maximum ?? Number.POSITIVE_INFINITY];
  const fits = (number: number) => number >= low && number <= high && number !== exclusiveMinimum;
  const within = [...numbers, low, low + 1, high, high - 1].filter((number) => fits(number) && Number.isFinite(number));
  return within.length > 0 ? random.pick(within) : low + (high - low) / 2;
}

/** The places of what a member refers to. */
const namesOf = (name: string) =>
  name === 'id' ? ['requests.publicId'] : [`${name}s.name`, `${name}s.publicId`, `${name}s.id`, name];

function objectOf(random: Random, { properties = {}, required = [], additionalProperties }: Schema, known: Known) {
  const entries = Object.entries(properties)
    .filter(([name]) => required.includes(name) || random.int(5) < 2)
    .map(([name, schema]) => [name, sampleOf(random, schema, known, namesOf(name))]);
  if (typeof additionalProperties === 'object')
    for (let more = random.int(3); more > 0; more--)
      entries.push([random.pick(memberNames), sampleOf(random, additionalProperties, known, ['label'])]);
  return Object.fromEntries(entries);
}
