import type { LoggedRequest } from '../../contracts/request-record.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { RequestFilter } from '../../store/requests/contract.ts';

/** Logged predictions, newest first. */
export async function listRequests(
  { requests }: Pick<OpenStore, 'requests'>,
  filter: RequestFilter,
): Promise<LoggedRequest[]> {
  return await requests.listRequests(filter);
}

export async function showRequest(
  { requests, project }: Pick<OpenStore, 'requests' | 'project'>,
  id: string,
): Promise<LoggedRequest> {
  const found = await requests.getRequest(id);
  if (found === null) throw new MitateError('REQUEST_UNKNOWN', { id, project });
  return found;
}
