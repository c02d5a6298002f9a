import type { EmbeddingFiles } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { HeadWeights } from '../../../contracts/artifacts/head.ts';
import { foldMembers } from '../calibration/fold-members.ts';
import { EvalJudge } from '../eval-judge.ts';
import { TrainingProcess } from '../process/training-process.ts';
import type { EpochRecord, HeadTraining, RidgeChoice } from './head-training.ts';
import { epochsOf, type Member, type MemberEpoch, type MemberPlan, memberSeed, openMember } from './member.ts';
import { fitRidge } from './ridge/fit-ridge.ts';

export interface TrainedHead {
  head: HeadWeights;
  history: EpochRecord[];
  /** The epoch whose weights were kept, from 1. */
  bestEpoch: number;
  /** Of a ridge head. */
  ridge?: RidgeChoice;
}

/**
 * Trains a head on embeddings, or solves it. Each step is one run of an ONNX graph (forward, backward, AdamW) on one thread, so the same seed, data and
 * config give the same bytes. Batches are read on demand; the event loop runs between steps.
 * @throws TRAINING_DIVERGED, TRAINING_EMBEDDING_INVALID, CANCELLED
 */
export async function trainHead(training: HeadTraining): Promise<TrainedHead> {
  const { config, source, classes } = training;
  if (config.kind === 'ridge') return solvedHead(training);
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

async function solvedHead(training: HeadTraining): Promise<TrainedHead> {
  const { head, loss, choice } = await fitRidge(training);
  const judge = await EvalJudge.open(training);
  const evalNll = judge ? await judge.nll(head) : null;
  await judge?.close();
  const record = { epoch: 1, loss, evalNll, learningRate: 0 };
  training.onEpoch?.(record);
  return { head, history: [record], bestEpoch: 1, ridge: choice };
}

function meanLoss(members: readonly MemberEpoch[]): number {
  return members.reduce((sum, { loss }) => sum + loss, 0) / members.length;
}

/** The members of a head: the last ones each in a child process, as far as `processes` allows, the others here. Their weights do not depend on it. */
async function openMembers(training: HeadTraining): Promise<Member[]> {
  const { source, config, processes = 1, signal } = training;
  const { files } = source;
  const children = Math.min(config.members, processes) - 1;
  const members = Array.from({ length: config.members }, (_, i) => {
    const plan = { ...planOf(training), seed: memberSeed(training.seed, i) };
    const isHere = !files || i < config.members - children;
    return isHere ? openMember(source, plan, signal) : openInChildProcess(files, plan, signal);
  });
  const settled = await Promise.allSettled(members);
  const failed = settled.find((each) => each.status === 'rejected');
  const opened = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  if (!failed) return opened;
  // otherwise the child processes would wait for their first epoch
  await Promise.all(opened.map((member) => member.close()));
  throw failed.reason;
}

function planOf({ standardiser, rows, targets, classes, config, seed }: HeadTraining): MemberPlan {
  return { standardiser, rows: Int32Array.from(rows), targets: Int32Array.from(targets), classes, config, seed };
}

async function openInChildProcess(files: EmbeddingFiles, plan: MemberPlan, signal?: AbortSignal): Promise<Member> {
  const child = new TrainingProcess(signal);
  try {
    await child.ask({ kind: 'member', files, plan });
  } catch (error) {
    await child.close();
    throw error;
  }
  return { run: (epoch) => child.ask({ kind: 'epoch', epoch }), close: () => child.close() };
}
