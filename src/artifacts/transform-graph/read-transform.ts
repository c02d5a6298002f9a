import { readFile } from 'node:fs/promises';
import type { Backbone } from '../../backbones/backbone.ts';
import type { TapReference } from '../../backbones/compose-explainer.ts';
import { sha256 } from '../../codecs/digest.ts';
import type { Preprocess, View } from '../../contracts/artifacts/signature.ts';
import { MitateError } from '../../errors/index.ts';
import { readArtifactJson } from '../artifact-json.ts';
import {
  backboneFile,
  referenceFile,
  standardiserFile,
  type TransformFile,
  transformFile,
  transformFileSchema,
} from './files.ts';

export { type Embeddings, openEmbeddings } from './open-embeddings.ts';

/** What Transform fitted, read from its TransformGraph artifact. */
export interface Transform {
  /** `digest` is the sha256 of the backbone's ONNX bytes; `source` is `built-in`, a file name or a URL. */
  backbone: { name: string; digest: string; source: string };
  preprocess: Preprocess;
  /** Order of the rows of one photo. */
  views: View[];
  /** D. */
  embeddingSize: number;
  /** Digest of everything that turns a photo's bytes into an embedding. */
  transformDigest: string;
  counts: TransformFile['counts'];
  /** Of the train split's embeddings over photos and views, [D] each; a standardised embedding is (x - mean) / scale, scale > 0. */
  mean: Float32Array;
  scale: Float32Array;
}

/** @throws FILE_UNREADABLE, ARTIFACT_FILE_INVALID, TRANSFORM_ARTIFACT_INVALID */
export async function readTransform(uri: string): Promise<Transform> {
  const { format: _, backbone, ...rest } = await readArtifactJson(transformFile(uri), transformFileSchema);
  const size = rest.embeddingSize;
  const numbers = await readFloats(standardiserFile(uri), 2 * size);
  const { name, digest, source } = backbone;
  return { ...rest, backbone: { name, digest, source }, mean: numbers.slice(0, size), scale: numbers.slice(size) };
}

/** The backbone in the artifact, its digest checked. @throws as `readTransform` */
export async function readTransformBackbone(uri: string): Promise<Backbone> {
  const { backbone, preprocess, embeddingSize } = await readArtifactJson(transformFile(uri), transformFileSchema);
  const file = backboneFile(uri);
  const bytes = await readBytes(file);
  const actual = sha256(bytes);
  if (actual !== backbone.digest) {
    throw new MitateError('TRANSFORM_ARTIFACT_INVALID', {
      file,
      reason: `expected sha256 ${backbone.digest}, got ${actual}`,
    });
  }
  const { name, digest, taps } = backbone;
  return { name, digest, bytes, preprocess, embeddingSize, taps };
}

/** The reference of the heat map, one per tap; empty for a backbone without taps. @throws as `readTransform` */
export async function readReferenceActivations(uri: string): Promise<TapReference[]> {
  const { backbone } = await readArtifactJson(transformFile(uri), transformFileSchema);
  if (backbone.taps.length === 0) return [];
  const taps = backbone.taps.map((tap) => ({ ...tap, size: tap.channels * tap.height * tap.width }));
  const numbers = await readFloats(referenceFile(uri), 2 * taps.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  const take = (length: number) => {
    at += length;
    return numbers.slice(at - length, at);
  };
  return taps.map(({ size, ...tap }) => ({ ...tap, mean: take(size), deviation: take(size) }));
}

async function readFloats(file: string, length: number): Promise<Float32Array> {
  const bytes = await readBytes(file);
  if (bytes.length !== 4 * length) {
    throw new MitateError('TRANSFORM_ARTIFACT_INVALID', {
      file,
      reason: `expected ${4 * length} bytes, got ${bytes.length}`,
    });
  }
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new MitateError('TRANSFORM_ARTIFACT_INVALID', { file, reason: (cause as Error).message }, { cause });
  }
}
