import type { AccessStore } from '../../store/access/contract.ts';
import type { EndpointStore } from '../../store/endpoints/contract.ts';
import type { RequestStore } from '../../store/requests/contract.ts';
import type { Store } from '../../store/store.ts';

/** The part of OpenStore that serving uses. */
export interface ServiceStore extends Pick<Store, 'findVersion' | 'listModels'> {
  access: Pick<AccessStore, 'listProjects'>;
  endpoints: Pick<EndpointStore, 'listEndpoints' | 'noteEndpoint' | 'endpointsRevision'>;
  requests: Pick<RequestStore, 'scanRequests'>;
  forProject(name: string): ServiceStore;
}
