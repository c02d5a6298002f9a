import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalJson, type JsonValue } from '../../codecs/digest.ts';
import type { Artifact } from '../../contracts/artifact.ts';
import type { Intent } from '../../contracts/intent.ts';
import { MitateError } from '../../errors/index.ts';
import type { Store } from '../../store/store.ts';
import { fileError } from '../../store/workspace/file-error.ts';
import { workspaceAt } from '../../store/workspace/workspace.ts';
import { compilePipeline, definitionDigest } from '../define/compile.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import type { AnyComponent } from '../define/step.ts';
import type { Listener } from '../events.ts';
import type { RunStep } from '../launcher/frame.ts';
import { runPipeline } from '../launcher/run-pipeline.ts';
import { whoAmI } from '../launcher/who.ts';
import type { RunSummary, StepSummary } from '../summary.ts';
import { blessedParameter, isBlessed } from './blessed.ts';
import { bringIn } from './bring-in.ts';
import { engineArtifacts } from './engine-artifacts.ts';
import type { EngineFiles } from './engine-files.ts';
import { type ExecutorInput, writeNote } from './executor-input.ts';
import { writeIntents } from './intents-file.ts';
import { pathOfUri } from './uri-path.ts';

export interface EngineStep {
  pipeline: Pipeline;
  /** Absolute path of the pipeline file. */
  source: string;
  step: string;
  input: ExecutorInput;
  /** Digest of the pipeline that was compiled; null = not compared. */
  definition: string | null;
  /** The engine's name of the whole run. */
  job: string | null;
  store: Store;
  workspace: string;
  processes: number;
  /** Whether `store` lasts. If not, what a step wants from the registry is written into its output. */
  lasting: boolean;
  files: EngineFiles;
  signal: AbortSignal;
  onEvent: Listener;
}

/**
 * Runs one step of a compiled pipeline by the launcher, as a run with this step alone, and writes outputs, output parameters and the
 * executor output where the engine expects them. A failed step is reported in the summary, and leaves no executor output.
 * @throws STEP_UNKNOWN, PIPELINE_NOT_AS_COMPILED, PIPELINE_PARAMETERS_INVALID, ENGINE_OUTPUT_MISSING, ENGINE_INPUT_MISSING, EXECUTOR_INPUT_INVALID
 */
export async function runEngineStep(request: EngineStep): Promise<RunSummary> {
  const { pipeline, source, step, input, store, workspace, processes, job, files, signal, onEvent } = request;
  const definition = compilePipeline(pipeline);
  checkDefinition(request, definitionDigest(definition));
  const { component } = pipeline.steps.find(({ name }) => name === step)!;
  const places = placesOf(component, request);
  const who = whoAmI();
  const now = () => new Date();
  const run = await runPipeline(pipeline, {
    ...{ store, workspace, processes, source, signal, onEvent, who, now },
    parameters: givenParameters(pipeline, input),
    trigger: 'engine',
    note: job === null ? undefined : `step ${step} of ${job}`,
    part: {
      step,
      artifacts: engineArtifacts(workspaceAt(workspace).artifacts, places, files),
      prepare: (each) => prepared(each, request),
      before: (runId, each) => bringIn(each, input, { runId, store, files, definition, who, now }),
    },
  });
  if (run.state === 'succeeded') await writeOutputs(component, request, run.steps[0]!);
  return run;
}

function checkDefinition({ pipeline, source, step, definition }: EngineStep, digest: string): void {
  const names = pipeline.steps.map(({ name }) => name);
  if (!names.includes(step))
    throw new MitateError('STEP_UNKNOWN', {
      step,
      pipeline: pipeline.name,
      remedy: `Its steps are ${names.join(', ')}.`,
    });
  if (definition !== null && definition !== digest)
    throw new MitateError('PIPELINE_NOT_AS_COMPILED', {
      path: source,
      pipeline: pipeline.name,
      compiled: definition,
      got: digest,
    });
}

/** URI where the engine wants each output. */
function placesOf({ spec }: AnyComponent, { step, input: { outputs } }: EngineStep): Record<string, string> {
  const places = Object.keys(spec.outputs).map((output) => {
    const uri = outputs.artifacts[output]?.artifacts[0]?.uri;
    if (uri === undefined) throw new MitateError('ENGINE_OUTPUT_MISSING', { step, output });
    // refused before the step runs
    pathOfUri(uri);
    return [output, uri] as const;
  });
  return Object.fromEntries(places);
}

/** A default is not passed on: its path is relative to the pipeline file. */
function givenParameters({ parameters }: Pipeline, { inputs }: ExecutorInput): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(inputs.parameterValues).filter(
      ([name, value]) => canonicalJson(parameters[name]?.default ?? null) !== canonicalJson(value),
    ),
  );
}

/** The engine tries again, so that the step does not. */
function prepared(step: RunStep, request: EngineStep): RunStep {
  const once = { ...step, definition: { ...step.definition, retries: 0 } };
  return request.lasting ? once : { ...once, component: withoutRegistry(step.component, request) };
}

/** A component that writes what it wants from the registry into its output, as `intents.json`, instead of having it done. */
function withoutRegistry({ spec, load }: AnyComponent, { pipeline, step, job, files }: EngineStep): AnyComponent {
  return {
    spec,
    async load() {
      const module = await load();
      return {
        ...module,
        async run(context) {
          if (spec.capabilities?.length)
            context.logger.warn('Without MITATE_DATABASE_URL, golden sets and erased photos are not known.');
          const result = (await module.run(context)) ?? {};
          const all = result.intents ?? [];
          for (const intent of all) {
            if (intent.kind === 'push-model') {
              const model = context.inputs[intent.input] as Artifact;
              await writeIntents(context.outputs[intent.output] as string, {
                ...{ format: 'mitate-intents/1', pipeline: pipeline.name, step, job, intents: [intent] },
                model: { ...model, uri: files.uriOf(model.uri) },
              });
            }
            context.logger.warn(skipped(intent));
          }
          return { ...result, intents: all.filter(({ kind }) => kind === 'resolve-model') };
        },
      };
    },
  };
}

function skipped(intent: Intent): string {
  return intent.kind === 'push-model'
    ? `Without MITATE_DATABASE_URL ${intent.modelName} is not registered; what is to be done is in intents.json of "${intent.output}".`
    : `Without MITATE_DATABASE_URL there is no registry: no ${intent.modelName} is found.`;
}

/** `ml_pipelines.ExecutorOutput` and the files of output parameters; the engines reject unknown fields. */
async function writeOutputs({ spec }: AnyComponent, { input, files }: EngineStep, { artifacts }: StepSummary) {
  const { outputs } = input;
  const lists = Object.keys(spec.outputs).map((key) => {
    const { name, uri } = outputs.artifacts[key]!.artifacts[0]!;
    const made = artifacts[key];
    if (made === undefined)
      return [key, { artifacts: [{ name, uri, metadata: writeNote({ absent: true }) }] }] as const;
    const { id, type, digest, properties } = made;
    const metadata = writeNote({ id, type, digest, properties });
    return [key, { artifacts: [{ name, uri: files.uriOf(made.uri), metadata }] }] as const;
  });
  const blessed = await isBlessed(spec, artifacts);
  const parameterValues = blessed === null ? {} : { [blessedParameter]: String(blessed) };
  for (const [key, value] of Object.entries(parameterValues)) {
    const file = outputs.parameters[key]?.outputFile;
    if (file !== undefined) await writeWhole(file, value);
  }
  const output = { parameterValues, artifacts: Object.fromEntries(lists) };
  if (outputs.outputFile !== undefined) await writeWhole(outputs.outputFile, JSON.stringify(output));
}

async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw fileError(error, path);
  }
}
