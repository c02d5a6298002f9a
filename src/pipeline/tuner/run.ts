import { constants } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireValidData } from '../../artifacts/anomalies/require-valid-data.ts';
import { writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { durationMs } from '../../codecs/duration.ts';
import type { Artifact } from '../../contracts/artifact.ts';
import { type HeadConfig, headConfig } from '../../contracts/artifacts/head-config.ts';
import type { View } from '../../contracts/artifacts/signature.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { Random } from '../../math/stats/random.ts';
import { openTrainingData, type TrainingData, viewIndexes } from '../trainer/training-data.ts';
import { type CrossScore, crossScore, evalScore, type Scoring } from './score-config.ts';
import type { SearchSpace, tunerSpec } from './spec.ts';
import { type Scored, successiveHalving } from './successive-halving.ts';
import { TimeBudget } from './time-budget.ts';

type Context = ContextOf<typeof tunerSpec>;

/** Trial 0 is the default configuration. */
interface Trial {
  trial: number;
  config: HeadConfig;
  /** Index of its embeddings. */
  graph: number;
  testViews: View[];
  /** By rung. */
  crosses: CrossScore[];
  seconds: number[];
}

interface Graph {
  artifact: Artifact;
  data: TrainingData;
}

/**
 * Random search with successive halving. Trials are scored by cross-validation inside the train split; the best one must then beat the default
 * on the eval split, which has not been used before.
 */
export async function run(context: Context): Promise<ResultOf<typeof tunerSpec>> {
  const { inputs, parameters, seed, signal, processes } = context;
  if (inputs.anomalies) await requireValidData(inputs.anomalies.uri);
  using opened = new DisposableStack();
  const graphs: Graph[] = [];
  for (const artifact of [
    inputs.transformGraph,
    inputs.transformGraph2,
    inputs.transformGraph3,
    inputs.transformGraph4,
  ])
    if (artifact)
      graphs.push({ artifact, data: opened.use(await openTrainingData(inputs.examples.uri, artifact.uri)) });
  if (graphs[0]!.data.eval.photos.length === 0) throw new MitateError('TUNING_NO_EVAL_SPLIT', {});
  const scoringOf = ({ graph, testViews }: Trial): Scoring => {
    const { data } = graphs[graph]!;
    const views = viewIndexes(testViews, data.transform.views);
    return { data, testViews: views, folds: parameters.folds, seed: `${seed}:tuner`, processes, signal };
  };
  const trials = drawTrials(parameters, seed, graphs);
  const limit = parameters.budget === undefined ? Number.POSITIVE_INFINITY : durationMs(parameters.budget)! / 1000;
  const time = new TimeBudget(() => context.now().getTime(), limit);
  const scores = await search(context, scoringOf, trials, time);
  return await conclude(context, { scoringOf, graphs, base: trials[0], scores, time });
}

function drawTrials(
  { head, space, trials, testViews }: Context['parameters'],
  seed: number,
  graphs: readonly Graph[],
): [base: Trial, ...drawn: Trial[]] {
  const random = new Random(`${seed}:tuner`);
  const base = headConfig(head);
  const viewsOf = (graph: number, drawn: 'plain' | 'all'): View[] => {
    const views = testViews ?? (drawn === 'all' ? 'all' : ['plain']);
    return views === 'all' ? graphs[graph]!.data.transform.views : views;
  };
  const drawn = Array.from({ length: trials }, (_, i): Trial => {
    const config = sampleConfig(random, space, base);
    const graph = random.pick([...graphs.keys()]);
    const views = viewsOf(graph, random.pick(space.testViews));
    return { trial: i + 1, config, graph, testViews: views, crosses: [], seconds: [] };
  });
  return [{ trial: 0, config: base, graph: 0, testViews: viewsOf(0, 'plain'), crosses: [], seconds: [] }, ...drawn];
}

function search(
  { parameters, progress, logger }: Context,
  scoringOf: (trial: Trial) => Scoring,
  trials: [Trial, ...Trial[]],
  time: TimeBudget,
): Promise<Scored<Trial>[]> {
  let done = 0;
  return successiveHalving({
    candidates: trials,
    budget: trials[0].config.epochs,
    eta: parameters.eta,
    score: async (trial, epochs, rung) => {
      const ran = await time.run(epochs * trial.config.members, () =>
        scoreTrial(scoringOf(trial), trial, epochs, rung),
      );
      if (ran === null) return null;
      const { result: score, seconds } = ran;
      trial.seconds[rung] = seconds;
      progress(++done, 0, 'trials');
      logger.debug('trial', { trial: trial.trial, rung, epochs, nll: score, seconds });
      return score;
    },
  });
}

/** A trial that diverges scores Infinity; other errors are thrown. */
async function scoreTrial(scoring: Scoring, trial: Trial, epochs: number, rung: number): Promise<number> {
  try {
    const cross = await crossScore(scoring, atEpochs(trial.config, epochs));
    trial.crosses[rung] = cross;
    return cross.nll;
  } catch (error) {
    if (isMitateError(error, 'TRAINING_DIVERGED')) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

const atEpochs = (config: HeadConfig, epochs: number): HeadConfig => ({
  ...config,
  epochs,
  minSteps: Math.round((config.minSteps * epochs) / config.epochs),
});

interface Searched {
  scoringOf: (trial: Trial) => Scoring;
  graphs: readonly Graph[];
  base: Trial;
  scores: readonly Scored<Trial>[];
  time: TimeBudget;
}

async function conclude(context: Context, searched: Searched): Promise<ResultOf<typeof tunerSpec>> {
  const { outputs } = context;
  const { graphs, base, scores, time } = searched;
  const spent = time.seconds;
  const best = bestOf(scores, base);
  const defaultEvalNll = await finalScore(searched, base, best);
  const foundEvalNll = best.candidate === base ? defaultEvalNll : await finalScore(searched, best.candidate, best);
  const beatDefault = foundEvalNll < defaultEvalNll;
  const chosen = beatDefault ? best.candidate : base;
  const evalNll = beatDefault ? foundEvalNll : defaultEvalNll;
  const { artifact, data } = graphs[chosen.graph]!;
  const isChoice = graphs.length > 1;
  await writeArtifactJson(join(outputs.bestHyperparameters, 'hyperparameters.json'), {
    config: chosen.config,
    evalNll,
    defaultEvalNll,
    beatDefault,
    testViews: chosen.testViews,
    ...(isChoice && { transformDigest: data.transform.transformDigest }),
  });
  if (isChoice) await cp(artifact.uri, outputs.transformGraph, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await writeTrials(outputs.tunerResults, searched);
  const figures = { best, foundEvalNll, defaultEvalNll, beatDefault, spent };
  await writeSummary(context, searched, figures);
  const found = { eval_nll: evalNll, default_eval_nll: defaultEvalNll, beat_default: beatDefault };
  return {
    ...(!isChoice && { absent: ['transformGraph' as const] }),
    properties: {
      bestHyperparameters: { ...found, ...(isChoice && { backbone: data.transform.backbone.name }) },
      tunerResults: { trials_run: scores.length, trials_not_started: time.notStarted, seconds: spent },
      ...(isChoice && { transformGraph: artifact.properties }),
    },
    summary: sentence(context.parameters.trials, searched, figures),
  };
}

/** The best of the last rung that scored more than the default. */
function bestOf(scores: readonly Scored<Trial>[], base: Trial): Scored<Trial> {
  const last = scores.findLast(({ candidate }) => candidate !== base);
  return scores.find(({ rung }) => rung === (last?.rung ?? 0))!;
}

/** Eval NLL of a trial as it was trained in the rung that decided; Infinity if it diverged there. */
async function finalScore({ scoringOf }: Searched, trial: Trial, { rung, budget }: Scored<Trial>): Promise<number> {
  const cross = trial.crosses[rung];
  if (!cross) return Number.POSITIVE_INFINITY;
  return await evalScore(scoringOf(trial), atEpochs(trial.config, budget), cross.temperature);
}

interface Figures {
  best: Scored<Trial>;
  foundEvalNll: number;
  defaultEvalNll: number;
  beatDefault: boolean;
  /** Seconds of the search. */
  spent: number;
}

function writeSummary({ outputs, parameters }: Context, { base, scores, time }: Searched, figures: Figures) {
  const { best, foundEvalNll, defaultEvalNll, beatDefault, spent } = figures;
  return writeArtifactJson(join(outputs.tunerResults, 'summary.json'), {
    trials: parameters.trials + 1,
    rungs: scores.at(-1)!.rung + 1,
    folds: parameters.folds,
    budget: parameters.budget ?? null,
    seconds: spent,
    /** Trials in a rung. */
    trialsRun: scores.length,
    trialsNotStarted: time.notStarted,
    bestTrial: best.candidate.trial,
    bestCrossNll: best.candidate.crosses[best.rung]?.nll ?? null,
    bestEvalNll: foundEvalNll,
    defaultCrossNll: base.crosses[best.rung]?.nll ?? null,
    defaultEvalNll,
    beatDefault,
  });
}

function sentence(drawn: number, { base, scores, time }: Searched, figures: Figures): string {
  const { best, foundEvalNll, defaultEvalNll, beatDefault, spent } = figures;
  const numbers = `eval NLL ${foundEvalNll.toFixed(4)}, default ${defaultEvalNll.toFixed(4)}`;
  const dear = scores.reduce((most, { candidate, rung }) => Math.max(most, candidate.seconds[rung] ?? 0), 0);
  const left = time.notStarted > 0 ? `; ${time.notStarted} not started: over the budget` : '';
  const cost = `${scores.length} trainings in ${spent.toFixed(1)} s, the longest ${dear.toFixed(1)} s${left}`;
  const { trial } = best.candidate;
  if (beatDefault) return `trial ${trial} of ${drawn} beats the default: ${numbers}; ${cost}`;
  if (best.candidate === base)
    return `none of ${drawn} trials beats the default in cross-validation: the default is kept; ${cost}`;
  return `trial ${trial} of ${drawn} does not beat the default: ${numbers}; the default is kept; ${cost}`;
}

/** `trials.jsonl`: one line per trial and rung, in each rung from best to worst, with what it cost. A failed trial's score is null. */
async function writeTrials(uri: string, { scores, graphs }: Searched): Promise<void> {
  const lines = scores.map(({ candidate, rung, budget, score }) =>
    JSON.stringify({
      trial: candidate.trial,
      rung,
      epochs: budget,
      crossNll: Number.isFinite(score) ? score : null,
      seconds: candidate.seconds[rung],
      backbone: graphs[candidate.graph]!.data.transform.backbone.name,
      testViews: candidate.testViews,
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
    loss: random.pick(space.loss),
    focalGamma: random.pick(space.focalGamma),
    members: random.pick(space.members),
    trainViews: random.pick(space.trainViews),
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
