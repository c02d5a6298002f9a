import { z } from 'zod';
import { artifactTypes } from '../../contracts/artifact.ts';
import { type ComponentSpec, capabilityNames } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';

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
export function checkSpec(spec: ComponentSpec): void {
  const found = [...faults(spec)];
  if (found.length > 0) throw new MitateError('COMPONENT_INVALID', { component: spec.name, reason: found.join('; ') });
}
