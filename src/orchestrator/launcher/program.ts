import { compilePipeline, compileStep } from '../define/compile.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import type { PipelineDefinition } from '../define/definition.ts';
import { requireSound } from '../lint/lint.ts';
import type { ParameterValues } from '../lint/parameters.ts';
import type { RunStep } from './frame.ts';

/** A pipeline whose code is loaded, in this process or in one of its own (`contained/`). */
export interface Program extends Pick<Pipeline, 'name' | 'seed' | 'parameters'> {
  /** Lints it with the values of a run. @throws PIPELINE_INVALID */
  prepare(values: ParameterValues): Promise<Prepared>;
}

export interface Prepared {
  definition: PipelineDefinition;
  /** In topological order. */
  steps: RunStep[];
  /** Of the code that was loaded; absent = of the source file as it is. */
  codeDigest?: string | null;
}

export function programHere(pipeline: Pipeline): Program {
  const { name, seed, parameters } = pipeline;
  return {
    ...{ name, seed, parameters },
    async prepare(values) {
      requireSound(pipeline, values);
      const steps = pipeline.steps.map((step) => ({
        name: step.name,
        component: step.component,
        definition: compileStep(step),
      }));
      return { definition: compilePipeline(pipeline), steps };
    },
  };
}
