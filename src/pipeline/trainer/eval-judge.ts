import type { HeadWeights } from '../../contracts/artifacts/head.ts';
import { averageViews } from '../../math/calibration/average-views.ts';
import { softmaxRows } from '../../math/calibration/softmax-rows.ts';
import { nll } from '../../math/metrics/nll.ts';
import { HeadRunner } from './head/head-runner.ts';
import type { HeadTraining } from './head/head-training.ts';
import { sourceRows } from './source-rows.ts';

/** Measures a head on the eval photos after an epoch. */
export class EvalJudge {
  readonly #training: HeadTraining;
  readonly #runner: HeadRunner;
  readonly #rows: Int32Array;
  readonly #views: number;

  private constructor(training: HeadTraining, runner: HeadRunner) {
    const views = training.evalViews ?? [0];
    this.#training = training;
    this.#runner = runner;
    this.#views = views.length;
    this.#rows = sourceRows(training.evalRows ?? [], training.source.views, views);
  }

  /** Undefined when there are no eval photos. */
  static async open(training: HeadTraining): Promise<EvalJudge | undefined> {
    if (!training.evalRows?.length || !training.evalTargets) return undefined;
    const layers = training.config.kind === 'mlp' ? 2 : 1;
    return new EvalJudge(training, await HeadRunner.open(training.standardiser, layers));
  }

  /** Mean negative log-likelihood, nats, views averaged. */
  async nll(head: HeadWeights): Promise<number> {
    const { source, classes, evalTargets } = this.#training;
    const logits = await this.#runner.logits(head, source, this.#rows);
    return nll(softmaxRows(averageViews(logits, classes, this.#views), classes), evalTargets!, classes);
  }

  async close(): Promise<void> {
    await this.#runner.close();
  }
}
