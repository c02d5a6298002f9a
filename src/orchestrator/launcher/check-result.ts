import type { ComponentSpec, OutputPort, RunResult } from '../../contracts/component.ts';
import { type Intent, intentSchema } from '../../contracts/intent.ts';
import { MitateError } from '../../errors/index.ts';

/** The outputs whose folders are to be published. Throws STEP_INTENT_INVALID when the result violates the spec. */
export function outputsToPublish(
  step: string,
  spec: ComponentSpec,
  result: RunResult,
): [key: string, port: OutputPort][] {
  const [fault] = faults(spec, result);
  if (fault) throw new MitateError('STEP_INTENT_INVALID', { step, component: spec.name, reason: fault });
  const resolved = (result.intents ?? []).flatMap((intent) => (intent.kind === 'resolve-model' ? [intent.output] : []));
  const empty = new Set([...(result.absent ?? []), ...resolved]);
  return Object.entries(spec.outputs).filter(([key]) => !empty.has(key));
}

function* faults(spec: ComponentSpec, { absent = [], properties = {}, intents = [] }: RunResult): Iterable<string> {
  for (const key of absent) {
    if (!spec.outputs[key]?.optional) yield `"${key}" is listed as absent but is not an optional output`;
  }
  for (const key of Object.keys(properties))
    if (!spec.outputs[key]) yield `it has properties for the unknown output "${key}"`;
  for (const intent of intents) yield* intentFaults(spec, intent);
}

function* intentFaults({ inputs, outputs }: ComponentSpec, intent: Intent): Iterable<string> {
  const parsed = intentSchema.safeParse(intent);
  if (!parsed.success) return yield `an intent is malformed: ${parsed.error.issues[0]?.message}`;
  if (intent.kind === 'resolve-model') {
    const port = outputs[intent.output];
    if (port?.type !== 'Model' || !port.optional)
      yield `resolve-model names "${intent.output}", which is not an optional Model output`;
    return;
  }
  if (inputs[intent.input]?.type !== 'Model') yield `push-model names "${intent.input}", which is not a Model input`;
  if (outputs[intent.output]?.type !== 'PushedModel')
    yield `push-model names "${intent.output}", which is not a PushedModel output`;
}
