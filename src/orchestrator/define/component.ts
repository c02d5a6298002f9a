import { z } from 'zod';
import { artifactTypes } from '../../contracts/artifact.ts';
import {
  type ComponentModule,
  type ComponentSpec,
  capabilityNames,
  type Granted,
  type Inputs,
  type Outputs,
} from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import { addStep } from './builder.ts';
import type { Channel } from './channel.ts';
import type { WithPlaceholders } from './placeholder.ts';
import type { AnyComponent, StepOptions } from './step.ts';

/** Inputs with a history are filled by the launcher, not wired. */
type Wired<I extends Inputs> = { [K in keyof I as I[K] extends { history: object } ? never : K]: I[K] };
type RequiredInputs<I extends Inputs> = {
  [K in keyof I as I[K] extends { optional: true } ? never : K]: Channel<I[K]['type']>;
};
type OptionalInputs<I extends Inputs> = {
  [K in keyof I as I[K] extends { optional: true } ? K : never]?: Channel<I[K]['type']> | undefined;
};
type StepParameters<P extends z.ZodType> = string extends keyof z.input<P>
  ? unknown
  : { [K in keyof z.input<P>]: WithPlaceholders<z.input<P>[K]> };

/** Arguments of a step: channels for its inputs, and its parameters. */
export type StepArguments<S extends ComponentSpec> = RequiredInputs<Wired<S['inputs']>> &
  OptionalInputs<Wired<S['inputs']>> &
  StepParameters<S['parameters']>;
export type StepOutputs<O extends Outputs> = { readonly [K in keyof O]: Channel<O[K]['type']> };

type ModuleOf<S> = S extends ComponentSpec<infer I, infer O, infer P> ? ComponentModule<I, O, P, Granted<S>> : never;

/** A component's code: loaded when a step needs it, or given directly. */
export type ComponentCode<S extends ComponentSpec> = { load: () => Promise<ModuleOf<S>> } | ModuleOf<S>;

/** A function that adds a step to the pipeline being defined. */
export interface Component<S extends ComponentSpec = ComponentSpec> {
  (
    ...given: Record<never, never> extends StepArguments<S>
      ? [args?: StepArguments<S>, options?: StepOptions]
      : [args: StepArguments<S>, options?: StepOptions]
  ): StepOutputs<S['outputs']>;
  readonly spec: S;
  readonly load: () => Promise<ModuleOf<S>>;
}

/**
 * Makes a component from a spec and its code: `{ spec, run }` or `{ spec, load: () => import('./run.ts') }`.
 * Throws COMPONENT_INVALID when the spec contradicts itself.
 */
export function defineComponent<const S extends ComponentSpec>(
  definition: { spec: S } & ComponentCode<S>,
): Component<S> {
  const { spec } = definition;
  checkSpec(spec);
  const load = 'load' in definition ? definition.load : async () => definition as unknown as ModuleOf<S>;
  const component = { spec, load } as unknown as AnyComponent;
  const add = (args: Record<string, unknown> = {}, options: StepOptions = {}) => addStep(component, args, options);
  return Object.assign(add, component) as unknown as Component<S>;
}

function* faults(spec: ComponentSpec): Iterable<string> {
  if (!/^[A-Z][A-Za-z0-9]{0,63}$/.test(spec.name)) yield 'its name must look like "LeafCounter"';
  if (typeof spec.version !== 'string' || spec.version === '') yield 'its version must be a string like "1"';
  for (const [side, ports] of [['input', spec.inputs] as const, ['output', spec.outputs] as const]) {
    for (const [key, port] of Object.entries(ports)) {
      if (!/^[a-z][A-Za-z0-9]{0,63}$/.test(key)) yield `${side} "${key}" must look like "pushedModel"`;
      if (!artifactTypes.includes(port.type)) yield `${side} "${key}" has the unknown type "${port.type}"`;
    }
  }
  const parameters = spec.parameters instanceof z.ZodObject ? Object.keys(spec.parameters.shape) : null;
  if (!parameters) yield 'its parameters must be a z.object(...)';
  for (const key of parameters ?? []) {
    if (Object.hasOwn(spec.inputs, key)) yield `"${key}" is both an input and a parameter`;
  }
  for (const name of spec.capabilities ?? []) {
    if (!capabilityNames.includes(name)) yield `it has the unknown capability "${name}"`;
  }
  if ('readsGolden' in spec) yield 'readsGolden is now capabilities: ["golden"]';
  for (const key of spec.sameAsAbsent ?? []) {
    if (!Object.hasOwn(spec.inputs, key)) yield `sameAsAbsent names "${key}", which is not an input`;
  }
}

/** Throws COMPONENT_INVALID listing every fault of the spec. */
function checkSpec(spec: ComponentSpec): void {
  const found = [...faults(spec)];
  if (found.length > 0) throw new MitateError('COMPONENT_INVALID', { component: spec.name, reason: found.join('; ') });
}
