import { join } from 'node:path';
import { requireValidData } from '../../artifacts/anomalies/require-valid-data.ts';
import { readArtifactJson } from '../../artifacts/artifact-json.ts';
import { readSummary } from '../../artifacts/examples/read-examples.ts';
import { readReferenceActivations, readTransformBackbone } from '../../artifacts/transform-graph/read-transform.ts';
import type { Backbone } from '../../backbones/backbone.ts';
import type { BackgroundProbe } from '../../contracts/artifacts/anomalies.ts';
import { type HeadConfig, headConfig, hyperparametersSchema } from '../../contracts/artifacts/head-config.ts';
import { precisionText } from '../../contracts/artifacts/precision.ts';
import type { View } from '../../contracts/artifacts/signature.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import { positiveLabels } from '../../contracts/task.ts';
import { MitateError } from '../../errors/index.ts';
import { softmaxRows } from '../../math/calibration/softmax-rows.ts';
import { type Calibration, calibrate, photoLogits } from './calibration/calibrate.ts';
import { writeCard } from './card/write-card.ts';
import { drawnEmbeddings } from './distribution/outlier-embeddings.ts';
import { atThreshold, evalMetrics } from './eval-metrics.ts';
import { driftPhotos, writeDriftReference } from './export/drift-reference.ts';
import { writeChangedAnswers } from './export/write-changed-answers.ts';
import { writeModel } from './export/write-model.ts';
import { observedTrainPhotos, writeReferenceObservations } from './export/write-reference-observations.ts';
import { writeRun } from './export/write-run.ts';
import { writeWarmup } from './export/write-warmup.ts';
import { headText } from './head/head-text.ts';
import { epochsOf } from './head/member.ts';
import { type TrainedHead, trainHead } from './head/train-head.ts';
import { type Answering, chooseExport, type Exported } from './int8/choose-export.ts';
import type { trainerSpec } from './spec.ts';
import { type EvalHalves, halveEval } from './split-eval.ts';
import { checkTask, openTrainingData, type TrainingData, viewIndexes } from './training-data.ts';

type Context = ContextOf<typeof trainerSpec>;

/** Trains the head on cached embeddings, calibrates it, and exports backbone and head with their references. */
export async function run(context: Context): Promise<ResultOf<typeof trainerSpec>> {
  const { inputs, parameters, outputs } = context;
  const anomalies = inputs.anomalies && (await requireValidData(inputs.anomalies.uri));
  const tuned = await hyperparameters(context);
  // the user's options take precedence over the Tuner's, and these over the defaults
  const config = headConfig(tuned?.config ?? {}, parameters.head);
  using data = await openTrainingData(inputs.examples.uri, inputs.transformGraph.uri);
  checkTask(parameters.task, data.labels, parameters.threshold);
  const { transformDigest } = data.transform;
  if (tuned?.transformDigest !== undefined && tuned.transformDigest !== transformDigest)
    throw new MitateError('TRAINING_OTHER_TRANSFORM', { backbone: data.transform.backbone.name });
  const isDefault = String(parameters.testViews) === 'plain';
  const asked = (isDefault && tuned?.testViews) || parameters.testViews;
  const fitted = await fitHead(context, data, config, asked === 'all' ? data.transform.views : asked);
  const backbone = await readTransformBackbone(inputs.transformGraph.uri);
  using exported = await chooseServed(context, data, fitted, backbone);
  await exportModel(context, backbone, fitted, exported, anomalies?.probe ?? null);
  await writeRun(outputs.modelRun, { ...fitted, ...exported, seed: context.seed });
  return result(data, fitted, exported);
}

/** Result of training. */
interface Fitted {
  config: HeadConfig;
  views: View[];
  /** Of the views, in the embeddings. */
  testViews: number[];
  halves: EvalHalves;
  trained: TrainedHead;
}

async function fitHead(context: Context, data: TrainingData, config: HeadConfig, views: View[]): Promise<Fitted> {
  const testViews = viewIndexes(views, data.transform.views);
  const halves = halveEval(data.eval);
  const trained = await train(context, data, halves, config, testViews);
  return { config, views, testViews, halves, trained };
}

/** Calibrates the head, and predicts the eval split. @param known calibration by other embeddings; used again if train photos calibrated */
async function answering(
  { parameters, seed, signal, processes }: Context,
  data: TrainingData,
  { config, halves, testViews, trained: { head } }: Fitted,
  known?: Calibration,
): Promise<Answering> {
  const { task } = parameters;
  const [rule, coverage] = [parameters.threshold, parameters.labelSets?.coverage ?? null];
  const calibration =
    known && known.method !== 'eval-half'
      ? known
      : await calibrate({
          ...{ data, halves, head, config, testViews, task, rule, coverage },
          ...{ seed: `${seed}:trainer`, processes, signal },
        });
  const logits = await photoLogits(data, head, data.eval, testViews);
  const answers = softmaxRows(logits, data.labels.length, calibration.temperature);
  const metrics = evalMetrics(answers, data.eval.targets, positiveLabels(task, data.labels));
  return { calibration, answers, metrics };
}

async function chooseServed(context: Context, data: TrainingData, fitted: Fitted, backbone: Backbone) {
  const { inputs, parameters, processes, logger, signal } = context;
  const seed = `${context.seed}:trainer`;
  const float32 = await answering(context, data, fitted);
  return chooseExport({
    ...{ asked: parameters.export, backbone, data, views: fitted.views, float32, processes, logger, seed, signal },
    examplesUri: inputs.examples.uri,
    answering: (served) => answering(context, served, fitted, float32.calibration),
    positive: positiveLabels(parameters.task, data.labels),
    reference: new Set([...driftPhotos(data, seed), ...observedTrainPhotos(data, seed)]),
  });
}

async function exportModel(
  { inputs, parameters, outputs, seed, signal }: Context,
  backbone: Backbone,
  { config, views, halves, trained }: Fitted,
  { data, backbone: servedBackbone, calibration, answers, metrics, precision }: Exported,
  probe: BackgroundProbe | null,
): Promise<void> {
  const modelUri = outputs.model;
  const { temperature, threshold, labelSets } = calibration;
  const { task } = parameters;
  const positive = positiveLabels(task, data.labels);
  const calibrated = new Set(halves.calibration?.photos);
  const choseThreshold = (i: number) => calibrated.has(data.eval.photos[i]!);
  const signature = await writeModel(modelUri, {
    backbone,
    servedBackbone,
    ...(precision && { precision }),
    reference: await readReferenceActivations(inputs.transformGraph.uri),
    views,
    mean: data.transform.mean,
    scale: data.transform.scale,
    head: trained.head,
    temperature,
    threshold,
    // as models of version 0.1 have it, unless asked for
    ...(typeof parameters.threshold === 'object' && { thresholdRule: parameters.threshold }),
    ...(labelSets && { labelSets }),
    labels: data.labels,
    task,
  });
  const examplesUri = inputs.examples.uri;
  await writeWarmup({ modelUri, examplesUri, examples: data.eval.examples, answers, count: parameters.warmupRequests });
  const trainSeed = `${seed}:trainer`;
  const { examples } = data.train;
  const { labels } = data;
  const drawn = await drawnEmbeddings({
    ...{ examplesUri, labels, examples, backbone: servedBackbone, seed: trainSeed, signal },
  });
  const reference = await writeDriftReference({ modelUri, data, task, threshold, answers, drawn, seed: trainSeed });
  await writeReferenceObservations({ modelUri, examplesUri, data, signature, answers, seed: trainSeed, signal });
  await writeChangedAnswers({
    modelUri,
    examplesUri,
    signature,
    examples: data.eval.examples,
    seed: trainSeed,
    signal,
  });
  await writeCard(modelUri, {
    texts: parameters.card,
    signature,
    config,
    ridge: trained.ridge,
    summary: await readSummary(examplesUri),
    counts: { train: data.train.photos.length, eval: data.eval.photos.length },
    metrics,
    calibration,
    atThreshold:
      positive && signature.thresholdRule
        ? atThreshold(answers, data.eval.targets, { positive, threshold, isCounted: (i) => !choseThreshold(i) })
        : null,
    probe,
    refusal: reference.distribution?.refusal ?? null,
  });
}

/** What the Tuner found; undefined without one. */
async function hyperparameters({ inputs: { bestHyperparameters: found } }: Context) {
  return found && (await readArtifactJson(join(found.uri, 'hyperparameters.json'), hyperparametersSchema));
}

async function train(
  { seed, signal, progress, logger, processes }: Context,
  data: TrainingData,
  halves: EvalHalves,
  config: HeadConfig,
  testViews: readonly number[],
): Promise<TrainedHead> {
  const epochs = epochsOf(config, data.train.photos.length);
  progress(0, epochs, 'epochs');
  return trainHead({
    source: data.source,
    standardiser: data.transform,
    rows: data.train.photos,
    targets: data.train.targets,
    classes: data.labels.length,
    config,
    seed: `${seed}:trainer`,
    groups: data.train.examples.map(({ group }) => group),
    evalRows: halves.stopping.photos,
    evalTargets: halves.stopping.targets,
    evalViews: testViews.slice(0, 1),
    processes,
    signal,
    onEpoch: (record) => {
      progress(record.epoch, epochs, 'epochs');
      logger.debug('epoch', { ...record });
    },
  });
}

function result(
  data: TrainingData,
  { config, trained }: Fitted,
  { metrics, calibration, precision }: Exported,
): ResultOf<typeof trainerSpec> {
  const measured = metrics ? `, eval accuracy ${metrics.accuracy.toFixed(4)}` : '';
  const numbers = {
    epochs: trained.history.length,
    best_epoch: trained.bestEpoch,
    temperature: calibration.temperature,
    threshold: calibration.threshold,
    ...(metrics && { eval_accuracy: metrics.accuracy, eval_nll: metrics.nll }),
    ...(metrics?.auc != null && { eval_auc: metrics.auc }),
  };
  return {
    properties: { model: { labels: data.labels.length, backbone: data.transform.backbone.name }, modelRun: numbers },
    summary: `${headText(config, trained.ridge)}, ${data.labels.length} labels, epoch ${trained.bestEpoch} of ${trained.history.length}${measured}, temperature ${calibration.temperature.toFixed(2)}${precision ? `, ${precisionText(precision)}` : ''}`,
  };
}
