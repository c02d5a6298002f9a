import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DistributionReference } from '../../../contracts/artifacts/drift-reference.ts';
import type { Example } from '../../../contracts/artifacts/example.ts';
import { groupedFolds } from '../../../math/stats/grouped-folds.ts';
import type { TrainingData } from '../training-data.ts';
import { fitDistribution } from './fit-distribution.ts';
import type { DrawnEmbeddings } from './outlier-embeddings.ts';

const detectorFile = 'outlier-detector.f32';

export interface DistributionInput {
  modelUri: string;
  data: TrainingData;
  /** Indexes in `data.train` of the photos of the projection file. */
  chosen: readonly number[];
  /** [chosen, size], as that file holds them. */
  projected: Float32Array;
  /** Projects one embedding on the same axes. */
  project(embedding: Float32Array): Float32Array;
  drawn: DrawnEmbeddings;
  seed: number | string;
}

/** Writes `outlier-detector.f32`. @returns its entry for `drift-reference.json`; undefined with too few photos */
export async function writeDistribution(input: DistributionInput): Promise<DistributionReference | undefined> {
  const { modelUri, data, chosen, drawn, seed } = input;
  const examples = chosen.map((i) => data.train.examples[i]!);
  const projectedOf = (rows: readonly Float32Array[]) => joined(rows.map(input.project));
  const evalRows = embeddingsOf(data, data.eval.photos);
  const fitted = fitDistribution({
    train: {
      embeddings: embeddingsOf(
        data,
        chosen.map((i) => data.train.photos[i]!),
      ),
      projected: input.projected,
      target: Int32Array.from(chosen, (i) => data.train.targets[i]!),
      fold: foldsOf(examples, 3, `${seed}:distribution`),
    },
    eval: {
      embeddings: evalRows,
      projected: projectedOf(evalRows),
      fold: foldsOf(data.eval.examples, 2, `${seed}:limits`),
    },
    outliers: drawn.outliers,
    strange: drawn.strange.map((kind) => ({ ...kind, projected: projectedOf(kind.embeddings) })),
    standardiser: data.transform,
  });
  if (!fitted) return undefined;
  const { weights, bias } = fitted.detector;
  await writeFile(join(modelUri, detectorFile), new Uint8Array(Float32Array.of(...weights, bias).buffer));
  const { reference } = fitted;
  return { ...reference, detector: { file: detectorFile, ...reference.detector } };
}

/** By label, groups kept together. */
function foldsOf(examples: readonly Example[], folds: number, seed: string): Int32Array {
  const labels = examples.map(({ label }) => label);
  const groups = examples.map(({ group }) => group);
  return groupedFolds(labels, groups, folds, seed);
}

/** Of the plain view, [D] each. */
function embeddingsOf({ source, transform }: TrainingData, photos: ArrayLike<number>): Float32Array[] {
  const plain = Math.max(0, transform.views.indexOf('plain'));
  return Array.from(photos, (photo) => {
    const embedding = new Float32Array(source.size);
    source.read([photo * source.views + plain], embedding);
    return embedding;
  });
}

function joined(rows: readonly Float32Array[]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...row]));
}
