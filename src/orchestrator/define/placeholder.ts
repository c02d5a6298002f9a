import type { JsonValue } from '../../codecs/digest.ts';
import { MitateError } from '../../errors/index.ts';

declare const valueType: unique symbol;

/** Stands for a pipeline parameter, whose value is known only in a run. As JSON: `{"$param": "images"}`. */
export interface Placeholder<T> {
  readonly $param: string;
  /** For the type checker only. */
  readonly [valueType]?: () => T;
}

/** `T` where any part may be a placeholder. */
export type WithPlaceholders<T> = Placeholder<T> | (T extends object ? { [K in keyof T]: WithPlaceholders<T[K]> } : T);

/** It throws when used as a primitive, so that a template like `${images}/x` does not silently become text. */
export function createPlaceholder<T>(name: string): Placeholder<T> {
  const refuse = () => {
    throw new MitateError('PIPELINE_PARAMETER_READ', { parameter: name });
  };
  return Object.freeze(Object.defineProperty({ $param: name }, Symbol.toPrimitive, { value: refuse }));
}

export function isPlaceholder(value: unknown): value is Placeholder<unknown> {
  if (typeof value !== 'object' || value === null || !('$param' in value)) return false;
  return typeof value.$param === 'string' && Object.keys(value).length === 1;
}

/** Paths of the placeholders inside a value, with their parameters' names. */
export function* placeholdersIn(
  value: unknown,
  path: PropertyKey[] = [],
): Iterable<{ name: string; path: PropertyKey[] }> {
  if (isPlaceholder(value)) yield { name: value.$param, path };
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* placeholdersIn(item, [...path, i]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) yield* placeholdersIn(member, [...path, key]);
}

/** The value with each placeholder replaced; members whose placeholder has no value are omitted. */
export function substitute(value: unknown, values: Record<string, JsonValue | undefined>): unknown {
  if (isPlaceholder(value)) return values[value.$param];
  if (Array.isArray(value)) return value.map((item) => substitute(item, values)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = Object.entries(value).map(([key, member]) => [key, substitute(member, values)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}
