import type { DeploymentPlan, Endpoint } from '../../contracts/endpoint.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findModel } from '../models/find-model.ts';

type Models = Pick<OpenStore, 'listModels' | 'findVersion'>;

export const planOf = ({ deployments }: Endpoint): DeploymentPlan[] =>
  deployments.map(({ modelName, version, role, traffic }) => ({ modelName, version, role, traffic }));

/** The live deployment for a model reference, a deployment's id or a version (`3`). @throws DEPLOYMENT_UNKNOWN, MODEL_NOT_FOUND */
export async function findDeployed(store: Models, endpoint: Endpoint, reference: string): Promise<DeploymentPlan> {
  const { deployments, name } = endpoint;
  const [direct, another] = deployments.filter(({ id, version }) => id === reference || String(version) === reference);
  if (direct && !another) return direct;
  const known = deployments.map((each) => `${each.modelName}@${each.version}`).join(', ') || 'none';
  const unknown = (deployment: string) => new MitateError('DEPLOYMENT_UNKNOWN', { endpoint: name, deployment, known });
  if (/^\d+$/.test(reference)) throw unknown(reference);
  const model = await findModel(store, reference);
  const found = deployments.find((each) => each.modelName === model.name && each.version === model.version);
  if (!found) throw unknown(`${model.name}@${model.version}`);
  return found;
}

/** The version to become stable: the named one, else the only canary, else the challenger of the stable model. @throws as `findChallenger` */
export async function findPromoted(store: Models, endpoint: Endpoint, reference?: string): Promise<ModelVersion> {
  if (reference !== undefined) return await findModel(store, reference);
  const [canary, another] = endpoint.deployments.filter(({ role }) => role === 'canary');
  if (canary && !another) return await findModel(store, `${canary.modelName}@${canary.version}`);
  const stable = endpoint.deployments.find(({ role }) => role === 'stable');
  return stable ? await findChallenger(store, stable.modelName) : await findModel(store, undefined);
}

/** @throws MODEL_NOT_FOUND, MODEL_NO_CHALLENGER */
export async function findChallenger(store: Models, name: string): Promise<ModelVersion> {
  const challenger = await store.findVersion(`${name}@challenger`);
  if (challenger) return challenger;
  await findModel(store, name);
  throw new MitateError('MODEL_NO_CHALLENGER', { name });
}
