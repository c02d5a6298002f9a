import { env } from 'onnxruntime-node';
import sharp from 'sharp';
import { embeddingCacheFolder } from '../../artifacts/transform-graph/files.ts';
import { digestOf } from '../../codecs/digest.ts';
import { EmbeddingCache, type EmbeddingSpace } from '../../inference/embeddings/embedding-cache.ts';

/** All that makes an answer of photo and model, beside these two. */
const runtime = digestOf({ answers: 1, libvips: sharp.versions.vips, onnxruntime: env.versions.node });

/** Where a model's answers lie among the embeddings: they are numbers of a photo, kept and erased with it. */
export function answerSpace(modelDigest: string): Omit<EmbeddingSpace, 'size'> {
  return { backbone: modelDigest, transform: runtime };
}

/** Answers of a model, [K] probabilities a photo: a baseline was asked about nearly the same photos when it was judged itself. */
export function openAnswers(cacheDir: string, modelDigest: string, labels: number): Promise<EmbeddingCache> {
  return EmbeddingCache.open(embeddingCacheFolder(cacheDir), { ...answerSpace(modelDigest), size: labels });
}
