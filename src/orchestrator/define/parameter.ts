import type { JsonValue } from '../../codecs/digest.ts';
import { createPlaceholder, type Placeholder } from './placeholder.ts';

export const parameterTypes = ['uri', 'string', 'number', 'integer', 'boolean'] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** A pipeline's parameter, as data. */
export interface ParameterDefinition {
  type: ParameterType;
  optional: boolean;
  default?: JsonValue;
  /** The allowed values. */
  choices?: string[];
  description?: string;
}

/** Builds a parameter: `param.uri().optional()`. Each call returns a new one. */
export class Parameter<T> {
  readonly definition: ParameterDefinition;

  constructor(definition: ParameterDefinition) {
    this.definition = Object.freeze(definition);
  }

  /** May be omitted; the step parameters that it fills are then omitted, too. */
  optional(): Parameter<T | undefined> {
    return new Parameter({ ...this.definition, optional: true });
  }

  default(value: T & JsonValue): Parameter<T> {
    return new Parameter({ ...this.definition, default: value });
  }

  describe(description: string): Parameter<T> {
    return new Parameter({ ...this.definition, description });
  }

  /** Stands for the value in a definition. */
  placeholder(name: string): Placeholder<T> {
    return createPlaceholder(name);
  }
}

const of = <T>(type: ParameterType) => new Parameter<T>({ type, optional: false });

export const param = {
  /** A path or URL. A relative path is resolved against the working folder, a default against the pipeline file's folder. */
  uri: () => of<string>('uri'),
  string: () => of<string>('string'),
  number: () => of<number>('number'),
  integer: () => of<number>('integer'),
  boolean: () => of<boolean>('boolean'),
  choice: <const T extends string>(...choices: T[]) => new Parameter<T>({ type: 'string', optional: false, choices }),
};

export type Parameters = Record<string, Parameter<unknown>>;
export type Placeholders<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? Placeholder<T> : never;
};
