import { userInfo } from 'node:os';
import { withStore } from '../../actions/with-store.ts';
import { type Client, createClient } from '../../client/index.ts';
import type { Config } from '../../config/index.ts';
import { readServerFile, type ServerAddress } from '../../store/workspace/server-file.ts';
import { type Changes, changesHere } from './changes-here.ts';
import { rethrowServerErrors } from './server-error.ts';

/** Through the server that holds the workspace, which loads a version in its own processes before it gets traffic; without one, here. */
export async function changing<T>(config: Config, work: (changes: Changes) => Promise<T>): Promise<T> {
  const server = readServerFile(config.workspace);
  if (server === null) return await withStore(config, { attach: true }, (store) => work(changesHere(store)));
  return await rethrowServerErrors(server, () => work(clientOf(server, config)));
}

/** The token in the workspace grants all permissions. */
function clientOf({ url, token }: ServerAddress, { project }: Config): Client {
  return createClient({ url, key: token, project, headers: { 'x-mitate-who': userInfo().username } });
}
