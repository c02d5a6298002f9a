import { rethrowServerErrors } from '../../actions/server-errors.ts';
import { withStore } from '../../actions/with-store.ts';
import { workspaceServer } from '../../actions/workspace-server.ts';
import type { Config } from '../../config/index.ts';
import { actor } from '../actor.ts';
import { type Changes, changesHere } from './changes-here.ts';

/** Through the server that holds the workspace, which loads a version in its own processes before it gets traffic; without one, here. */
export async function changing<T>(config: Config, work: (changes: Changes) => Promise<T>): Promise<T> {
  const server = workspaceServer(config, actor());
  if (server === null) return await withStore(config, { attach: true }, (store) => work(changesHere(store)));
  return await rethrowServerErrors(server.url, () => work(server.client));
}
