import { digestOf, type JsonValue } from '../../codecs/digest.ts';
import { durationMs } from '../../codecs/duration.ts';
import type { Channel } from './channel.ts';
import type { Pipeline } from './define-pipeline.ts';
import type { PipelineDefinition, StepDefinition } from './definition.ts';
import type { Step } from './step.ts';

export function compileStep({ name, component, inputs, parameters, options }: Step): StepDefinition {
  const wires = Object.entries(inputs as Record<string, Channel>);
  return {
    name,
    component: { name: component.spec.name, version: component.spec.version },
    inputs: Object.fromEntries(wires.map(([key, channel]) => [key, { step: channel.step, output: channel.key }])),
    parameters: JSON.parse(JSON.stringify(parameters)) as Record<string, JsonValue>,
    retries: options.retries ?? 0,
    timeoutMs: options.timeout === undefined ? 0 : (durationMs(options.timeout) ?? 0),
  };
}

/** The pipeline as plain JSON. It must have passed linting. */
export function compilePipeline(pipeline: Pipeline): PipelineDefinition {
  const { name, seed, parameters, steps } = pipeline;
  return { format: 'mitate-pipeline/1', name, seed, parameters: { ...parameters }, steps: steps.map(compileStep) };
}

export function definitionDigest(definition: PipelineDefinition): string {
  return digestOf(definition);
}
