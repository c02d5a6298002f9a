import { dayMs } from '../../codecs/duration.ts';
import type { Endpoint } from '../../contracts/endpoint.ts';
import type { Monitor } from '../../contracts/loop/monitor.ts';
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
    await store.monitors.addMissing(await defaultsOf(store, endpoint.name, now), {
      who: 'mitate',
      at: since < now ? since : now,
    });
  }
}

/** Those of behaviour only where users send events. */
export async function defaultsOf(store: Pick<OpenStore, 'feedback'>, endpoint: string, now: Date): Promise<Monitor[]> {
  const since = new Date(now.getTime() - lookBackMs);
  return defaultMonitors(endpoint, { hasUserEvents: await store.feedback.hasUserEvents(endpoint, since) });
}

function deployedAt({ deployments }: Endpoint): Date | null {
  return deployments.find(({ role }) => role === 'stable')?.since ?? null;
}
