import type { AlertStore } from '../alert-store.ts';
import { channelRepository } from './alerts/channels.ts';
import { deliveryRepository } from './alerts/deliveries.ts';
import { openedAlertRepository } from './alerts/opened.ts';
import type { RepositoryContext } from './context.ts';

export function alertRepository(context: RepositoryContext): AlertStore {
  return { ...openedAlertRepository(context), ...channelRepository(context), ...deliveryRepository(context) };
}
