import type { OpenStore } from '../../src/store/open-store.ts';
import type { Repositories } from '../../src/store/repositories.ts';

/** What the types allow only inside `store.audited`, without its row: for tests to set a scene. */
export const unaudited = (store: OpenStore): Repositories => store as unknown as Repositories;
