import type { HeadWeights } from '../../../contracts/artifacts/head.ts';
import { foldMembers } from '../calibration/fold-members.ts';
import { EvalJudge } from '../eval-judge.ts';
import type { EpochRecord, HeadTraining } from './head-training.ts';
import { epochsOf, type MemberEpoch } from './member.ts';
import { openMembers } from './open-members.ts';

export interface TrainedHead {
  head: HeadWeights;
  history: EpochRecord[];
  /** The epoch whose weights were kept, from 1. */
  bestEpoch: number;
}

/**
 * Trains a head on embeddings. Each step is one run of an ONNX graph (forward, backward, AdamW) on one thread, so the same seed, data and
 * config give the same bytes. Batches are read on demand; the event loop runs between steps.
 * @throws TRAINING_DIVERGED, TRAINING_EMBEDDING_INVALID, CANCELLED
 */
export async function trainHead(training: HeadTraining): Promise<TrainedHead> {
  const { config, source, classes } = training;
  const judge = await EvalJudge.open(training);
  const members = await openMembers(training);
  const history: EpochRecord[] = [];
  let best = { nll: Number.POSITIVE_INFINITY, epoch: 0, head: undefined as HeadWeights | undefined };
  const epochs = epochsOf(config, training.rows.length);
  const patience = Math.round((config.patience * epochs) / config.epochs);
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const states = await Promise.all(members.map((member) => member.run(epoch)));
      const values = states.map((member) => member.values);
      const head = foldMembers(values, source.size, classes);
      const evalNll = judge ? await judge.nll(head) : null;
      const record = { epoch, loss: meanLoss(states), evalNll, learningRate: states[0]!.learningRate };
      history.push(record);
      training.onEpoch?.(record);
      if (evalNll === null || evalNll < best.nll) best = { nll: evalNll ?? best.nll, epoch, head };
      if (config.patience > 0 && evalNll !== null && epoch - best.epoch >= patience) break;
    }
  } finally {
    await Promise.all(members.map((member) => member.close()));
    await judge?.close();
  }
  return { head: best.head!, history, bestEpoch: best.epoch };
}

function meanLoss(members: readonly MemberEpoch[]): number {
  return members.reduce((sum, { loss }) => sum + loss, 0) / members.length;
}
