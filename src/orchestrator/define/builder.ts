import { MitateError } from '../../errors/index.ts';
import { type Channel, createChannel, isChannel } from './channel.ts';
import type { AnyComponent, Step, StepOptions } from './step.ts';

interface Builder {
  steps: Step[];
}

// On globalThis: the CLI and a user's pipeline may hold two copies of this module.
const slot = Symbol.for('mitate.builder');
const shared = globalThis as { [slot]?: Builder };

/** Collects the steps that `define` adds. */
export function collectSteps(define: (owner: object) => void): { steps: Step[]; owner: object } {
  const builder: Builder = { steps: [] };
  const outer = shared[slot];
  shared[slot] = builder;
  try {
    define(builder);
  } finally {
    if (outer) shared[slot] = outer;
    else delete shared[slot];
  }
  return { steps: builder.steps, owner: builder };
}

/** `ExampleGen` -> `example-gen`. */
export function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

function freeName(base: string, steps: Step[]): string {
  const taken = new Set(steps.map((step) => step.name));
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
  return name;
}

export function addStep(component: AnyComponent, args: Record<string, unknown>, options: StepOptions) {
  const builder = shared[slot];
  const { spec } = component;
  if (!builder) throw new MitateError('PIPELINE_STEP_OUTSIDE', { component: spec.name });
  const name = options.name ?? freeName(kebab(spec.name), builder.steps);
  const given = Object.entries(args ?? {}).filter(([, value]) => value !== undefined);
  const isInput = ([key, value]: [string, unknown]) => Object.hasOwn(spec.inputs, key) || isChannel(value);
  const inputs = Object.fromEntries(given.filter(isInput));
  const parameters = Object.fromEntries(given.filter((entry) => !isInput(entry)));
  builder.steps.push({ name, component, inputs, parameters, options });
  return outputsOf(component, name, builder);
}

function outputsOf(component: AnyComponent, step: string, owner: object): Record<string, Channel> {
  const channel = (key: string, type: Channel['type']) => createChannel({ step, key, type, owner });
  const outputs = Object.entries(component.spec.outputs);
  return Object.fromEntries(outputs.map(([key, port]) => [key, channel(key, port.type)]));
}
