import type { MonitorKind, Observation } from '../contracts/loop/monitor.ts';

/** In place of a number: that of the model's own eval photos. */
export const fromReference = 'reference';

/** Accuracy may be so much below the eval photos' before it is a breach. */
const slack = 0.05;

type Parameters = Readonly<Record<string, unknown>>;

const numbers: Partial<
  Record<MonitorKind, { field: string; of: (reference: readonly Observation[], given: Parameters) => number }>
> = {
  'positive-rate': { field: 'baseline', of: positiveShare },
  'measured-accuracy': { field: 'min', of: accuracyLess },
  'estimated-accuracy': { field: 'min', of: accuracyLess },
};

/** Whether a parameter stands for a number that must be taken from the reference. */
export function asksReference(kind: MonitorKind, parameters: Parameters): boolean {
  const own = numbers[kind];
  return own !== undefined && parameters[own.field] === fromReference;
}

/** As they will be, so that a kind can check them. */
export function withPlaceholder(kind: MonitorKind, parameters: Parameters): Parameters {
  return asksReference(kind, parameters) ? { ...parameters, [numbers[kind]!.field]: 0.5 } : parameters;
}

/** Parameters with the reference's own numbers put in; null when it has too few observations (`fewest`) to give one. */
export function withOwnNumbers(
  kind: MonitorKind,
  parameters: Parameters,
  reference: readonly Observation[],
  fewest = 1,
): Parameters | null {
  if (!asksReference(kind, parameters)) return parameters;
  const { field, of } = numbers[kind]!;
  const answered = reference.filter(({ label, score }) => label !== null && score !== null);
  if (answered.length < Math.max(1, fewest)) return null;
  return { ...parameters, [field]: of(answered, parameters) };
}

function positiveShare(reference: readonly Observation[], { above = 0.5 }: Parameters): number {
  return reference.filter(({ score }) => score! > Number(above)).length / reference.length;
}

function accuracyLess(reference: readonly Observation[]): number {
  const known = reference.filter(({ truth }) => truth !== null);
  const right = known.filter(({ truth, label }) => truth!.label === label).length;
  return Math.max(0, right / Math.max(1, known.length) - slack);
}
