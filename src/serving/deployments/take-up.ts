import type { Deployment, Endpoint } from '../../contracts/endpoint.ts';
import { type Deployed, makeRoute } from '../router/route.ts';
import type { Routed } from '../router/routes.ts';

/** A deployment whose model would not load. */
export interface Refused {
  deployment: Deployment;
  reason: string;
}

/**
 * How an endpoint answers from now on. All of its deployments are ready: as it says. Some are not: as before, under its new settings;
 * without a before, by those that are ready.
 */
export function takeUp(
  endpoint: Endpoint,
  ready: readonly Deployed[],
  refused: readonly Refused[],
  before: Routed | undefined,
): Routed {
  const { project, name, settings } = endpoint;
  const of = { project, endpoint: name, settings };
  if (refused.length > 0 && before?.route) return { route: { ...before.route, settings } };
  const route = makeRoute(of, ready);
  if (route) return { route };
  const reason = refused.map((each) => each.reason).join('; ') || 'nothing is deployed';
  return { route: null, ...of, reason };
}
