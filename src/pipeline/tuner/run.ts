import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireValidData } from '../../artifacts/anomalies/require-valid-data.ts';
import { writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { type HeadConfig, headConfig } from '../../contracts/artifacts/head-config.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { Random } from '../../math/stats/random.ts';
import { openTrainingData, viewIndexes } from '../trainer/training-data.ts';
import { type CrossScore, crossScore, evalScore, type Scoring } from './score-config.ts';
import type { SearchSpace, tunerSpec } from './spec.ts';
import { type Scored, successiveHalving } from './successive-halving.ts';

type Context = ContextOf<typeof tunerSpec>;

/** Trial 0 is the default configuration. */
interface Trial {
  trial: number;
  config: HeadConfig;
  /** Of its last rung. */
  cross?: CrossScore;
}

/**
 * Random search with successive halving. Trials are scored by cross-validation inside the train split; the best one must then beat the default
 * on the eval split, which has not been used before.
 */
export async function run(context: Context): Promise<ResultOf<typeof tunerSpec>> {
  const { inputs, parameters, seed, signal, processes } = context;
  if (inputs.anomalies) await requireValidData(inputs.anomalies.uri);
  using data = await openTrainingData(inputs.examples.uri, inputs.transformGraph.uri);
  if (data.eval.photos.length === 0) throw new MitateError('TUNING_NO_EVAL_SPLIT', {});
  const views = parameters.testViews === 'all' ? data.transform.views : parameters.testViews;
  const testViews = viewIndexes(views, data.transform.views);
  const scoring: Scoring = {
    data,
    testViews,
    folds: parameters.folds,
    seed: `${seed}:tuner`,
    processes,
    signal,
  };
  const [base, drawn] = drawTrials(parameters, seed);
  const scores = await search(context, scoring, [base, ...drawn]);
  return await conclude(context, scoring, base, scores);
}

function drawTrials({ head, space, trials }: Context['parameters'], seed: number): [base: Trial, drawn: Trial[]] {
  const random = new Random(`${seed}:tuner`);
  const base = headConfig(head);
  const drawn = Array.from({ length: trials }, (_, i) => ({ trial: i + 1, config: sampleConfig(random, space, base) }));
  return [{ trial: 0, config: base }, drawn];
}

function search(context: Context, scoring: Scoring, trials: [Trial, ...Trial[]]): Promise<Scored<Trial>[]> {
  const { parameters, progress, logger } = context;
  let done = 0;
  return successiveHalving({
    candidates: trials,
    budget: trials[0].config.epochs,
    eta: parameters.eta,
    score: async (trial, epochs, rung) => {
      const score = await scoreTrial(scoring, trial, epochs);
      progress(++done, 0, 'trials');
      logger.debug('trial', { trial: trial.trial, rung, epochs, nll: score });
      return score;
    },
  });
}

/** A trial that diverges scores Infinity; other errors are thrown. */
async function scoreTrial(scoring: Scoring, trial: Trial, epochs: number): Promise<number> {
  const { config } = trial;
  const minSteps = Math.round((config.minSteps * epochs) / config.epochs);
  try {
    trial.cross = await crossScore(scoring, { ...config, epochs, minSteps });
    return trial.cross.nll;
  } catch (error) {
    if (isMitateError(error, 'TRAINING_DIVERGED')) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

async function conclude(
  { outputs, parameters }: Context,
  scoring: Scoring,
  base: Trial,
  scores: Scored<Trial>[],
): Promise<ResultOf<typeof tunerSpec>> {
  const lastRung = Math.max(...scores.map(({ rung }) => rung));
  const best = scores.find(({ rung }) => rung === lastRung)?.candidate ?? base;
  const defaultEvalNll = await finalScore(scoring, base);
  const foundEvalNll = best.trial === 0 ? defaultEvalNll : await finalScore(scoring, best);
  const beatDefault = foundEvalNll < defaultEvalNll;
  const chosen = beatDefault ? best : base;
  const evalNll = beatDefault ? foundEvalNll : defaultEvalNll;
  const found = { config: chosen.config, evalNll, defaultEvalNll, beatDefault };
  await writeArtifactJson(join(outputs.bestHyperparameters, 'hyperparameters.json'), found);
  await writeTrials(outputs.tunerResults, scores);
  await writeArtifactJson(join(outputs.tunerResults, 'summary.json'), {
    trials: parameters.trials + 1,
    rungs: lastRung + 1,
    folds: parameters.folds,
    bestTrial: best.trial,
    bestCrossNll: best.cross?.nll ?? null,
    bestEvalNll: foundEvalNll,
    defaultCrossNll: base.cross?.nll ?? null,
    defaultEvalNll,
    beatDefault,
  });
  return {
    properties: {
      bestHyperparameters: { eval_nll: evalNll, default_eval_nll: defaultEvalNll, beat_default: beatDefault },
    },
    summary: sentence(parameters.trials, best, foundEvalNll, defaultEvalNll, beatDefault),
  };
}

async function finalScore(scoring: Scoring, trial: Trial): Promise<number> {
  return trial.cross ? evalScore(scoring, trial.config, trial.cross.temperature) : Number.POSITIVE_INFINITY;
}

function sentence(drawn: number, best: Trial, found: number, byDefault: number, beat: boolean): string {
  const numbers = `eval NLL ${found.toFixed(4)}, default ${byDefault.toFixed(4)}`;
  if (beat) return `trial ${best.trial} of ${drawn} beats the default: ${numbers}`;
  if (best.trial === 0) return `none of ${drawn} trials beats the default in cross-validation: the default is kept`;
  return `trial ${best.trial} of ${drawn} does not beat the default: ${numbers}; the default is kept`;
}

/** `trials.jsonl`: one line per trial and rung, in each rung from best to worst. A failed trial's score is null. */
async function writeTrials(uri: string, scores: readonly Scored<Trial>[]): Promise<void> {
  const lines = scores.map(({ candidate, rung, budget, score }) =>
    JSON.stringify({
      trial: candidate.trial,
      rung,
      epochs: budget,
      crossNll: Number.isFinite(score) ? score : null,
      config: candidate.config,
    }),
  );
  await writeFile(join(uri, 'trials.jsonl'), lines.map((line) => `${line}\n`).join(''));
}

/** A configuration drawn from the space; other options are those of `base`. */
function sampleConfig(random: Random, space: SearchSpace, base: HeadConfig): HeadConfig {
  return headConfig(base, {
    kind: random.pick(space.kind),
    hidden: random.pick(space.hidden),
    learningRate: logUniform(random, space.learningRate),
    weightDecay: logUniform(random, space.weightDecay),
    dropout: rounded(random.range(...space.dropout)),
    inputDropout: rounded(random.range(...space.inputDropout)),
    mixup: random.pick(space.mixup),
    labelSmoothing: rounded(random.range(...space.labelSmoothing)),
    batchSize: random.pick(space.batchSize),
  });
}

function logUniform(random: Random, [low, high]: [number, number]): number {
  if (low <= 0) return rounded(random.range(low, high));
  return rounded(Math.exp(random.range(Math.log(low), Math.log(high))));
}

/** Three significant digits, for readable results. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
