import { MitateError } from '../../errors/index.ts';
import { type IrComponent, type IrDag, type IrTask, irVersion, type PipelineSpec, parameterTypesOfIr } from './ir.ts';

const strategies = ['TRIGGER_STRATEGY_UNSPECIFIED', 'ALL_UPSTREAM_TASKS_SUCCEEDED', 'ALL_UPSTREAM_TASKS_COMPLETED'];

/**
 * What is wrong with the references and enumerations of a compiled pipeline. The engines' own checks do not resolve them: a wrong output key
 * passes protobuf, the compiler of Kubeflow Pipelines and Argo's validator, and the step never gets its input.
 */
export function lintIr(ir: PipelineSpec): string[] {
  return [...faults(ir)];
}

/** @throws IR_INVALID */
export function requireSoundIr(ir: PipelineSpec): void {
  const found = lintIr(ir);
  if (found.length === 0) return;
  throw new MitateError('IR_INVALID', { count: found.length, findings: found.map((each) => `  ${each}`).join('\n') });
}

function* faults(ir: PipelineSpec): Iterable<string> {
  if (ir.schemaVersion !== irVersion) yield `schemaVersion is "${ir.schemaVersion}", not "${irVersion}"`;
  if (!/^[a-z0-9][a-z0-9-]{0,127}$/.test(ir.pipelineInfo.name)) yield `the name "${ir.pipelineInfo.name}" is not valid`;
  const { executors } = ir.deploymentSpec;
  for (const [name, component] of Object.entries(ir.components)) {
    yield* ofDefinitions(name, component);
    const { executorLabel, dag } = component;
    if ((executorLabel === undefined) === (dag === undefined)) yield `${name} needs either an executor or a DAG`;
    if (executorLabel !== undefined && !Object.hasOwn(executors, executorLabel))
      yield `${name} names the unknown executor "${executorLabel}"`;
    if (dag) yield* ofDag(name, dag, component, ir);
  }
  yield* ofDefinitions('root', ir.root);
  yield* ofDag('root', ir.root.dag, ir.root, ir);
}

function* ofDefinitions(name: string, { inputDefinitions, outputDefinitions }: IrComponent): Iterable<string> {
  for (const definitions of [inputDefinitions, outputDefinitions])
    for (const [key, { parameterType }] of Object.entries(definitions?.parameters ?? {}))
      if (!parameterTypesOfIr.includes(parameterType))
        yield `${name}: parameter "${key}" has the unknown type "${parameterType}"`;
}

function* ofDag(place: string, dag: IrDag, outer: IrComponent, ir: PipelineSpec): Iterable<string> {
  for (const [name, task] of Object.entries(dag.tasks)) {
    const at = `${place}: task "${name}"`;
    const component = ir.components[task.componentRef.name];
    if (component === undefined) yield `${at} names the unknown component "${task.componentRef.name}"`;
    for (const other of task.dependentTasks ?? [])
      if (other === name || !Object.hasOwn(dag.tasks, other)) yield `${at} depends on the unknown task "${other}"`;
    const { condition, strategy } = task.triggerPolicy ?? {};
    if (strategy !== undefined && !strategies.includes(strategy)) yield `${at} has the unknown strategy "${strategy}"`;
    for (const [, key] of condition?.matchAll(/parameter_values\['([^']*)'\]/g) ?? [])
      if (!Object.hasOwn(task.inputs?.parameters ?? {}, key as string))
        yield `${at} has a condition on "${key}", which is none of its parameters`;
    for (const kind of ['parameters', 'artifacts'] as const) {
      if (component) yield* unfilled(at, kind, task, component);
      yield* sources(at, kind, task, dag, outer, ir);
    }
  }
  yield* cycles(place, dag);
}

type Kind = 'parameters' | 'artifacts';

/** Inputs that the component does not have, and required ones without a source. */
function* unfilled(at: string, kind: Kind, task: IrTask, component: IrComponent): Iterable<string> {
  const given = Object.keys(task.inputs?.[kind] ?? {});
  const taken = component.inputDefinitions?.[kind] ?? {};
  for (const key of given)
    if (!Object.hasOwn(taken, key)) yield `${at} fills "${key}", which ${task.componentRef.name} does not take`;
  for (const [key, { isOptional }] of Object.entries(taken))
    if (!isOptional && !given.includes(key)) yield `${at} does not fill "${key}"`;
}

function* sources(
  at: string,
  kind: Kind,
  task: IrTask,
  dag: IrDag,
  outer: IrComponent,
  ir: PipelineSpec,
): Iterable<string> {
  for (const [key, source] of Object.entries<object>(task.inputs?.[kind] ?? {})) {
    const { from, inner } = originOf(source);
    if (inner !== undefined && !Object.hasOwn(outer.inputDefinitions?.[kind] ?? {}, inner))
      yield `${at} fills "${key}" with the unknown input "${inner}"`;
    if (from === undefined) continue;
    const producer = dag.tasks[from.task];
    const outputs = producer && ir.components[producer.componentRef.name]?.outputDefinitions?.[kind];
    if (producer === undefined) yield `${at} fills "${key}" from the unknown task "${from.task}"`;
    else if (!Object.hasOwn(outputs ?? {}, from.key))
      yield `${at} fills "${key}" with "${from.key}", which is no output of "${from.task}"`;
    if (!task.dependentTasks?.includes(from.task)) yield `${at} reads "${from.task}" without depending on it`;
  }
}

/** `inner`: an input of the DAG itself; `from`: an output of another task. */
function originOf(source: object): { inner?: string; from?: { task: string; key: string } } {
  if ('componentInputParameter' in source) return { inner: source.componentInputParameter as string };
  if ('componentInputArtifact' in source) return { inner: source.componentInputArtifact as string };
  const { taskOutputParameter: parameter, taskOutputArtifact: artifact } = source as {
    taskOutputParameter?: { producerTask: string; outputParameterKey: string };
    taskOutputArtifact?: { producerTask: string; outputArtifactKey: string };
  };
  if (parameter) return { from: { task: parameter.producerTask, key: parameter.outputParameterKey } };
  if (artifact) return { from: { task: artifact.producerTask, key: artifact.outputArtifactKey } };
  return {};
}

/** Tasks that wait for each other. */
function* cycles(place: string, { tasks }: IrDag): Iterable<string> {
  const done = new Set<string>();
  const waiting = new Set(Object.keys(tasks));
  for (let progress = true; progress; ) {
    progress = false;
    for (const name of waiting) {
      if (tasks[name]?.dependentTasks?.some((other) => waiting.has(other) && !done.has(other))) continue;
      waiting.delete(name);
      done.add(name);
      progress = true;
    }
  }
  if (waiting.size > 0) yield `${place}: the tasks ${[...waiting].sort().join(', ')} wait for each other`;
}
