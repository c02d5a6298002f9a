import { MitateError } from '../../errors/index.ts';
import type { ParameterType } from './parameter.ts';

const brand = Symbol.for('mitate.placeholder');
declare const valueType: unique symbol;

/** Stands for a pipeline parameter's value until a run gives it. As JSON: `{"$param": "images"}`. */
export interface Placeholder<T> {
  readonly $param: string;
  /** For the compiler alone. */
  readonly [valueType]?: () => T;
}

/** `T` where any part may be a placeholder. */
export type WithPlaceholders<T> = Placeholder<T> | (T extends object ? { [K in keyof T]: WithPlaceholders<T[K]> } : T);

/** A placeholder has no value yet, so a template like `${images}/x` must not quietly become text. */
function refuse(name: string) {
  return () => {
    throw new MitateError('PIPELINE_PARAMETER_READ', { parameter: name });
  };
}

export function createPlaceholder<T>(name: string, type: ParameterType): Placeholder<T> {
  const hidden = { [brand]: { value: type }, [Symbol.toPrimitive]: { value: refuse(name) } };
  return Object.freeze(Object.defineProperties({ $param: name }, hidden));
}

export function isPlaceholder(value: unknown): value is Placeholder<unknown> {
  return typeof value === 'object' && value !== null && brand in value;
}

export function placeholderType(placeholder: Placeholder<unknown>): ParameterType {
  return (placeholder as unknown as Record<symbol, ParameterType>)[brand] as ParameterType;
}
