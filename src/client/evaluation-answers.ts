/** A model's answers to the photos of its test split. */
export interface EvaluationAnswers {
  labels: string[];
  /** Names of a question's answers; null for a multi-class task. */
  question: { positive: string; negative: string } | null;
  /** Of a question, 0..1. */
  threshold: number;
  /** Of each label, whether it is a positive answer; null for a multi-class task. */
  positive: boolean[] | null;
  /** P(positive) of a question, else the top label's probability. */
  scores: Float32Array;
  /** Indexes of labels. */
  truths: Uint16Array;
  /** Index of the most probable label. */
  answers: Uint16Array;
  /** sha256, hex. */
  photo(i: number): string;
}

/** Reads the bytes of `models.answers`. @throws RangeError */
export function readAnswers(bytes: ArrayBuffer): EvaluationAnswers {
  const view = new DataView(bytes);
  const magic = new TextDecoder().decode(bytes.slice(0, 4));
  if (magic !== 'MANS' || view.getUint32(4, true) !== 1) throw new RangeError('not answers of version 1');
  const [n, headerBytes] = [view.getUint32(8, true), view.getUint32(12, true)];
  const { task, ...header } = JSON.parse(new TextDecoder().decode(bytes.slice(16, 16 + headerBytes)));
  const at = 16 + headerBytes;
  const sha256 = new Uint8Array(bytes, at + 8 * n, 32 * n);
  const { positive, negative } = task;
  return {
    ...header,
    question: task.kind === 'question' ? { positive, negative } : null,
    scores: Float32Array.from({ length: n }, (_, i) => view.getFloat32(at + 4 * i, true)),
    truths: Uint16Array.from({ length: n }, (_, i) => view.getUint16(at + 4 * n + 2 * i, true)),
    answers: Uint16Array.from({ length: n }, (_, i) => view.getUint16(at + 6 * n + 2 * i, true)),
    photo: (i) =>
      Array.from(sha256.subarray(32 * i, 32 * i + 32), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}
