import type { Config } from '../../config/index.ts';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import { MitateError } from '../../errors/index.ts';
import type { RequestFilter } from '../../store/requests/contract.ts';
import { withStore } from '../with-store.ts';

/** Answered photos, newest first. */
export async function listRequests(config: Config, filter: RequestFilter): Promise<LoggedRequest[]> {
  return await withStore(config, { attach: true }, (store) => store.requests.listRequests(filter));
}

/** @throws REQUEST_UNKNOWN */
export async function showRequest(config: Config, id: string): Promise<LoggedRequest> {
  return await withStore(config, { attach: true }, async (store) => {
    const found = await store.requests.getRequest(id);
    if (found === null) throw new MitateError('REQUEST_UNKNOWN', { id });
    return found;
  });
}
