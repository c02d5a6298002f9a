import type { FastifyRequest } from 'fastify';
import type { OpenStore } from '../store/open-store.ts';
import type { VerifiedKeys } from './access/verified-keys.ts';
import type { VerifiedSessions } from './access/verified-sessions.ts';
import type { AppOptions } from './app.ts';

/** What the routes of the management API work with. */
export interface ApiContext extends AppOptions {
  keys: VerifiedKeys;
  sessions: VerifiedSessions;
  /** The store as the project of the request sees it: ids of others are not found. */
  storeOf(request: FastifyRequest): OpenStore;
}

export function apiContext(options: AppOptions, keys: VerifiedKeys, sessions: VerifiedSessions): ApiContext {
  const stores = new Map<string, OpenStore>([[options.store.project, options.store]]);
  return {
    ...options,
    keys,
    sessions,
    storeOf({ principal: { project } }) {
      const store = stores.get(project) ?? options.store.forProject(project);
      // --no-auth takes any name: what was never made is not kept
      if (stores.size < 1_000) stores.set(project, store);
      return store;
    },
  };
}
