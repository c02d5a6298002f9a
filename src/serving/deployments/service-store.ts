import type { AccessStore } from '../../store/access-store.ts';
import type { EndpointStore } from '../../store/endpoint-store.ts';
import type { RequestStore } from '../../store/request-store.ts';
import type { Store } from '../../store/store.ts';

/** What the service needs of the store: an OpenStore has it. */
export interface ServiceStore extends Pick<Store, 'findVersion'> {
  access: Pick<AccessStore, 'listProjects'>;
  endpoints: Pick<EndpointStore, 'listEndpoints' | 'noteEndpoint' | 'endpointsRevision'>;
  requests: Pick<RequestStore, 'listRequests'>;
  forProject(name: string): ServiceStore;
}
