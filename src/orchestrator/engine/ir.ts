import type { JsonValue } from '../../codecs/digest.ts';

/** The only version of the intermediate representation that Kubeflow Pipelines and Vertex AI take. */
export const irVersion = '2.1.0';

export const parameterTypesOfIr = ['NUMBER_DOUBLE', 'NUMBER_INTEGER', 'STRING', 'BOOLEAN', 'LIST', 'STRUCT'] as const;
type ParameterTypeOfIr = (typeof parameterTypesOfIr)[number];

export interface ParameterSpec {
  parameterType: ParameterTypeOfIr;
  defaultValue?: JsonValue;
  isOptional?: boolean;
}

interface ArtifactSpec {
  artifactType: { schemaTitle: string; schemaVersion: '0.0.1' };
  isOptional?: boolean;
}

interface Definitions {
  parameters?: Record<string, ParameterSpec>;
  artifacts?: Record<string, ArtifactSpec>;
}

export type ParameterSource =
  | { componentInputParameter: string }
  | { taskOutputParameter: { producerTask: string; outputParameterKey: string } }
  | { runtimeValue: { constant: JsonValue } };

export type ArtifactSource =
  | { componentInputArtifact: string }
  | { taskOutputArtifact: { producerTask: string; outputArtifactKey: string } };

export interface IrTask {
  taskInfo: { name: string };
  componentRef: { name: string };
  cachingOptions: { enableCache?: boolean };
  dependentTasks?: string[];
  inputs?: { parameters?: Record<string, ParameterSource>; artifacts?: Record<string, ArtifactSource> };
  triggerPolicy?: { condition?: string; strategy?: string };
  retryPolicy?: {
    maxRetryCount: number;
    backoffDuration: string;
    backoffFactor: number;
    backoffMaxDuration: string;
  };
}

export interface IrDag {
  tasks: Record<string, IrTask>;
}

export interface IrComponent {
  inputDefinitions?: Definitions;
  outputDefinitions?: Definitions;
  /** One of the two. */
  executorLabel?: string;
  dag?: IrDag;
}

interface IrContainer {
  image: string;
  command: string[];
  args: string[];
  resources?: {
    resourceCpuLimit: string;
    resourceMemoryLimit: string;
    /** Deprecated twins in cores and gigabytes, which Vertex AI reads. */
    cpuLimit: number;
    memoryLimit: number;
  };
}

/** A pipeline as Kubeflow Pipelines takes it (`ml_pipelines.PipelineSpec` as JSON). */
export interface PipelineSpec {
  pipelineInfo: { name: string };
  schemaVersion: string;
  sdkVersion: string;
  defaultPipelineRoot?: string;
  components: Record<string, IrComponent>;
  deploymentSpec: { executors: Record<string, { container: IrContainer }> };
  root: { inputDefinitions?: Definitions; dag: IrDag };
}
