import type { DeploymentRole, EndpointSettings } from '../../contracts/endpoint.ts';
import { MitateError } from '../../errors/index.ts';
import type { Model } from '../deployments/model.ts';
import { placeOf } from './assignment.ts';

/** A deployment that may be given photos: its model was loaded and checked. */
export interface Deployed {
  id: string;
  role: DeploymentRole;
  /** Percent. */
  traffic: number;
  model: Model;
}

/** An endpoint as it answers now; replaced whole when it changes. */
export interface Route {
  project: string;
  endpoint: string;
  settings: EndpointSettings;
  stable: Deployed;
  /** Stable first. */
  deployments: readonly Deployed[];
  /** Canaries in the order in which they came, each with the place below which its traffic ends, 0..100. */
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
 * The deployment that answers. Canaries have the lowest places, so a key that a canary of 10 % answered is still its own at 20 %.
 *
 * @param key `X-Mitate-Key`, else the request id
 */
export function choose(route: Route, key: string): Deployed {
  if (route.canaries.length === 0) return route.stable;
  const place = placeOf(route.endpoint, key);
  return route.canaries.find(({ below }) => place < below)?.deployed ?? route.stable;
}

/** The deployment of a version that may answer. @throws ENDPOINT_VERSION_UNKNOWN */
export function pinned({ endpoint, deployments }: Route, version: number): Deployed {
  const answering = deployments.filter(({ role }) => role !== 'shadow');
  const found = answering.find(({ model }) => model.version === version);
  if (found) return found;
  const versions = answering.map(({ model }) => model.version).join(', ');
  throw new MitateError('ENDPOINT_VERSION_UNKNOWN', { endpoint, version, versions });
}

/** The shadows that see the request too. */
export function shadowsOf(route: Route, key: string): Deployed[] {
  return route.shadows.filter(({ id, traffic }) => traffic >= 100 || placeOf(`${route.endpoint}/${id}`, key) < traffic);
}
