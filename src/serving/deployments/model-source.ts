import { defaultProject } from '../../contracts/access.ts';
import { MitateError } from '../../errors/index.ts';
import type { ModelSource } from './model-cache.ts';
import type { ServiceStore } from './service-store.ts';

/** Finds a version in the registry. @throws MODEL_NOT_FOUND */
export async function modelSource(
  store: Pick<ServiceStore, 'findVersion' | 'listModels'>,
  project: string,
  name: string,
  version: number,
): Promise<ModelSource> {
  const reference = `${name}@${version}`;
  const found = await store.findVersion(reference);
  if (!found) {
    const known = (await store.listModels()).map((model) => model.name).join(', ') || 'none';
    throw new MitateError('MODEL_NOT_FOUND', { reference, known });
  }
  const place = project === defaultProject ? reference : `${project}/${reference}`;
  // Erasing a photo replaces the artifact: the pool must load it again, under the same version.
  const key = `${place}#${found.artifactDigest.slice(0, 8)}`;
  return { key, name, version, uri: found.artifactUri };
}
