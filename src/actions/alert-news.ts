import { v7 } from 'uuid';
import type { AlertMessage, AlertNews } from '../contracts/alert.ts';
import { bodyFor } from '../feedback/channels/body.ts';
import type { Alert, NewDelivery } from '../store/alert-store.ts';
import type { OpenStore } from '../store/open-store.ts';

type Told = Pick<Alert, 'id' | 'monitor' | 'kind' | 'endpoint' | 'since' | 'finding' | 'remedy'>;

/** One message for each channel of the project, each in the channel's words. */
export async function newsOf(store: OpenStore, news: AlertNews, alert: Told, at: Date): Promise<NewDelivery[]> {
  const channels = await store.alerts.listChannels();
  if (channels.length === 0) return [];
  const deployments = await store.listDeployments(alert.endpoint);
  const deployedModelId = deployments.find(({ role }) => role === 'stable')?.id ?? null;
  const message: AlertMessage = { news, project: store.project, at, alert, deployedModelId };
  return channels.map(({ name, definition }) => {
    const id = v7();
    return { id, channel: name, news, body: bodyFor(definition, message, id) };
  });
}
