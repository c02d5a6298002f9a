import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { sha256 } from '../codecs/digest.ts';
import { preprocessSchema } from '../contracts/artifacts/signature.ts';
import { MitateError } from '../errors/index.ts';
import type { Backbone } from './backbone.ts';
import { type BackboneName, backboneNames, backboneTable } from './table.ts';

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
  /** Package and version of the weights. */
  source: z.string(),
  license: z.string(),
});
export type BackboneFile = z.infer<typeof backboneFileSchema>;

/** src/backbones and dist/backbones are equally deep. */
export const bundledFolder = fileURLToPath(new URL('../../assets/backbones/', import.meta.url));

/** Whether the backbone's file is in this copy of Mitate. */
export function isHere(name: BackboneName, folder = bundledFolder): boolean {
  return existsSync(`${folder}${name}.json`);
}

/** The best backbone that is here: the first of the table. */
export function bestHere(folder = bundledFolder): BackboneName {
  return backboneNames.find((name) => isHere(name, folder)) ?? 'mobilenet-v2';
}

/** A backbone that goes by name. @throws BACKBONE_NOT_BUILT, BACKBONE_NOT_HERE, BACKBONE_DIGEST_MISMATCH */
export async function readBundled(name: BackboneName, folder = bundledFolder): Promise<Backbone> {
  const path = `${folder}${name}.onnx`;
  const entry = backboneTable[name];
  const [bytes, about] = await Promise.all([readFile(path), readFile(`${folder}${name}.json`, 'utf8')]).catch(
    (cause) => {
      if ('wheel' in entry) throw new MitateError('BACKBONE_NOT_HERE', { name }, { cause });
      throw new MitateError('BACKBONE_NOT_BUILT', { name, path }, { cause });
    },
  );
  const { digest, preprocess, embeddingSize, taps } = backboneFileSchema.parse(JSON.parse(about));
  const expected = 'digest' in entry ? entry.digest : digest;
  const actual = sha256(bytes);
  if (actual !== expected) throw new MitateError('BACKBONE_DIGEST_MISMATCH', { source: name, expected, actual });
  return { name, digest, bytes, preprocess, embeddingSize, taps };
}
