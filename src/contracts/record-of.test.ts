import { is, SQL } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordOf } from './record-of.ts';

const counts = recordOf(z.int());

describe('a record of any text', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a\u2028b', ''])('keeps the key %j', (key) => {
    const text = `{${JSON.stringify(key)}:1,"other":2}`;
    const parsed = counts.parse(JSON.parse(text));
    expect(JSON.stringify(parsed)).toBe(text);
    expect(parsed[key]).toBe(1);
  });

  it('has nothing that was not given', () => {
    const parsed = counts.parse({ a: 1 });
    for (const key of ['__proto__', 'constructor', 'toString']) expect(parsed[key]).toBeUndefined();
  });

  it('keeps its keys when it is described, optional, nested or has a default', () => {
    const schema = z.object({ counts: recordOf(counts).describe('by label').optional().default({}) });
    const given = JSON.parse('{"counts":{"__proto__":{"__proto__":1}}}');
    expect(JSON.stringify(schema.parse(given))).toBe('{"counts":{"__proto__":{"__proto__":1}}}');
    expect(JSON.stringify(schema.parse({}))).toBe('{"counts":{}}');
  });

  it('validates every value, with its path', () => {
    const [issue] = counts.safeParse(JSON.parse('{"__proto__":"x"}')).error!.issues;
    expect(issue).toMatchObject({ code: 'invalid_type', path: ['__proto__'] });
    for (const given of [null, [], 'text', new Map(), 1]) expect(counts.safeParse(given).success).toBe(false);
  });

  it('can be inserted by drizzle, which fails on an object with null as its prototype (releases: INTERNAL)', () => {
    expect(is(counts.parse({ a: 1 }), SQL)).toBe(false);
    expect(counts.parse(counts.parse({ a: 1 }))).toEqual({ a: 1 });
  });

  it('has the JSON Schema of z.record', () => {
    expect(z.toJSONSchema(counts)).toEqual(z.toJSONSchema(z.record(z.string(), z.int())));
  });
});
