import type { DeploymentRole, EndpointSettings } from '../../contracts/endpoint.ts';
import { MitateError } from '../../errors/index.ts';
import type { Model } from '../deployments/model.ts';
import { bucketOf } from './assignment.ts';

/** A deployment whose model is loaded and checked. */
export interface Deployed {
  id: string;
  role: DeploymentRole;
  /** Percent. */
  traffic: number;
  model: Model;
}

/** The present deployments of an endpoint; replaced as a whole on every change. */
export interface Route {
  project: string;
  endpoint: string;
  settings: EndpointSettings;
  stable: Deployed;
  /** Stable first. */
  deployments: readonly Deployed[];
  /** Canaries in order of deployment, each with the upper bound of its buckets, 0..100. */
  canaries: readonly { below: number; deployed: Deployed }[];
  shadows: readonly Deployed[];
}

export function makeRoute(
  of: Pick<Route, 'project' | 'endpoint' | 'settings'>,
  deployments: readonly Deployed[],
): Route | null {
  const stable = deployments.find(({ role }) => role === 'stable');
  if (!stable) return null;
  let below = 0;
  const canaries = deployments
    .filter(({ role }) => role === 'canary')
    .map((deployed) => {
      below += deployed.traffic;
      return { below, deployed };
    });
  return { ...of, stable, deployments, canaries, shadows: deployments.filter(({ role }) => role === 'shadow') };
}

/**
 * The deployment that answers. Canaries have the lowest buckets, so a key that a canary got at 10 % stays with it at 20 %.
 * @param key `X-Mitate-Key`, else the request id
 */
export function choose(route: Route, key: string): Deployed {
  if (route.canaries.length === 0) return route.stable;
  const bucket = bucketOf(route.endpoint, key);
  return route.canaries.find(({ below }) => bucket < below)?.deployed ?? route.stable;
}

/** The stable or canary deployment of a version. @throws ENDPOINT_VERSION_UNKNOWN */
export function pinned({ endpoint, deployments }: Route, version: number): Deployed {
  const answering = deployments.filter(({ role }) => role !== 'shadow');
  const found = answering.find(({ model }) => model.version === version);
  if (found) return found;
  const versions = answering.map(({ model }) => model.version).join(', ');
  throw new MitateError('ENDPOINT_VERSION_UNKNOWN', { endpoint, version, versions });
}

/** The shadows that get a copy of the request. */
export function shadowsOf(route: Route, key: string): Deployed[] {
  return route.shadows.filter(
    ({ id, traffic }) => traffic >= 100 || bucketOf(`${route.endpoint}/${id}`, key) < traffic,
  );
}
