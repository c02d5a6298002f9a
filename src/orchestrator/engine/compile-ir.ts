import type { ArtifactType } from '../../contracts/artifact.ts';
import type { ComponentSpec } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import { compilePipeline, definitionDigest } from '../define/compile.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import type { PipelineDefinition, StepDefinition } from '../define/definition.ts';
import type { ParameterType } from '../define/parameter.ts';
import { requireSound } from '../lint/lint.ts';
import type { ArtifactAccess } from './artifact-access.ts';
import { blessedParameter, blessingKinds } from './blessed.ts';

import type { ArtifactSource, IrComponent, IrTask, ParameterSource, ParameterSpec, PipelineSpec } from './ir.ts';
import { irVersion } from './ir.ts';
import { requireSoundIr } from './lint-ir.ts';

export interface CompileOptions {
  /** `registry/name@sha256:...` */
  image: string;
  /** Absolute path of the pipeline file in the image. */
  file: string;
  version: string;
  /** Of each step: cores, and gigabytes of memory. */
  cpu: number;
  memory: number;
  /** Where the engine puts artifacts; absent = its own default. */
  root?: string | undefined;
  /** How steps reach artifacts; default: mounted. */
  artifacts?: ArtifactAccess | undefined;
}

const parameterTypes: Record<ParameterType, ParameterSpec['parameterType']> = {
  uri: 'STRING',
  string: 'STRING',
  number: 'NUMBER_DOUBLE',
  integer: 'NUMBER_INTEGER',
  boolean: 'BOOLEAN',
};

const schemaTitles: Partial<Record<ArtifactType, string>> = {
  Examples: 'system.Dataset',
  InferenceResult: 'system.Dataset',
  Model: 'system.Model',
};

/**
 * The pipeline in the intermediate representation of Kubeflow Pipelines: the same pipeline and options give the same document.
 * @throws PIPELINE_INVALID, COMPILE_IMAGE_WITHOUT_DIGEST, COMPILE_UNSUPPORTED, IR_INVALID
 */
export function compileIr(pipeline: Pipeline, options: CompileOptions): PipelineSpec {
  requireDigest(options.image);
  requireSound(pipeline);
  const definition = compilePipeline(pipeline);
  const specs = new Map(pipeline.steps.map(({ name, component }) => [name, component.spec]));
  const ir = new Compilation(definition, specs, options).spec();
  requireSoundIr(ir);
  return ir;
}

/** A tag can be moved to another image: a run must name what was compiled. */
function requireDigest(image: string): void {
  if (/^[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}$/.test(image)) return;
  throw new MitateError('COMPILE_IMAGE_WITHOUT_DIGEST', { image });
}

class Compilation {
  readonly #definition: PipelineDefinition;
  readonly #specs: ReadonlyMap<string, ComponentSpec>;
  readonly #options: CompileOptions;

  constructor(definition: PipelineDefinition, specs: ReadonlyMap<string, ComponentSpec>, options: CompileOptions) {
    this.#definition = definition;
    this.#specs = specs;
    this.#options = options;
  }

  spec(): PipelineSpec {
    const { name, steps } = this.#definition;
    const gated = steps.filter((step) => this.#gatesOf(step).length > 0);
    const inputs = this.#parameterSpecs();
    return {
      pipelineInfo: { name },
      schemaVersion: irVersion,
      sdkVersion: `mitate-${this.#options.version}`,
      ...(this.#options.root && { defaultPipelineRoot: this.#options.root }),
      components: Object.fromEntries([
        ...steps.map((step) => [`comp-${step.name}`, this.#component(step)] as const),
        ...gated.map((step) => [`comp-${this.#gateName(step)}`, this.#gate(step)] as const),
      ]),
      deploymentSpec: {
        executors: Object.fromEntries(steps.map((step) => [`exec-${step.name}`, { container: this.#container(step) }])),
      },
      root: {
        ...(Object.keys(inputs).length > 0 && { inputDefinitions: { parameters: inputs } }),
        dag: {
          tasks: Object.fromEntries(
            steps.map((step) =>
              gated.includes(step) ? [this.#gateName(step), this.#gateTask(step)] : [step.name, this.#task(step)],
            ),
          ),
        },
      },
    };
  }

  #specOf(step: string): ComponentSpec {
    return this.#specs.get(step) as ComponentSpec;
  }

  /** Every step takes every pipeline parameter, so that it lints the pipeline with the values of the run. */
  #parameterSpecs(): Record<string, ParameterSpec> {
    const entries = Object.entries(this.#definition.parameters).map(([name, { type, optional, default: value }]) => {
      return [
        name,
        {
          parameterType: parameterTypes[type],
          ...(value !== undefined && { defaultValue: value }),
          ...((optional || value !== undefined) && { isOptional: true }),
        },
      ] as const;
    });
    return Object.fromEntries(entries);
  }

  #component({ name, inputs }: StepDefinition): IrComponent {
    const spec = this.#specOf(name);
    const artifacts = Object.keys(inputs).map((key) => {
      const { type, optional } = spec.inputs[key]!;
      return [key, { artifactType: artifactType(type), ...(optional && { isOptional: true }) }] as const;
    });
    const outputs = Object.entries(spec.outputs).map(([key, { type }]) => [key, { artifactType: artifactType(type) }]);
    const parameters = this.#parameterSpecs();
    const isVerdict = Object.values(spec.outputs).some(({ type }) => type in blessingKinds);
    return {
      executorLabel: `exec-${name}`,
      ...definitions('inputDefinitions', { artifacts: Object.fromEntries(artifacts), parameters }),
      ...definitions('outputDefinitions', {
        artifacts: Object.fromEntries(outputs),
        parameters: isVerdict ? { [blessedParameter]: { parameterType: 'STRING' as const } } : {},
      }),
    };
  }

  #container({ name }: StepDefinition) {
    const { image, file, cpu, memory, artifacts } = this.#options;
    return {
      image,
      command: ['mitate', 'step', name],
      args: [
        '--pipeline',
        file,
        '--definition',
        definitionDigest(this.#definition),
        '--job',
        '{{$.pipeline_job_name}}',
        ...(artifacts === 'direct' ? ['--artifacts', artifacts] : []),
        '--executor-input',
        '{{$}}',
      ],
      resources: {
        resourceCpuLimit: String(cpu),
        resourceMemoryLimit: `${memory}G`,
        cpuLimit: cpu,
        memoryLimit: memory,
      },
    };
  }

  #task(step: StepDefinition): IrTask {
    const artifacts = Object.entries(step.inputs).map(([key, from]) => [key, this.#artifactOf(step, from)] as const);
    return {
      ...this.#taskHead(step.name, step.name),
      ...inputsOf(this.#parameters(), Object.fromEntries(artifacts)),
      ...dependentTasks(Object.values(step.inputs).map((from) => from.step)),
      ...retryPolicy(step),
    };
  }

  /** Verdicts that a step which pushes a model waits for: it is not started without them. */
  #gatesOf({ name, inputs }: StepDefinition): string[] {
    const pushes = Object.values(this.#specOf(name).outputs).some(({ type }) => type === 'PushedModel');
    if (!pushes) return [];
    const verdicts = Object.values(inputs).filter(
      ({ step, output }) => this.#specOf(step).outputs[output]!.type in blessingKinds,
    );
    return [...new Set(verdicts.map(({ step }) => step))].sort();
  }

  #gateName({ name }: StepDefinition): string {
    const gate = `gate-${name}`;
    if (!this.#specs.has(gate)) return gate;
    throw new MitateError('COMPILE_UNSUPPORTED', {
      step: gate,
      reason: `its name is needed for the condition of "${name}"`,
      remedy: 'Give it another name',
    });
  }

  #artifactOf({ name }: StepDefinition, { step, output }: { step: string; output: string }): ArtifactSource {
    const producer = this.#definition.steps.find((each) => each.name === step);
    if (producer && this.#gatesOf(producer).length === 0)
      return { taskOutputArtifact: { producerTask: step, outputArtifactKey: output } };
    throw new MitateError('COMPILE_UNSUPPORTED', {
      step: name,
      reason: `it reads "${output}" of "${step}", which runs only if the model is blessed`,
      remedy: 'Do in one component what has to follow a push',
    });
  }

  /** The task that runs the sub-DAG if every verdict is positive. */
  #gateTask(step: StepDefinition): IrTask {
    const verdicts = this.#gatesOf(step);
    const blessings = verdicts.map((producer) => [
      channelName(producer, blessedParameter),
      { taskOutputParameter: { producerTask: producer, outputParameterKey: blessedParameter } },
    ]);
    const artifacts = Object.values(step.inputs).map((from) => [
      channelName(from.step, from.output),
      this.#artifactOf(step, from),
    ]);
    const condition = verdicts
      .map((producer) => `inputs.parameter_values['${channelName(producer, blessedParameter)}'] == 'true'`)
      .join(' && ');
    return {
      ...this.#taskHead(this.#gateName(step), this.#gateName(step)),
      ...inputsOf({ ...this.#parameters(), ...Object.fromEntries(blessings) }, Object.fromEntries(artifacts)),
      ...dependentTasks([...verdicts, ...Object.values(step.inputs).map((from) => from.step)]),
      triggerPolicy: { condition },
    };
  }

  #gate(step: StepDefinition): IrComponent {
    const wired = Object.entries(step.inputs).map(([key, from]) => {
      const { type, optional } = this.#specOf(step.name).inputs[key]!;
      const port = { artifactType: artifactType(type), ...(optional && { isOptional: true }) };
      return { key, channel: channelName(from.step, from.output), port };
    });
    const blessings = this.#gatesOf(step).map((producer) => [
      channelName(producer, blessedParameter),
      { parameterType: 'STRING' as const },
    ]);
    const inner: IrTask = {
      ...this.#taskHead(step.name, step.name),
      ...inputsOf(
        this.#parameters(),
        Object.fromEntries(wired.map(({ key, channel }) => [key, { componentInputArtifact: channel }])),
      ),
      ...retryPolicy(step),
    };
    return {
      dag: { tasks: { [step.name]: inner } },
      ...definitions('inputDefinitions', {
        artifacts: Object.fromEntries(wired.map(({ channel, port }) => [channel, port])),
        parameters: { ...this.#parameterSpecs(), ...Object.fromEntries(blessings) },
      }),
    };
  }

  #parameters(): Record<string, ParameterSource> {
    const names = Object.keys(this.#definition.parameters);
    return Object.fromEntries(names.map((name) => [name, { componentInputParameter: name }]));
  }

  /** The engine's cache knows names, not content: Mitate has its own. */
  #taskHead(name: string, component: string): Pick<IrTask, 'taskInfo' | 'componentRef' | 'cachingOptions'> {
    return {
      taskInfo: { name },
      componentRef: { name: `comp-${component}` },
      cachingOptions: { enableCache: false },
    };
  }
}

/** Name under which an output of a task enters a sub-DAG: with one dash before the key, kfp.local skips the sub-DAG silently. */
function channelName(task: string, key: string): string {
  return `pipelinechannel--${task}--${key}`;
}

function artifactType(type: ArtifactType): { schemaTitle: string; schemaVersion: '0.0.1' } {
  return { schemaTitle: schemaTitles[type] ?? 'system.Artifact', schemaVersion: '0.0.1' };
}

function retryPolicy({ retries }: StepDefinition): Pick<IrTask, 'retryPolicy'> {
  if (retries === 0) return {};
  return {
    retryPolicy: {
      maxRetryCount: retries,
      backoffDuration: '30s',
      backoffFactor: 2,
      backoffMaxDuration: '3600s',
    },
  };
}

function dependentTasks(steps: string[]): Pick<IrTask, 'dependentTasks'> {
  return steps.length === 0 ? {} : { dependentTasks: [...new Set(steps)].sort() };
}

function inputsOf(
  parameters: Record<string, ParameterSource>,
  artifacts: Record<string, ArtifactSource>,
): Pick<IrTask, 'inputs'> {
  const inputs = filled({ artifacts, parameters });
  return Object.keys(inputs).length > 0 ? { inputs } : {};
}

function definitions<K extends string, T extends Record<string, object>>(key: K, given: T): { [P in K]?: Partial<T> } {
  const some = filled(given);
  return (Object.keys(some).length > 0 ? { [key]: some } : {}) as { [P in K]?: Partial<T> };
}

/** The members that are not empty. */
function filled<T extends Record<string, object>>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, member]) => Object.keys(member).length > 0)) as Partial<T>;
}
