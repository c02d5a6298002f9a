import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriftReference } from '../../src/contracts/artifacts/drift-reference.ts';
import type { Signature } from '../../src/contracts/artifacts/signature.ts';
import { toFloat16 } from '../../src/math/stats/float16.ts';

const size = 64;
const spread = { quantiles: Array.from({ length: 101 }, (_, i) => i / 100), mean: 0.5, std: 0.3 };

/**
 * A Model folder with what says how its training photos look, and no weights: it cannot answer.
 * @param rows [n][64] projections
 * @param ids of the rows
 */
export function writeReferenceModel(uri: string, rows: readonly Float32Array[], ids: string[]): void {
  const signature: Signature = {
    format: 'mitate/1',
    inputs: [],
    outputs: [],
    labels: ['healthy', 'unwell'],
    task: {
      kind: 'question',
      positive: 'unwell',
      negative: 'healthy',
      negativePattern: { source: 'healthy', flags: 'i' },
    },
    threshold: 0.5,
    temperature: 1,
    preprocess: { width: 224, height: 224, fit: 'fill', kernel: 'cubic' },
    views: ['plain'],
    backbone: { name: 'none', digest: '0'.repeat(64) },
    embeddingSize: 2304,
    files: {},
  };
  const shares = { healthy: 0.5, unwell: 0.5 };
  const reference: DriftReference = {
    examples: ids.length,
    labels: shares,
    answers: shares,
    positiveRate: 0.5,
    positiveRateAtHalf: 0.5,
    scores: { ...spread, histogram: Array.from({ length: 20 }, () => 1) },
    properties: {},
    projection: { file: 'projection.f16', rows: ids.length, size, seed: 'test', embeddingSize: 2304, ids },
  };
  mkdirSync(join(uri, 'Format-Serving'), { recursive: true });
  writeFileSync(join(uri, 'Format-Serving', 'signature.json'), JSON.stringify(signature));
  writeFileSync(join(uri, 'drift-reference.json'), JSON.stringify(reference));
  writeFileSync(join(uri, 'projection.f16'), Buffer.concat(rows.map(halfBytes)));
}

/** Little endian. */
export function halfBytes(row: Float32Array): Buffer {
  return Buffer.from(Uint16Array.from(row, (value) => toFloat16(value)).buffer);
}
