import type { Deployment, Endpoint } from '../../contracts/endpoint.ts';
import { type Deployed, makeRoute } from '../router/route.ts';
import type { Routed } from '../router/routes.ts';

/** A deployment whose model would not load. */
export interface Refused {
  deployment: Deployment;
  reason: string;
}

/**
 * The route of an endpoint after a change. If a deployment was refused, the previous deployments keep serving under the new settings;
 * without previous ones, those that are ready serve.
 */
export function nextRoute(
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
