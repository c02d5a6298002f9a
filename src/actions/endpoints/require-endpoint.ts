import type { Endpoint } from '../../contracts/endpoint.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';

export async function requireEndpoint({ endpoints }: Pick<OpenStore, 'endpoints'>, name: string): Promise<Endpoint> {
  const endpoint = await endpoints.getEndpoint(name);
  if (endpoint === null) throw new MitateError('ENDPOINT_UNKNOWN', { endpoint: name });
  return endpoint;
}
