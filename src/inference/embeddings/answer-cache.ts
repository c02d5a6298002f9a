import { env } from 'onnxruntime-node';
import sharp from 'sharp';
import { embeddingCacheFolder } from '../../artifacts/transform-graph/files.ts';
import { digestOf } from '../../codecs/digest.ts';
import { EmbeddingCache, type EmbeddingSpace } from './embedding-cache.ts';

/** What a prediction depends on beside photo and model. */
const runtime = digestOf({ answers: 1, libvips: sharp.versions.vips, onnxruntime: env.versions.node });

/** A model's predictions are cached like embeddings: they are numbers of a photo, kept and erased with it. */
export function answerSpace(modelDigest: string): Omit<EmbeddingSpace, 'size'> {
  return { backbone: modelDigest, transform: runtime };
}

/** Cached predictions of a model, [K] probabilities per photo: a baseline has seen most of the photos when it was evaluated itself. */
export function openAnswers(cacheDir: string, modelDigest: string, labels: number): Promise<EmbeddingCache> {
  return EmbeddingCache.open(embeddingCacheFolder(cacheDir), { ...answerSpace(modelDigest), size: labels });
}
