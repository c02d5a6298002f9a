import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IrComponent, IrDag, IrTask, PipelineSpec } from '../../src/orchestrator/engine/ir.ts';

/** `mitate ...` in a container of the engine. */
export type Container = (args: string[]) => Promise<{ code: unknown; stderr: string }>;

interface EngineArtifact {
  name: string;
  uri: string;
  metadata: Record<string, unknown>;
}
interface Values {
  parameters: Record<string, unknown>;
  artifacts: Record<string, EngineArtifact>;
}

/** Does what the driver and launcher of Kubeflow Pipelines do, for one run in a local folder. */
export class EngineDriver {
  readonly #ir: PipelineSpec;
  readonly #root: string;
  readonly #container: Container;
  readonly #artifacts: string;
  /** Tasks in the order in which they ran. */
  readonly ran: string[] = [];
  readonly outputs = new Map<string, Values>();

  /** @param artifacts URI below which they are; default: `root` */
  constructor(ir: PipelineSpec, root: string, container: Container, artifacts = root) {
    this.#ir = ir;
    this.#root = root;
    this.#container = container;
    this.#artifacts = artifacts;
  }

  async run(parameters: Record<string, unknown>): Promise<void> {
    await this.#dag(this.#ir.root.dag, { parameters: withDefaults(this.#ir.root, parameters), artifacts: {} });
  }

  async #dag({ tasks }: IrDag, outer: Values): Promise<void> {
    const ended = new Map<string, Values>();
    const left = new Map(Object.entries(tasks));
    while (left.size > 0) {
      const next = [...left].find(([, task]) => (task.dependentTasks ?? []).every((name) => ended.has(name)));
      if (!next) throw new Error(`nothing can run: ${[...left.keys()].join(', ')}`);
      const [name, task] = next;
      left.delete(name);
      ended.set(name, await this.#task(name, task, inputsOf(task, outer, ended)));
    }
  }

  async #task(name: string, task: IrTask, given: Values): Promise<Values> {
    const component = this.#ir.components[task.componentRef.name]!;
    const inputs = { ...given, parameters: withDefaults(component, given.parameters) };
    if (!holds(task.triggerPolicy?.condition, inputs.parameters)) return { parameters: {}, artifacts: {} };
    if (component.dag) {
      await this.#dag(component.dag, inputs);
      return { parameters: {}, artifacts: {} };
    }
    const made = await this.#execute(name, component, inputs);
    this.ran.push(name);
    this.outputs.set(name, made);
    return made;
  }

  async #execute(name: string, component: IrComponent, inputs: Values): Promise<Values> {
    const folder = join(this.#root, name);
    mkdirSync(folder, { recursive: true });
    const { artifacts = {}, parameters = {} } = component.outputDefinitions ?? {};
    const outputFile = join(folder, 'executor_output.json');
    const executorInput = {
      inputs: { parameterValues: inputs.parameters, artifacts: listed(inputs.artifacts) },
      outputs: {
        parameters: Object.fromEntries(Object.keys(parameters).map((key) => [key, { outputFile: join(folder, key) }])),
        artifacts: listed(
          Object.fromEntries(
            Object.entries(artifacts).map(([key, { artifactType: type }]) => [
              key,
              { name: key, type, uri: `${this.#artifacts}/${name}/${key}`, metadata: {} },
            ]),
          ),
        ),
        outputFile,
      },
    };
    const { command, args } = this.#ir.deploymentSpec.executors[component.executorLabel!]!.container;
    const filled = args.map((arg) =>
      arg === '{{$}}' ? JSON.stringify(executorInput) : arg.replace('{{$.pipeline_job_name}}', 'job-1'),
    );
    const { code, stderr } = await this.#container([...command.slice(1), ...filled]);
    if (code !== 0 && code !== undefined) throw new Error(`task ${name} failed: ${stderr}`);
    const output = JSON.parse(readFileSync(outputFile, 'utf8')) as {
      artifacts: Record<string, { artifacts: EngineArtifact[] }>;
    };
    return {
      parameters: Object.fromEntries(
        Object.keys(parameters).map((key) => [key, readFileSync(join(dirname(outputFile), key), 'utf8')]),
      ),
      artifacts: Object.fromEntries(
        Object.entries(output.artifacts).map(([key, list]) => [key, list.artifacts[0]!] as const),
      ),
    };
  }
}

function inputsOf({ inputs }: IrTask, outer: Values, ended: ReadonlyMap<string, Values>): Values {
  const values: Values = { parameters: {}, artifacts: {} };
  for (const [key, source] of Object.entries(inputs?.parameters ?? {})) {
    if ('componentInputParameter' in source) values.parameters[key] = outer.parameters[source.componentInputParameter];
    else if ('taskOutputParameter' in source) {
      const { producerTask, outputParameterKey } = source.taskOutputParameter;
      values.parameters[key] = ended.get(producerTask)!.parameters[outputParameterKey];
    } else values.parameters[key] = source.runtimeValue.constant;
  }
  for (const [key, source] of Object.entries(inputs?.artifacts ?? {})) {
    const found =
      'componentInputArtifact' in source
        ? outer.artifacts[source.componentInputArtifact]
        : ended.get(source.taskOutputArtifact.producerTask)!.artifacts[source.taskOutputArtifact.outputArtifactKey];
    if (found) values.artifacts[key] = found;
  }
  return values;
}

function withDefaults({ inputDefinitions }: Pick<IrComponent, 'inputDefinitions'>, given: Record<string, unknown>) {
  const defaults = Object.entries(inputDefinitions?.parameters ?? {}).map(([key, { defaultValue }]) => [
    key,
    given[key] ?? defaultValue ?? null,
  ]);
  return Object.fromEntries(defaults) as Record<string, unknown>;
}

/** The part of CEL that compiled gates use. */
function holds(condition: string | undefined, parameters: Record<string, unknown>): boolean {
  return (condition ?? '')
    .split(' && ')
    .filter((term) => term !== '')
    .every((term) => {
      const [, key, value] = /^inputs\.parameter_values\['([^']+)'\] == '([^']*)'$/.exec(term)!;
      return parameters[key as string] === value;
    });
}

function listed<T>(artifacts: Record<string, T>): Record<string, { artifacts: T[] }> {
  return Object.fromEntries(Object.entries(artifacts).map(([key, artifact]) => [key, { artifacts: [artifact] }]));
}
