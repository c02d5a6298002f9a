import { MitateError } from '../../errors/index.ts';
import type { PipelineSpec } from './ir.ts';

/** The body of `POST https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/pipelineJobs`. */
interface PipelineJob {
  displayName: string;
  pipelineSpec: PipelineSpec;
  runtimeConfig: { gcsOutputDirectory: string; parameterValues: Record<string, never> };
  labels: Record<string, string>;
}

/** @throws COMPILE_ROOT_MISSING */
export function vertexJob(ir: PipelineSpec): PipelineJob {
  const { defaultPipelineRoot: root = '' } = ir;
  if (!/^gs:\/\/[^/]+/.test(root)) throw new MitateError('COMPILE_ROOT_MISSING', { root });
  return {
    displayName: ir.pipelineInfo.name,
    pipelineSpec: ir,
    // the values are the defaults of the pipeline's inputs
    runtimeConfig: { gcsOutputDirectory: root, parameterValues: {} },
    labels: { 'made-with': 'mitate' },
  };
}
