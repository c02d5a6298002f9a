import type { AccessStore } from '../../store/access/contract.ts';
import type { EndpointStore } from '../../store/endpoints/contract.ts';
import type { RequestStore } from '../../store/requests/contract.ts';
import type { Store } from '../../store/store.ts';

/** What the service needs of the store: an OpenStore has it. */
export interface ServiceStore extends Pick<Store, 'findVersion'> {
  access: Pick<AccessStore, 'listProjects'>;
  endpoints: Pick<EndpointStore, 'listEndpoints' | 'noteEndpoint' | 'endpointsRevision'>;
  requests: Pick<RequestStore, 'listRequests'>;
  forProject(name: string): ServiceStore;
}
