import { basename, resolve } from 'node:path';
import type { JsonValue } from '../../codecs/digest.ts';
import { packageVersion } from '../../config/package-version.ts';
import { loadPipeline } from '../../orchestrator/define/load-pipeline.ts';
import type { ArtifactAccess } from '../../orchestrator/engine/artifact-access.ts';
import { compileIr } from '../../orchestrator/engine/compile-ir.ts';
import { toYaml } from '../../orchestrator/engine/to-yaml.ts';
import { vertexJob } from '../../orchestrator/engine/vertex-job.ts';

export const engines = ['kfp', 'vertex'] as const;
type Engine = (typeof engines)[number];

export interface Compilation {
  file: string;
  target: Engine;
  image: string;
  /** Path of the pipeline file in the image. Default: its name in `/app`. */
  pathInImage?: string | undefined;
  cpu: number;
  memory: number;
  root?: string | undefined;
  artifacts?: ArtifactAccess | undefined;
}

/**
 * The pipeline for an engine, as text: YAML for Kubeflow Pipelines, the JSON of a PipelineJob for Vertex AI.
 * @throws PIPELINE_FILE_INVALID, PIPELINE_INVALID, COMPILE_IMAGE_WITHOUT_DIGEST, COMPILE_UNSUPPORTED, COMPILE_ROOT_MISSING, IR_INVALID
 */
export async function compileForEngine({ file, target, pathInImage, ...options }: Compilation): Promise<string> {
  const pipeline = await loadPipeline(resolve(file));
  const path = pathInImage ?? `/app/${basename(file)}`;
  const ir = compileIr(pipeline, { ...options, file: path, version: packageVersion });
  if (target === 'vertex') return `${JSON.stringify(vertexJob(ir), null, 2)}\n`;
  return toYaml(ir as unknown as JsonValue);
}
