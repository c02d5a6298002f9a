import { readImages } from '../../artifacts/examples/read-examples.ts';
import type { Evaluation } from '../../contracts/artifacts/evaluation.ts';
import { type Example, splits } from '../../contracts/artifacts/example.ts';
import { overlay } from '../../inference/explain/overlay.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { thumbnail } from '../../vision/thumbnail.ts';
import type { Picture } from './report/gallery.ts';
import { testFirst } from './report/suspects.ts';

const sizePixels = 256;

/** Pictures by sha256: of the worst mistakes, with heat maps, and of the first suspicious labels. */
export async function takePictures(options: {
  examplesUri: string;
  evaluation: Evaluation;
  pool: InferencePool;
  model: string;
  most: number;
}): Promise<Map<string, Picture>> {
  const { evaluation, most } = options;
  const mistakes = new Set(evaluation.mistakes.map(({ sha256 }) => sha256));
  const suspects = testFirst(evaluation.suspiciousLabels?.found ?? []).slice(0, most);
  const wanted = new Set([...mistakes, ...suspects.map(({ sha256 }) => sha256)]);
  const pictures = new Map<string, Picture>();
  for (const split of splits) {
    const isWanted = ({ sha256 }: Example) => wanted.has(sha256);
    for await (const { example, image } of readImages(options.examplesUri, split, isWanted)) {
      const small = await thumbnail(image, sizePixels);
      const heat = mistakes.has(example.sha256) ? await heatMap(options.pool, options.model, small) : undefined;
      pictures.set(example.sha256, { photo: dataUrl('image/jpeg', small), ...(heat && { heat }) });
    }
  }
  return pictures;
}

async function heatMap(pool: InferencePool, model: string, image: Uint8Array): Promise<string> {
  const explanation = await pool.explain(model, image);
  return dataUrl('image/png', await overlay(image, explanation));
}

function dataUrl(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}
