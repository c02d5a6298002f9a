import {
  type DeploymentPlan,
  type EndpointEvent,
  type EndpointSettings,
  endpointSettingsSchema,
} from '../../contracts/endpoint.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireEndpoint } from './require-endpoint.ts';

export interface EndpointState {
  endpoint: string;
  at: Date;
  deployments: DeploymentPlan[];
  settings: EndpointSettings;
  /** The change that led to these deployments. */
  change: EndpointEvent | null;
}

/** What an endpoint was made of at a time. @throws ENDPOINT_UNKNOWN */
export async function endpointState(
  store: Pick<OpenStore, 'endpoints'>,
  name: string,
  at: Date,
): Promise<EndpointState> {
  await requireEndpoint(store, name);
  const { plan, settings, nextSettings } = await store.endpoints.eventsAt(name, at);
  // before the first event on record, as the first change found them
  const given = settings ? settings.after : nextSettings?.before;
  return {
    endpoint: name,
    at,
    deployments: plan?.action === 'delete' ? [] : ((plan?.after ?? []) as DeploymentPlan[]),
    settings: endpointSettingsSchema.parse(given ?? {}),
    change: plan,
  };
}
