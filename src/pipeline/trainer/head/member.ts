import type { EmbeddingSource, Standardiser } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import { MitateError } from '../../../errors/index.ts';
import { type Batch, Batches, stepsPerEpoch } from './batches.ts';
import { scheduledRate } from './schedule.ts';
import { TrainingStep } from './training-step.ts';

/** What determines a member's weights, apart from the embeddings; it can be sent to another process. */
export interface MemberPlan {
  standardiser: Standardiser;
  /** Photos of the source to train on (photo numbers, not row numbers), and the class 0..classes-1 of each. */
  rows: ArrayLike<number>;
  targets: ArrayLike<number>;
  classes: number;
  config: HeadConfig;
  /** Same seed, data and config: same weights to the bit. */
  seed: number | string;
}

export interface MemberEpoch {
  /** Mean training loss, nats. */
  loss: number;
  /** At the epoch's last step. */
  learningRate: number;
  /** `w1, b1, w2, b2`, or `w1, b1` for a logistic head. */
  values: Float32Array[];
}

/** One head of an ensemble. Members share only the photos, so each may be trained in a separate process. */
export interface Member {
  /** @param epoch from 1, one after the other @throws TRAINING_DIVERGED, TRAINING_EMBEDDING_INVALID, CANCELLED */
  run(epoch: number): Promise<MemberEpoch>;
  close(): Promise<void>;
}

export const memberSeed = (seed: number | string, member: number) => `${seed}:member${member}`;

/** A member that is trained in this process. */
export async function openMember(source: EmbeddingSource, plan: MemberPlan, signal?: AbortSignal): Promise<Member> {
  const batches = new Batches({ ...plan, source, photos: plan.rows });
  const stepper = await TrainingStep.open(plan.classes, plan.config, plan.standardiser, plan.seed);
  return {
    run: (epoch) => runEpoch(plan, batches, stepper, epoch, signal),
    close: () => stepper.close(),
  };
}

/** Largest number of epochs: `epochs`, or as many as `minSteps` steps take; one for a head that is solved. */
export function epochsOf({ kind, epochs, minSteps, batchSize }: HeadConfig, photos: number): number {
  if (kind === 'ridge') return 1;
  return Math.max(epochs, Math.ceil(minSteps / stepsPerEpoch(photos, batchSize)));
}

async function runEpoch(
  { config, rows }: MemberPlan,
  batches: Batches,
  stepper: TrainingStep,
  epoch: number,
  signal: AbortSignal | undefined,
): Promise<MemberEpoch> {
  const total = epochsOf(config, rows.length) * batches.stepsPerEpoch;
  let step = (epoch - 1) * batches.stepsPerEpoch;
  let sum = 0;
  let learningRate = 0;
  for (const batch of batches.epoch()) {
    if (signal?.aborted) throw new MitateError('CANCELLED', {});
    learningRate = scheduledRate(config.learningRate, step, total, config.warmup);
    step++;
    const loss = await stepper.run(batch, step, learningRate);
    if (!Number.isFinite(loss)) throw diverged(batch, config, epoch, step, loss);
    sum += loss * batch.photos.length;
  }
  return { loss: sum / rows.length, learningRate, values: stepper.values() };
}

/** The error for a loss that is not finite: an invalid embedding, else steps that are too large. */
function diverged(batch: Batch, config: HeadConfig, epoch: number, step: number, loss: number): MitateError {
  const broken = batch.x.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    const row = batch.photos[Math.floor(broken / (batch.x.length / batch.photos.length))]!;
    return new MitateError('TRAINING_EMBEDDING_INVALID', { row, epoch, step });
  }
  return new MitateError('TRAINING_DIVERGED', {
    epoch,
    step,
    loss,
    cause: `steps too large for these embeddings (learning rate ${config.learningRate}, weight decay ${config.weightDecay})`,
    advice: `Set the Trainer's head.learningRate to ${config.learningRate / 10}${config.warmup === 0 ? ' and head.warmup to 0.05' : ''}, and head.weightDecay x head.learningRate below 1.`,
  });
}
