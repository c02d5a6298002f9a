import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DistributionReference } from '../../../contracts/artifacts/drift-reference.ts';
import { groupedFolds } from '../../../math/stats/grouped-folds.ts';
import type { TrainingData } from '../training-data.ts';
import { fitDistribution } from './fit-distribution.ts';

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
  outliers: readonly Float32Array[];
  seed: number | string;
}

/** Writes `outlier-detector.f32`. @returns its entry for `drift-reference.json`; undefined with too few photos */
export async function writeDistribution(input: DistributionInput): Promise<DistributionReference | undefined> {
  const { modelUri, data, chosen, outliers, seed } = input;
  const examples = chosen.map((i) => data.train.examples[i]!);
  const fold = groupedFolds(
    examples.map(({ label }) => label),
    examples.map(({ group }) => group),
    3,
    `${seed}:distribution`,
  );
  const evalRows = embeddingsOf(data, data.eval.photos);
  const fitted = fitDistribution({
    train: {
      embeddings: embeddingsOf(
        data,
        chosen.map((i) => data.train.photos[i]!),
      ),
      projected: input.projected,
      fold,
    },
    eval: { embeddings: evalRows, projected: joined(evalRows.map(input.project)) },
    outliers,
    standardiser: data.transform,
  });
  if (!fitted) return undefined;
  const { weights, bias } = fitted.detector;
  await writeFile(join(modelUri, detectorFile), new Uint8Array(Float32Array.of(...weights, bias).buffer));
  const { reference } = fitted;
  return { ...reference, detector: { file: detectorFile, ...reference.detector } };
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
