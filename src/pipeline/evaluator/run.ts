import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAnomalies } from '../../artifacts/anomalies/require-valid-data.ts';
import { writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { writeBlessing } from '../../artifacts/blessing/files.ts';
import { answersFile, packAnswers } from '../../artifacts/evaluation/answers-file.ts';
import { readIndex, readSummary } from '../../artifacts/examples/read-examples.ts';
import { readDriftReference } from '../../artifacts/model/read-served-model.ts';
import type { Blessing } from '../../contracts/artifacts/blessing.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import { openAnswers } from '../../inference/embeddings/answer-cache.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { bless } from './bless.ts';
import { evaluate } from './evaluate.ts';
import { writeEvaluatedCard } from './evaluated-card.ts';
import { measureExplanations } from './explanations/measure-explanations.ts';
import { evaluateGolden } from './golden-sets.ts';
import { photoAnswers } from './photo-answers.ts';
import { takePictures } from './pictures.ts';
import { answersOf, predictSplit } from './predict-split.ts';
import { reportPage } from './report/report.ts';
import { subjectOf } from './report/title.ts';
import { measureRobustness } from './robustness/measure-robustness.ts';
import { smallSplit } from './small-split.ts';
import { type evaluatorSpec, explanationsOf, robustnessOf } from './spec.ts';
import { suspectsInTest } from './suspects-in-test.ts';
import { findSuspiciousLabels } from './suspicious-labels.ts';

type Context = ContextOf<typeof evaluatorSpec>;

/** Evaluates the exported model, as it will be served, on the test split. */
export async function run(context: Context): Promise<ResultOf<typeof evaluatorSpec>> {
  const { inputs, parameters, outputs } = context;
  await using pool = await InferencePool.open({ processes: context.processes, logger: context.logger });
  const { evaluation, answers } = await evaluateWith(pool, context);
  const blessing = bless(evaluation, parameters);
  const pictures = await takePictures({
    examplesUri: inputs.examples.uri,
    evaluation,
    pool,
    model: 'model',
    most: parameters.pictures,
  });
  const probe = inputs.anomalies ? (await readAnomalies(inputs.anomalies.uri)).probe : null;
  const refusal = (await readDriftReference(inputs.model.uri))?.distribution?.refusal ?? null;
  const subject = subjectOf(inputs.model, context);
  await writeArtifactJson(join(outputs.evaluation, 'evaluation.json'), evaluation);
  await writeFile(answersFile(outputs.evaluation), packAnswers(answers));
  await writeEvaluatedCard(inputs.model.uri, outputs.evaluation, evaluation);
  await writeFile(
    join(outputs.evaluation, 'report.html'),
    reportPage({ subject, evaluation, blessing, pictures, probe, refusal }),
  );
  const auc = evaluation.metrics.auc.value;
  const accuracy = (evaluation.headMetrics ?? evaluation.metrics).accuracy.value;
  const numbers = `AUC ${auc?.toFixed(4) ?? '–'}, accuracy ${accuracy?.toFixed(4) ?? '–'} of ${evaluation.labels.length} labels`;
  const golden = evaluation.golden.map(
    ({ set, photos, metrics }) =>
      `; golden set ${set}: accuracy ${metrics.accuracy.value?.toFixed(4) ?? '–'} on ${photos} photos`,
  );
  const summary = `${evaluation.examples} test photos: ${numbers}${golden.join('')}`;
  const doubted = suspectsInTest(evaluation);
  if (doubted !== null) context.logger.warn(`Suspicious labels in the test split: ${doubted}`);
  const measured = { ...(doubted !== null && { suspicious_in_test: doubted }) };
  if (!blessing) return { absent: ['blessing'], properties: { evaluation: measured }, summary };
  await writeBlessing(outputs.blessing, blessing, 'model');
  const small = smallSplit(evaluation);
  return {
    properties: {
      evaluation: measured,
      blessing: { ...blessingProperties(blessing, context), ...(small !== null && { small_test_split: small }) },
    },
    summary: `${summary}; ${blessing.blessed ? 'blessed' : `not blessed: ${blessing.message}`}`,
  };
}

async function evaluateWith(pool: InferencePool, context: Context) {
  const { inputs, parameters, seed, signal, progress, processes } = context;
  const examples = await readIndex(inputs.examples.uri, 'test');
  if (examples.length === 0) throw new MitateError('EVALUATION_NO_TEST_SPLIT', {});
  const model = await pool.loadModel('model', inputs.model.uri);
  const baseline = inputs.baseline ? await pool.loadModel('baseline', inputs.baseline.uri) : null;
  await using answersOfModel = await openAnswers(context.cacheDir, inputs.model.digest, model.labels.length);
  await using answersOfBaseline =
    inputs.baseline && baseline
      ? await openAnswers(context.cacheDir, inputs.baseline.digest, baseline.labels.length)
      : null;
  const models = [
    { name: 'model', cache: answersOfModel },
    ...(answersOfBaseline ? [{ name: 'baseline', cache: answersOfBaseline }] : []),
  ];
  const [probabilities, baselineProbabilities] = await predictSplit(inputs.examples.uri, 'test', {
    pool,
    models,
    inFlight: 3 * processes,
    onPhoto: (done) => progress(done, examples.length, 'photos'),
    signal,
  });
  const { labels } = model;
  const answers = answersOf(probabilities!, model, examples, labels);
  const baselineAnswers =
    baseline && baselineProbabilities ? answersOf(baselineProbabilities, baseline, examples, labels) : null;
  const measured = evaluate({
    examples,
    groupBy: (await readSummary(inputs.examples.uri)).groupBy,
    signature: model,
    answers,
    baselineAnswers,
    modelDigest: inputs.model.digest,
    baselineDigest: inputs.baseline?.digest ?? null,
    sliceBy: parameters.sliceBy,
    pictures: parameters.pictures,
    resamples: parameters.resamples,
    seed,
  });
  const suspicious = inputs.transformGraph
    ? await findSuspiciousLabels({
        examplesUri: inputs.examples.uri,
        transformUri: inputs.transformGraph.uri,
        seed,
        signal,
      })
    : null;
  const golden = await evaluateGolden({
    ...{ photos: await context.golden.photos(), fileOf: context.golden.fileOf },
    ...{ examples: await readIndex(inputs.examples.uri), test: measured.metrics.accuracy },
    ...{ pool, signature: model, baseline, models, resamples: parameters.resamples, seed, signal },
  });
  const shown = {
    ...{ examplesUri: inputs.examples.uri, examples, answers, signature: model, pool, model: 'model' },
    ...{ inFlight: 3 * processes, resamples: parameters.resamples, seed, signal },
  };
  const altered = robustnessOf(parameters.robustness);
  const robustness =
    altered &&
    (await measureRobustness({
      ...{ ...shown, ...altered },
      onPhoto: (done, total) => progress(done, total, 'altered photos'),
    }));
  const explained = explanationsOf(parameters.explanations);
  const explanations =
    explained &&
    (await measureExplanations({
      ...{ ...shown, ...explained },
      onPhoto: (done, total) => progress(done, total, 'explained photos'),
    }));
  const evaluation = {
    ...{ ...measured, suspiciousLabels: suspicious, golden },
    ...(robustness && { robustness }),
    ...(explanations && { explanations }),
  };
  return { evaluation, answers: photoAnswers(answers, examples) };
}

function blessingProperties(blessing: Blessing, { inputs }: Context) {
  return {
    blessed: Number(blessing.blessed),
    blessing_message: blessing.message,
    current_model_id: inputs.model.id,
    ...(inputs.baseline && { baseline_model_id: inputs.baseline.id }),
  };
}
