import type { MonitorKind, Observation } from '../contracts/loop/monitor.ts';

/** In place of a number: take it from the model's eval photos. */
const fromReference = 'reference';

/** Allowed fall of accuracy below the eval photos'. */
const slack = 0.05;

type Parameters = Readonly<Record<string, unknown>>;

const numbers: Partial<
  Record<MonitorKind, { field: string; of: (reference: readonly Observation[], given: Parameters) => number }>
> = {
  'positive-rate': { field: 'baseline', of: positiveShare },
  'measured-accuracy': { field: 'min', of: minAccuracy },
  'estimated-accuracy': { field: 'min', of: minAccuracy },
};

function numberOf(kind: MonitorKind, parameters: Parameters) {
  const own = numbers[kind];
  return own && parameters[own.field] === fromReference ? own : undefined;
}

export function usesReference(kind: MonitorKind, parameters: Parameters): boolean {
  return numberOf(kind, parameters) !== undefined;
}

/** Parameters with a placeholder number, for validation. */
export function withPlaceholder(kind: MonitorKind, parameters: Parameters): Parameters {
  const own = numberOf(kind, parameters);
  return own ? { ...parameters, [own.field]: 0.5 } : parameters;
}

/** Parameters with the reference's number; null when it has fewer than `fewest` answered observations. */
export function withReferenceNumber(
  kind: MonitorKind,
  parameters: Parameters,
  reference: readonly Observation[],
  fewest = 1,
): Parameters | null {
  const own = numberOf(kind, parameters);
  if (own === undefined) return parameters;
  const answered = reference.filter(({ label, score }) => label !== null && score !== null);
  if (answered.length < Math.max(1, fewest)) return null;
  return { ...parameters, [own.field]: own.of(answered, parameters) };
}

function positiveShare(reference: readonly Observation[], { above = 0.5 }: Parameters): number {
  return reference.filter(({ score }) => score! > Number(above)).length / reference.length;
}

function minAccuracy(reference: readonly Observation[]): number {
  const known = reference.filter(({ truth }) => truth !== null);
  const right = known.filter(({ truth, label }) => truth!.label === label).length;
  return Math.max(0, right / Math.max(1, known.length) - slack);
}
