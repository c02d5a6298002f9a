import { dayMs } from '../../codecs/duration.ts';
import type { Endpoint } from '../../contracts/endpoint.ts';
import { defaultMonitors } from '../../feedback/default-monitors.ts';
import type { OpenStore } from '../../store/open-store.ts';

const lookBackMs = 30 * dayMs;

/**
 * Creates the default monitors of every endpoint with a deployment, from its first deployment on; those of behaviour from its
 * first user event on. A removed monitor is not created again.
 */
export async function watchServed(
  store: Pick<OpenStore, 'endpoints' | 'monitors' | 'feedback'>,
  now: Date,
): Promise<void> {
  const endpoints = await store.endpoints.listEndpoints();
  for (const endpoint of endpoints) {
    const since = deployedAt(endpoint);
    if (since === null) continue;
    const hasUserEvents = await store.feedback.hasUserEvents(endpoint.name, new Date(now.getTime() - lookBackMs));
    await store.monitors.addMissing(defaultMonitors(endpoint.name, { hasUserEvents }), {
      who: 'mitate',
      at: since < now ? since : now,
    });
  }
}

function deployedAt({ deployments }: Endpoint): Date | null {
  return deployments.find(({ role }) => role === 'stable')?.since ?? null;
}
