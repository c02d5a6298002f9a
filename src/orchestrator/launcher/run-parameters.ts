import { dirname, resolve } from 'node:path';
import type { JsonValue } from '../../codecs/digest.ts';
import { MitateError } from '../../errors/index.ts';
import type { ParameterDefinition } from '../define/parameter.ts';
import { nearest } from '../lint/nearest.ts';
import type { ParameterValues } from '../lint/parameters.ts';
import type { Program } from './program.ts';

type Declared = Pick<Program, 'name' | 'parameters'>;

/** Folders against which relative `uri` parameters are resolved. */
export interface Bases {
  /** For given values. */
  cwd: string;
  /** The pipeline file; its folder is for defaults. */
  source?: string;
}

/**
 * The value of every pipeline parameter in a run. Strings are parsed as the parameter's type.
 * Throws PIPELINE_PARAMETERS_INVALID naming each that is unknown, missing or of a wrong type.
 */
export function resolveRunParameters(
  pipeline: Declared,
  given: Record<string, unknown>,
  bases: Bases,
): ParameterValues {
  const faults: string[] = [...unknownNames(pipeline, given)];
  const values: ParameterValues = {};
  for (const [name, definition] of Object.entries(pipeline.parameters)) {
    const value = given[name] ?? null;
    if (value !== null) values[name] = read(name, definition, value, bases.cwd, faults);
    else if (definition.default !== undefined) values[name] = fromDefault(definition, bases);
    else if (!definition.optional) faults.push(`"${name}" is missing`);
  }
  if (faults.length === 0) return values;
  throw new MitateError('PIPELINE_PARAMETERS_INVALID', {
    pipeline: pipeline.name,
    reason: faults.join('; '),
    usage: usageOf(pipeline),
  });
}

function* unknownNames(pipeline: Declared, given: Record<string, unknown>): Iterable<string> {
  const known = Object.keys(pipeline.parameters);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const closest = nearest(name, known);
    yield `unknown parameter "${name}"${closest ? ` (did you mean "${closest}"?)` : ''}`;
  }
}

function read(
  name: string,
  definition: ParameterDefinition,
  value: unknown,
  cwd: string,
  faults: string[],
): JsonValue | undefined {
  const parsed = parse(definition, value);
  if (parsed === undefined) faults.push(`"${name}" must be ${expected(definition)}, got ${JSON.stringify(value)}`);
  return definition.type === 'uri' && typeof parsed === 'string' ? absolute(parsed, cwd) : parsed;
}

function parse({ type, choices }: ParameterDefinition, value: unknown): JsonValue | undefined {
  if (type === 'boolean') return { true: true, false: false }[String(value)];
  if (type === 'uri' || type === 'string') {
    const fits = typeof value === 'string' && (type === 'string' || value !== '') && (choices?.includes(value) ?? true);
    return fits ? value : undefined;
  }
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return type === 'integer' && !Number.isSafeInteger(number) ? undefined : number;
}

function expected({ type, choices }: ParameterDefinition): string {
  if (choices) return `one of ${choices.join(', ')}`;
  return {
    uri: 'a path or URL',
    string: 'a string',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
  }[type];
}

function fromDefault({ type, default: value }: ParameterDefinition, { cwd, source }: Bases): JsonValue | undefined {
  return type === 'uri' && typeof value === 'string' ? absolute(value, source ? dirname(source) : cwd) : value;
}

function absolute(uri: string, base: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(uri) ? uri : resolve(base, uri);
}

function usageOf({ parameters }: Declared): string {
  const names = Object.entries(parameters).map(([name, { optional, default: value }]) =>
    optional || value !== undefined ? `[${name}]` : name,
  );
  return names.length > 0 ? `This pipeline takes ${names.join(', ')}.` : 'This pipeline takes none.';
}
