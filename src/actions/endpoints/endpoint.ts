import type { Actor } from '../../contracts/actor.ts';
import type { SettingsChange } from '../../contracts/api/endpoints.ts';
import type {
  DeploymentPlan,
  DeploymentRole,
  Endpoint,
  EndpointEvent,
  EndpointSettings,
} from '../../contracts/endpoint.ts';
import { checkPlan, planWith, planWithout, promotedPlan, rolledBackPlan } from '../../contracts/endpoint-plan.ts';
import { MitateError } from '../../errors/index.ts';
import type { WarmGate } from '../../serving/deployments/warm-gate.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireName } from '../access/require-name.ts';
import { requireBlessed } from '../models/blessed.ts';
import { findModel } from '../models/find-model.ts';
import { findDeployed, findPromoted, planOf } from './plans.ts';
import { requireEndpoint } from './require-endpoint.ts';

/** What a change of an endpoint needs: only versions that pass the gate get traffic. */
export interface EndpointWork {
  store: Pick<OpenStore, 'project' | 'endpoints' | 'audited' | 'listModels' | 'findVersion' | 'aliasTimeline'>;
  gate: WarmGate;
  actor: Actor;
  why: string;
}

export interface EndpointDetails {
  endpoint: Endpoint;
  /** Newest first. */
  timeline: EndpointEvent[];
}

/** By name. */
export async function listEndpoints({ endpoints }: Pick<OpenStore, 'endpoints'>): Promise<Endpoint[]> {
  return await endpoints.listEndpoints();
}

/** Names of those with a stable version, by name. */
export async function answeringEndpoints(store: Pick<OpenStore, 'endpoints'>, most: number): Promise<string[]> {
  const answering = (await listEndpoints(store)).filter(({ deployments }) => deployments[0]?.role === 'stable');
  return answering.slice(0, most).map(({ name }) => name);
}

/** Newest first; also of a removed endpoint. */
export async function endpointTimeline(
  { endpoints }: Pick<OpenStore, 'endpoints'>,
  name: string,
  page: { before?: number; limit?: number } = {},
): Promise<EndpointEvent[]> {
  return await endpoints.endpointTimeline(name, page);
}

/** @throws ENDPOINT_UNKNOWN */
export async function showEndpoint(store: Pick<OpenStore, 'endpoints'>, name: string): Promise<EndpointDetails> {
  return { endpoint: await requireEndpoint(store, name), timeline: await endpointTimeline(store, name) };
}

/** @throws ACCESS_NAME_INVALID, ENDPOINT_EXISTS, ENDPOINT_SETTING_INVALID */
export async function createEndpoint(
  { store, actor, why }: Omit<EndpointWork, 'gate'>,
  name: string,
  options: { displayName?: string | undefined; settings?: SettingsChange | undefined } = {},
): Promise<Endpoint> {
  requireName('endpoint', name);
  const { displayName, settings = {} } = options;
  const given = Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== null && value !== undefined),
  );
  const fresh = {
    ...{ who: actor.name, why, settings: given as Partial<EndpointSettings> },
    ...(displayName !== undefined && { displayName }),
  };
  return await store.audited(({ endpoints }) => endpoints.createEndpoint(name, fresh), {
    actor,
    action: 'endpoint.create',
    subject: name,
    details: { displayName, settings, why },
  });
}

/**
 * Null resets a setting to its default.
 * @param unchangedSince `updatedAt` of the endpoint that the change was made for; absent = whatever it is now
 * @throws ENDPOINT_UNKNOWN, ENDPOINT_CHANGED, ENDPOINT_SETTING_INVALID
 */
export async function setEndpoint(
  { store, actor, why }: Omit<EndpointWork, 'gate'>,
  name: string,
  settings: SettingsChange,
  unchangedSince?: Date | null,
): Promise<Endpoint> {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return await store.audited(
    ({ endpoints }) =>
      endpoints.setEndpoint(name, given as Partial<EndpointSettings>, {
        ...{ who: actor.name, why },
        ...(unchangedSince !== undefined && { unchangedSince }),
      }),
    { actor, action: 'endpoint.set', subject: name, details: { settings, why } },
  );
}

/**
 * Adds a model version, or changes the role or share of a deployed one. Default: `stable` on an endpoint without deployments, else `canary`
 * with 10 %; a `shadow` gets every request. A canary's share is taken from the stable deployment.
 * @throws ENDPOINT_UNKNOWN, MODEL_NOT_FOUND, MODEL_PROMOTION_UNBLESSED, TRAFFIC_INVALID, DEPLOYMENT_NOT_READY, ENDPOINT_CHANGED
 */
export async function deploy(
  work: EndpointWork,
  name: string,
  wanted: {
    model: string;
    role?: DeploymentRole | undefined;
    traffic?: number | undefined;
    force?: boolean | undefined;
  },
): Promise<Endpoint> {
  const endpoint = await requireEndpoint(work.store, name);
  const model = await findModel(work.store, wanted.model);
  const now = planOf(endpoint);
  const role = wanted.role ?? (now.length === 0 ? 'stable' : 'canary');
  if (role !== 'shadow') requireBlessed(model, wanted.force);
  const traffic = role === 'stable' ? 100 : (wanted.traffic ?? (role === 'canary' ? 10 : 100));
  const plan = planWith(now, { modelName: model.name, version: model.version, role, traffic });
  const { force = false } = wanted;
  return await apply(work, endpoint, plan, { action: 'deploy', details: { ...wanted, force } });
}

/** Removes a deployment, or all of them (`null`); its share returns to the stable one. @throws as `deploy`, DEPLOYMENT_UNKNOWN */
export async function undeploy(work: EndpointWork, name: string, model: string | null): Promise<Endpoint> {
  const endpoint = await requireEndpoint(work.store, name);
  const plan = model === null ? [] : planWithout(planOf(endpoint), await findDeployed(work.store, endpoint, model));
  return await apply(work, endpoint, plan, { action: 'undeploy', details: { model } });
}

/** Shares in whole percent by model reference. Deployments that are not listed keep their share; the stable one gets the rest. @see setEndpoint @throws as `undeploy` */
export async function setTraffic(
  work: EndpointWork,
  name: string,
  shares: Readonly<Record<string, number>>,
  unchangedSince?: Date | null,
): Promise<Endpoint> {
  const endpoint = await requireEndpoint(work.store, name);
  // a change from here on is found by `apply`
  if (unchangedSince !== undefined && endpoint.updatedAt?.getTime() !== unchangedSince?.getTime())
    throw new MitateError('ENDPOINT_CHANGED', { endpoint: name });
  let plan: readonly DeploymentPlan[] = planOf(endpoint);
  const named = new Map<string, number>();
  for (const [reference, traffic] of Object.entries(shares)) {
    const { modelName, version } = await findDeployed(work.store, endpoint, reference);
    named.set(`${modelName}@${version}`, traffic);
  }
  plan = plan.map((each) => ({ ...each, traffic: named.get(`${each.modelName}@${each.version}`) ?? each.traffic }));
  const stable = plan.find(({ role }) => role === 'stable');
  const isRest = stable !== undefined && !named.has(`${stable.modelName}@${stable.version}`);
  const details = { traffic: shares };
  return await apply(work, endpoint, isRest ? planWith(plan, stable) : plan, { action: 'traffic', details });
}

/**
 * Makes a version the stable one and its model's champion, in one transaction. Default: the only canary, else the challenger.
 * @throws as `deploy`
 */
export async function promote(
  work: EndpointWork,
  name: string,
  { model, force = false }: { model?: string | undefined; force?: boolean | undefined } = {},
): Promise<Endpoint> {
  const endpoint = await requireEndpoint(work.store, name);
  const version = await findPromoted(work.store, endpoint, model);
  requireBlessed(version, force);
  const plan = promotedPlan(planOf(endpoint), { modelName: version.name, version: version.version });
  return await apply(work, endpoint, plan, { action: 'promote', promote: true, details: { model, force } });
}

/** Undoes the newest change of deployments and traffic; a version promoted by it gets no traffic. @throws ENDPOINT_NOTHING_EARLIER, as `deploy` */
export async function rollback(work: EndpointWork, name: string): Promise<Endpoint> {
  const endpoint = await requireEndpoint(work.store, name);
  const before = await work.store.endpoints.previousPlan(name);
  if (before === null) throw new MitateError('ENDPOINT_NOTHING_EARLIER', { endpoint: name });
  const plan = rolledBackPlan(before, planOf(endpoint));
  return await apply(work, endpoint, plan, {
    action: 'rollback',
    details: {},
    promote: await dethrones(work.store, endpoint, plan),
  });
}

/** @throws ENDPOINT_UNKNOWN, ENDPOINT_SERVES */
export async function removeEndpoint({ store, actor, why }: Omit<EndpointWork, 'gate'>, name: string): Promise<void> {
  await store.audited(({ endpoints }) => endpoints.deleteEndpoint(name, { who: actor.name, why }), {
    actor,
    action: 'endpoint.delete',
    subject: name,
    details: { why },
  });
}

interface Application {
  action: 'deploy' | 'undeploy' | 'traffic' | 'promote' | 'rollback';
  promote?: boolean;
  /** The requested change, for the audit log. */
  details: Record<string, unknown>;
}

/** Loads the versions first, then changes the endpoint, unless it was changed meanwhile. */
async function apply(
  { store, gate, actor, why }: EndpointWork,
  endpoint: Endpoint,
  plan: readonly DeploymentPlan[],
  { details, ...how }: Application,
): Promise<Endpoint> {
  checkPlan(endpoint.name, plan);
  await gate.prepare(endpoint.project, plan);
  const change = { ...how, who: actor.name, why, expected: planOf(endpoint) };
  return await store.audited(({ endpoints }) => endpoints.planEndpoint(endpoint.name, plan, change), {
    actor,
    action: `endpoint.${how.action}`,
    subject: endpoint.name,
    details: { ...details, why },
  });
}

/** Also restores the earlier champion if the current one is removed from traffic. */
async function dethrones(
  store: Pick<OpenStore, 'findVersion'>,
  endpoint: Endpoint,
  plan: readonly DeploymentPlan[],
): Promise<boolean> {
  const [now, then] = [planOf(endpoint), plan].map((each) => each.find(({ role }) => role === 'stable'));
  if (!now || !then || now.modelName !== then.modelName || now.version === then.version) return false;
  const champion = await store.findVersion(`${now.modelName}@champion`);
  return champion?.version === now.version;
}
