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

/** A screen says "10,000+". */
const mostCounted = 10_000;

export async function countRequests(
  { requests }: Pick<OpenStore, 'requests'>,
  filter: RequestFilter,
): Promise<{ count: number; isMore: boolean }> {
  const found = await requests.countRequests(filter, mostCounted + 1);
  return { count: Math.min(found, mostCounted), isMore: found > mostCounted };
}

export async function showRequest(
  { requests, project }: Pick<OpenStore, 'requests' | 'project'>,
  id: string,
): Promise<LoggedRequest> {
  const found = await requests.getRequest(id);
  if (found === null) throw new MitateError('REQUEST_UNKNOWN', { id, project });
  return found;
}
