import type { ComponentSpec, RunResult } from '../../contracts/component.ts';
import { type Intent, intentSchema } from '../../contracts/intent.ts';
import { MitateError } from '../../errors/index.ts';

/** The outputs that a result fills from their folders; throws STEP_INTENT_INVALID when it says what its spec does not allow. */
export function outputsToPublish(step: string, spec: ComponentSpec, result: RunResult): string[] {
  const [fault] = faults(spec, result);
  if (fault) throw new MitateError('STEP_INTENT_INVALID', { step, component: spec.name, reason: fault });
  const resolved = (result.intents ?? []).flatMap((intent) => (intent.kind === 'resolve-model' ? [intent.output] : []));
  const empty = new Set([...(result.absent ?? []), ...resolved]);
  return Object.keys(spec.outputs).filter((key) => !empty.has(key));
}

function* faults(spec: ComponentSpec, { absent = [], properties = {}, intents = [] }: RunResult): Iterable<string> {
  for (const key of absent) {
    if (!spec.outputs[key]?.optional) yield `"${key}" is called absent but is no optional output`;
  }
  for (const key of Object.keys(properties))
    if (!spec.outputs[key]) yield `properties are given for the unknown output "${key}"`;
  for (const intent of intents) yield* intentFaults(spec, intent);
}

function* intentFaults({ inputs, outputs }: ComponentSpec, intent: Intent): Iterable<string> {
  const parsed = intentSchema.safeParse(intent);
  if (!parsed.success) return yield `an intent is malformed: ${parsed.error.issues[0]?.message}`;
  if (intent.kind === 'resolve-model') {
    const port = outputs[intent.output];
    if (port?.type !== 'Model' || !port.optional)
      yield `resolve-model names "${intent.output}", which is no optional Model output`;
    return;
  }
  if (inputs[intent.input]?.type !== 'Model') yield `push-model names "${intent.input}", which is no Model input`;
  if (outputs[intent.output]?.type !== 'PushedModel')
    yield `push-model names "${intent.output}", which is no PushedModel output`;
}
