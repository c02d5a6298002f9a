import { isChannel } from '../define/channel.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import type { Step } from '../define/step.ts';
import type { Finding } from './finding.ts';
import { suggest } from './nearest.ts';

/** Checks that each input is wired to an output of the right type of an earlier step of this pipeline. */
export function* lintWiring(pipeline: Pipeline): Iterable<Finding> {
  const earlier = new Map<string, Step>();
  for (const step of pipeline.steps) {
    yield* missing(step, pipeline);
    for (const [key, value] of Object.entries(step.inputs)) yield* wire(step, key, value, pipeline, earlier);
    earlier.set(step.name, step);
  }
}

function* missing({ name, component, inputs }: Step, pipeline: Pipeline): Iterable<Finding> {
  for (const [key, port] of Object.entries(component.spec.inputs)) {
    if (port.optional || port.history || Object.hasOwn(inputs, key)) continue;
    const sources = sourcesOf(port.type, pipeline).filter((source) => !source.startsWith(`${name}.`));
    const remedy =
      sources.length > 0 ? `Pass ${sources.join(' or ')}` : `Add a step before it that outputs ${port.type}`;
    yield { level: 'error', step: name, key, problem: `this input (${port.type}) is not wired`, remedy };
  }
}

function sourcesOf(type: string, pipeline: Pipeline): string[] {
  return pipeline.steps.flatMap(({ name, component }) =>
    Object.entries(component.spec.outputs).flatMap(([key, port]) => (port.type === type ? [`${name}.${key}`] : [])),
  );
}

function* wire(
  step: Step,
  key: string,
  value: unknown,
  pipeline: Pipeline,
  earlier: Map<string, Step>,
): Iterable<Finding> {
  const { name, component } = step;
  const at = (problem: string, remedy: string): Finding => ({ level: 'error', step: name, key, problem, remedy });
  const port = component.spec.inputs[key];
  const inputs = Object.keys(component.spec.inputs).filter((input) => !component.spec.inputs[input]?.history);
  if (!port) return yield at(`${component.spec.name} has no such input`, suggest(key, inputs, 'It takes no inputs'));
  if (port.history) return yield at("this input is filled with an earlier run's artifact", 'Remove it');
  if (!isChannel(value))
    return yield at(`expected ${port.type} from another step, got ${describe(value)}`, hintFor(port.type, pipeline));
  if (value.owner !== pipeline.owner)
    return yield at(`it comes from step "${value.step}" of another pipeline`, 'Wire outputs of this pipeline only');
  if (!earlier.has(value.step))
    return yield at(
      `it comes from "${value.step}", which is not before this step`,
      'Move that step up; a pipeline has no cycles',
    );
  if (value.type !== port.type)
    yield at(`expected ${port.type}, got ${value.type} (${value.step}.${value.key})`, hintFor(port.type, pipeline));
}

function hintFor(type: string, pipeline: Pipeline): string {
  const sources = sourcesOf(type, pipeline);
  return sources.length > 0 ? `Pass ${sources.join(' or ')}` : `Add a step that outputs ${type}`;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? typeof value;
  const outputs = Object.entries(value).filter(([, member]) => isChannel(member));
  return outputs.length > 0
    ? `all outputs of a step; use one, as in { ${outputs[0]?.[0]} }`
    : 'a value that is not an output of a step';
}
