import type { RepositoryContext } from '../database/context.ts';
import { channelRepository } from './channels.ts';
import type { AlertStore } from './contract.ts';
import { deliveryRepository } from './deliveries.ts';
import { openedAlertRepository } from './opened.ts';

export function alertRepository(context: RepositoryContext): AlertStore {
  return { ...openedAlertRepository(context), ...channelRepository(context), ...deliveryRepository(context) };
}
