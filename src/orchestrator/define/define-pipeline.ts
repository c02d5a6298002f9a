import { MitateError } from '../../errors/index.ts';
import { collectSteps } from './builder.ts';
import type { ParameterDefinition, Parameters, Placeholders } from './parameter.ts';
import type { Step } from './step.ts';

const brand = Symbol.for('mitate.pipeline');

export interface PipelineOptions {
  /** Unsigned 32-bit; a run may override it. Default 20. */
  seed?: number;
  description?: string;
}

/** A defined pipeline. Its steps are in the order in which they were added, which is a topological order. */
export interface Pipeline {
  readonly name: string;
  readonly description: string | null;
  readonly seed: number;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly steps: readonly Step[];
  /** The `owner` of its channels. */
  readonly owner: object;
}

/**
 * Defines a pipeline. `define` is called immediately with a placeholder for each parameter; each component called in it adds a step.
 * Throws PIPELINE_NAME_INVALID, PIPELINE_ASYNC.
 */
export function definePipeline<const P extends Parameters>(
  name: string,
  parameters: P,
  define: (parameters: Placeholders<P>) => void,
  options: PipelineOptions = {},
): Pipeline {
  if (!/^[a-z0-9][a-z0-9-]{0,127}$/.test(name)) throw new MitateError('PIPELINE_NAME_INVALID', { name: String(name) });
  const entries = Object.entries(parameters);
  const placeholders = Object.fromEntries(entries.map(([key, parameter]) => [key, parameter.placeholder(key)]));
  const { steps, owner } = collectSteps(() => {
    const answer: unknown = define(placeholders as Placeholders<P>);
    if (answer instanceof Promise) throw new MitateError('PIPELINE_ASYNC', { name });
  });
  return Object.freeze({
    [brand]: true,
    name,
    description: options.description ?? null,
    seed: (options.seed ?? 20) >>> 0,
    parameters: Object.fromEntries(entries.map(([key, parameter]) => [key, parameter.definition])),
    steps,
    owner,
  });
}

export function isPipeline(value: unknown): value is Pipeline {
  return typeof value === 'object' && value !== null && brand in value;
}
