import type { Endpoint } from '../../contracts/endpoint.ts';
import { defaultMonitors } from '../../feedback/default-monitors.ts';
import type { OpenStore } from '../../store/open-store.ts';

/**
 * A deployed model watches itself without being asked: every endpoint that answers gets the default monitors, from the moment of its
 * deployment on. One that was removed does not come back by itself.
 */
export async function watchServed(store: Pick<OpenStore, 'endpoints' | 'monitors'>, now: Date): Promise<void> {
  const endpoints = await store.endpoints.listEndpoints();
  for (const endpoint of endpoints) {
    const since = deployedAt(endpoint);
    if (since !== null)
      await store.monitors.addMissing(defaultMonitors(endpoint.name), {
        who: 'mitate',
        at: since < now ? since : now,
      });
  }
}

function deployedAt({ deployments }: Endpoint): Date | null {
  return deployments.find(({ role }) => role === 'stable')?.since ?? null;
}
