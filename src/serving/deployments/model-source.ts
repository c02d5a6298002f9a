import { defaultProject } from '../../contracts/access.ts';
import { MitateError } from '../../errors/index.ts';
import type { ModelSource } from './model-shelf.ts';
import type { ServiceStore } from './service-store.ts';

/** Where the registry has a version. @throws MODEL_UNKNOWN */
export async function modelSource(
  store: Pick<ServiceStore, 'findVersion'>,
  project: string,
  name: string,
  version: number,
): Promise<ModelSource> {
  const reference = `${name}@${version}`;
  const found = await store.findVersion(reference);
  if (!found) throw new MitateError('MODEL_UNKNOWN', { reference });
  const key = project === defaultProject ? reference : `${project}/${reference}`;
  return { key, name, version, uri: found.artifactUri };
}
