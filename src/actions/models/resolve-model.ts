import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { servingFolder } from '../../artifacts/model/model-files.ts';
import type { Config } from '../../config/index.ts';
import { withStore } from '../with-store.ts';
import { findModel } from './find-model.ts';

export interface ResolvedModel {
  name: string;
  /** Null = an unregistered folder. */
  version: number | null;
  /** Folder of the Model artifact. */
  uri: string;
  digest: string;
}

/** Resolves a registered `name`, `name@3`, `name@champion`, or the folder of a Model artifact. */
export async function resolveModel(config: Config, reference: string | undefined): Promise<ResolvedModel> {
  if (reference !== undefined && isFolder(reference)) {
    return { name: basename(resolve(reference)), version: null, uri: resolve(reference), digest: '' };
  }
  return await withStore(config, { attach: true }, async (store) => {
    const { name, version, artifactUri, artifactDigest } = await findModel(store, reference);
    return { name, version, uri: artifactUri, digest: artifactDigest };
  });
}

/** Names have no slash: with one, it is a path, and errors are about the path. */
const isFolder = (reference: string) => /[\\/]/.test(reference) || existsSync(join(reference, servingFolder));
