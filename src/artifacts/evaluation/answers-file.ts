import { join } from 'node:path';
import type { Task } from '../../contracts/task.ts';

/** A model's answers to the photos of a test split. */
export interface PhotoAnswers {
  labels: readonly string[];
  task: Task;
  /** Of a question, 0..1. */
  threshold: number;
  /** Of each label, whether it is a positive answer; null for a multi-class task. */
  positive: readonly boolean[] | null;
  /** P(positive) of a question, else the top label's probability, [N]. */
  scores: Float32Array;
  /** Label indexes, [N]. */
  truths: Uint16Array;
  /** The top label of the head, [N]. */
  answers: Uint16Array;
  /** sha256, hex, [N]. */
  photos: readonly string[];
}

/** In an evaluation, from version 10 of the Evaluator on. */
export const answersFile = (uri: string) => join(uri, 'answers.bin');

/**
 * Little endian: `MANS`, uint32 1, uint32 N, uint32 bytes of the header, the header as JSON padded with spaces to a multiple of 4, float32 scores
 * [N], uint16 truths [N], uint16 answers [N], sha256 [N][32]. Read by `readAnswers` of `mitate/client`.
 */
export function packAnswers({ scores, truths, answers, photos, ...header }: PhotoAnswers): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 4) * 4;
  const n = scores.length;
  const packed = Buffer.alloc(16 + headerBytes + n * (4 + 2 + 2 + 32), ' ');
  packed.write('MANS', 0, 'latin1');
  [1, n, headerBytes].forEach((value, i) => {
    packed.writeUInt32LE(value, 4 + 4 * i);
  });
  json.copy(packed, 16);
  const at = 16 + headerBytes;
  for (let i = 0; i < n; i++) {
    packed.writeFloatLE(scores[i]!, at + 4 * i);
    packed.writeUInt16LE(truths[i]!, at + 4 * n + 2 * i);
    packed.writeUInt16LE(answers[i]!, at + 6 * n + 2 * i);
    packed.write(photos[i]!, at + 8 * n + 32 * i, 'hex');
  }
  return packed;
}
