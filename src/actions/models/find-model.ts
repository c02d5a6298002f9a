import type { ModelVersion } from '../../contracts/model.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** The version for `name`, `name@3` or `name@champion`. Without a reference: the only registered model. */
export async function findModel(
  store: Pick<OpenStore, 'listModels' | 'findVersion'>,
  reference: string | undefined,
): Promise<ModelVersion> {
  const models = await store.listModels();
  const known = models.map(({ name }) => name).join(', ') || 'none';
  const [only, another] = models;
  const wanted = reference ?? (another ? undefined : only?.name);
  if (wanted === undefined) throw new MitateError('MODEL_NOT_NAMED', { known });
  const found = await store.findVersion(wanted);
  if (!found) throw new MitateError('MODEL_NOT_FOUND', { reference: wanted, known });
  return found;
}
