import type { z } from 'zod';

/**
 * Parses JSON; a member that is null, where the schema takes none, is as if left out: serialisers of C#, Java and Kotlin write absent members
 * so.
 */
export function parseNullsAsAbsent<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success || typeof value !== 'object' || value === null) return result;
  const copy = structuredClone(value);
  const nulls = result.error.issues.filter(({ path }) => removeNull(copy, path));
  if (nulls.length === 0) return result;
  const again = schema.safeParse(copy);
  return again.success ? again : result;
}

function removeNull(value: object, path: readonly PropertyKey[]): boolean {
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], value);
  const name = path.at(-1);
  if (name === undefined || typeof parent !== 'object' || parent === null || Array.isArray(parent)) return false;
  const members = parent as Record<PropertyKey, unknown>;
  return Object.hasOwn(members, name) && members[name] === null && delete members[name];
}
