import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import { MitateError } from '../../../errors/index.ts';
import type { Batch } from './batches.ts';

/** The error for a loss that is not finite: an invalid embedding, else steps that are too large. */
export function diverged(batch: Batch, config: HeadConfig, epoch: number, step: number, loss: number): MitateError {
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
