import { z } from 'zod';
import { recordOf } from '../../contracts/record-of.ts';
import { parameterTypes } from './parameter.ts';

const jsonSchema = z.json();

export const stepDefinitionSchema = z.object({
  name: z.string(),
  component: z.object({ name: z.string(), version: z.string() }),
  /** Input key -> the step and output that fill it. */
  inputs: recordOf(z.object({ step: z.string(), output: z.string() })),
  /** `{"$param": "images"}` stands for a pipeline parameter, at any depth. */
  parameters: recordOf(jsonSchema),
  retries: z.int().min(0),
  /** 0 = no limit. */
  timeoutMs: z.int().min(0),
});
export type StepDefinition = z.infer<typeof stepDefinitionSchema>;

/** A pipeline as plain JSON, to be digested, recorded and compiled for other runners. */
export const pipelineDefinitionSchema = z.object({
  format: z.literal('mitate-pipeline/1'),
  name: z.string(),
  seed: z.int().min(0).max(0xffffffff),
  parameters: recordOf(
    z.object({
      type: z.enum(parameterTypes),
      optional: z.boolean(),
      default: jsonSchema.optional(),
      choices: z.array(z.string()).optional(),
      description: z.string().optional(),
    }),
  ),
  steps: z.array(stepDefinitionSchema),
});
export type PipelineDefinition = z.infer<typeof pipelineDefinitionSchema>;
