import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import type { Artifact, Properties } from '../../contracts/artifact.ts';
import { type Evaluation, evaluationSchema } from '../../contracts/artifacts/evaluation.ts';
import type { Logger } from '../../contracts/logger.ts';
import { MitateError } from '../../errors/index.ts';
import { exampleGen } from '../../orchestrator/components.ts';
import { definePipeline } from '../../orchestrator/define/define-pipeline.ts';
import type { Listener } from '../../orchestrator/events.ts';
import { runPipeline } from '../../orchestrator/launcher/run-pipeline.ts';
import { run as runEvaluator } from '../../pipeline/evaluator/run.ts';
import { evaluatorSpec } from '../../pipeline/evaluator/spec.ts';
import { withStore } from '../with-store.ts';
import { evaluationPipeline } from './evaluation-pipeline.ts';
import { type ResolvedModel, resolveModel } from './resolve-model.ts';

export interface EvaluateRequest {
  model?: string;
  /** Labelled photos, any source that ExampleGen takes; all of them are tested on. */
  images: string;
  /** Folder for evaluation.json and report.html. */
  output: string;
  /** Measure on altered photos, too. Default false. */
  robustness?: boolean;
  signal: AbortSignal;
  onEvent: Listener;
  onProgress: (done: number, total: number, unit: string) => void;
  logger: Logger;
}

/** Evaluates a model on your own photos: registers nothing, writes the report to a folder. */
export async function evaluateModel(
  config: Config,
  request: EvaluateRequest,
): Promise<{ evaluation: Evaluation; model: ResolvedModel; report: string }> {
  const model = await resolveModel(config, request.model);
  const examples = await testExamples(config, request);
  const output = resolve(request.output);
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  await runEvaluator({
    inputs: {
      examples,
      model: { id: '', type: 'Model', uri: model.uri, digest: model.digest, properties: namesOf(model) },
      baseline: undefined,
      transformGraph: undefined,
      anomalies: undefined,
    },
    outputs: { evaluation: output, blessing: output },
    parameters: evaluatorSpec.parameters.parse({ robustness: request.robustness ?? false }),
    logger: request.logger,
    progress: request.onProgress,
    now: () => new Date(),
    run: { id: '', pipeline: evaluationPipeline },
    seed: 20,
    signal: request.signal,
    cacheDir: join(config.workspace, 'cache'),
    processes: config.processes,
    golden: { photos: async () => [], fileOf: () => '' },
  });
  const evaluation = evaluationSchema.parse(JSON.parse(await readFile(join(output, 'evaluation.json'), 'utf8')));
  return { evaluation, model, report: join(output, 'report.html') };
}

/** For the title of the report. */
function namesOf({ name, version }: ResolvedModel): Properties {
  return { model_name: name, ...(version !== null && { version }) };
}

async function testExamples(config: Config, { images, signal, onEvent }: EvaluateRequest): Promise<Artifact> {
  const pipeline = definePipeline(evaluationPipeline, {}, () => {
    exampleGen({ source: resolve(images), splits: { train: 0, eval: 0, test: 1 } });
  });
  const run = await withStore(config, { attach: 'server' }, (store) =>
    runPipeline(pipeline, { store, workspace: config.workspace, processes: config.processes, signal, onEvent }),
  );
  const examples = run.steps[0]?.artifacts.examples;
  if (examples) return examples;
  if (run.state === 'cancelled') throw new MitateError('CANCELLED', {});
  const { code, message, remedy } = run.error ?? { code: 'INTERNAL', message: 'no examples', remedy: '' };
  throw new MitateError('EVALUATION_PHOTOS_REFUSED', { images, code, message, remedy });
}
