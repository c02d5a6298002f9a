import { z } from 'zod';
import type { JsonValue } from '../../codecs/digest.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import type { ParameterDefinition } from '../define/parameter.ts';
import { placeholdersIn, substitute } from '../define/placeholder.ts';
import type { Step } from '../define/step.ts';
import type { Finding } from './finding.ts';
import { suggest } from './nearest.ts';

export type ParameterValues = Record<string, JsonValue | undefined>;

const samples: Record<ParameterDefinition['type'], JsonValue> = {
  uri: 'sample',
  string: 'sample',
  number: 1,
  integer: 1,
  boolean: true,
};

/** Samples for values that only a run has; issues at their places are ignored. */
function sampleValues(parameters: Pipeline['parameters']): ParameterValues {
  const sample = ({ type, choices, default: given }: ParameterDefinition) => given ?? choices?.[0] ?? samples[type];
  return Object.fromEntries(Object.entries(parameters).map(([name, definition]) => [name, sample(definition)]));
}

/** Checks each step's parameters against its schema; without `values`, places filled by pipeline parameters are not checked. */
export function* lintParameters(pipeline: Pipeline, values?: ParameterValues): Iterable<Finding> {
  const known = values ?? sampleValues(pipeline.parameters);
  for (const step of pipeline.steps) {
    const unsure = values ? [] : [...placeholdersIn(step.parameters)].map(({ path }) => path);
    const foreign = [...notJson(step.parameters)];
    yield* undeclared(step, pipeline);
    yield* foreign.map(({ kind, path }) => asFinding(step.name, kind, path));
    yield* againstSchema(step, substitute(step.parameters, known), [...unsure, ...foreign.map(({ path }) => path)]);
  }
}

function* undeclared(step: Step, pipeline: Pipeline): Iterable<Finding> {
  for (const { name, path } of placeholdersIn(step.parameters)) {
    if (Object.hasOwn(pipeline.parameters, name)) continue;
    const problem = `uses the pipeline parameter "${name}", which ${pipeline.name} does not declare`;
    yield {
      level: 'error',
      step: step.name,
      key: path.join('.'),
      problem,
      remedy: 'Use the parameters passed to the definition',
    };
  }
}

/** What JSON cannot hold: regular expressions, dates, functions, NaN. */
function* notJson(value: unknown, path: PropertyKey[] = []): Iterable<{ kind: string; path: PropertyKey[] }> {
  if (value === null || ['string', 'boolean', 'undefined'].includes(typeof value)) return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)) {
    for (const [key, member] of Object.entries(value as object)) yield* notJson(member, [...path, key]);
  } else yield { kind: typeof value === 'object' ? (value.constructor?.name ?? 'object') : String(value), path };
}

function asFinding(step: string, kind: string, path: PropertyKey[]): Finding {
  const question = 'For a yes-or-no question use question("unwell", { negative: /healthy/ })';
  const remedy = kind === 'RegExp' ? question : 'Use JSON values';
  const key = path.join('.') || null;
  return { level: 'error', step, key, problem: `a ${kind} cannot be recorded as JSON`, remedy };
}

function* againstSchema({ name, component }: Step, given: unknown, unsure: PropertyKey[][]): Iterable<Finding> {
  const schema = component.spec.parameters;
  const result = schema.safeParse(given);
  const keys = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  if (result.success) return yield* unknownKeys(name, given, result.data, [], keys);
  const reported = new Set<string>();
  for (const issue of result.error.issues) {
    const place = issue.path.join('.');
    if (reported.has(place) || unsure.some((path) => concerns(issue, path))) continue;
    reported.add(place);
    yield* fromIssue(name, issue, given, keys);
  }
}

/** Whether an issue may be caused by the sample at `path`: it is there or below, or above it in a union or refinement. */
function concerns(issue: z.core.$ZodIssue, path: PropertyKey[]): boolean {
  const starts = (long: PropertyKey[], short: PropertyKey[]) =>
    short.every((part, i) => String(long[i]) === String(part));
  if (starts(issue.path, path)) return true;
  return (issue.code === 'invalid_union' || issue.code === 'custom') && starts(path, issue.path);
}

function* fromIssue(step: string, issue: z.core.$ZodIssue, given: unknown, known: string[]): Iterable<Finding> {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) yield unknownKey(step, [...path, key], path.length === 0 ? known : []);
    return;
  }
  const value = issue.path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    given,
  );
  const got = value === undefined ? 'it is missing' : `got ${JSON.stringify(value)}`;
  const key = path.join('.') || null;
  yield { level: 'error', step, key, problem: `${issue.message} (${got})`, remedy: 'Correct this parameter' };
}

/** zod drops unknown members of plain objects silently: what was given but did not come out is a mistake. */
function* unknownKeys(
  step: string,
  given: unknown,
  taken: unknown,
  path: string[],
  known: string[],
): Iterable<Finding> {
  if (!isRecord(given) || !isRecord(taken)) return;
  for (const [key, member] of Object.entries(given)) {
    if (Object.hasOwn(taken, key)) yield* unknownKeys(step, member, taken[key], [...path, key], []);
    else yield unknownKey(step, [...path, key], path.length === 0 ? known : []);
  }
}

function unknownKey(step: string, path: string[], known: string[]): Finding {
  const remedy = suggest(path.at(-1) as string, known, 'Remove it');
  return { level: 'error', step, key: path.join('.'), problem: 'unknown parameter', remedy };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
