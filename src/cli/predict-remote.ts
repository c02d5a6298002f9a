import { userInfo } from 'node:os';
import { readPhoto } from '../actions/read-photo.ts';
import { type Client, createClient } from '../client/index.ts';
import type { Config } from '../config/index.ts';
import type { ServedPrediction } from '../contracts/served-prediction.ts';
import { MitateError, toMitateError } from '../errors/index.ts';
import { readServerFile } from '../store/workspace/server-file.ts';
import { rethrowServerErrors } from './changes/server-error.ts';

export type RemoteRow =
  | ({ file: string } & ServedPrediction)
  | { file: string; error: { code: string; message: string; remedy: string } };

/**
 * Answers of an endpoint to photo files, in order; a file that is refused gets an error row.
 * @param endpoint `http://host:8080/leaf-health`, or the name of an endpoint of the server that has the workspace
 */
export async function* predictRemote(
  config: Config,
  endpoint: string,
  files: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<RemoteRow> {
  const { url, name, client } = find(config, endpoint);
  for (const file of files) {
    try {
      const photo = new Blob([new Uint8Array(await readPhoto(file))]);
      const { predictions } = await rethrowServerErrors({ url }, () => client.predict(name, photo, { signal }));
      yield { file, ...predictions[0]! };
    } catch (thrown) {
      signal.throwIfAborted();
      const { code, message, remedy } = toMitateError(thrown);
      yield { file, error: { code, message, remedy } };
    }
  }
}

function find(config: Config, endpoint: string): { url: string; name: string; client: Client } {
  if (/^https?:\/\//.test(endpoint)) {
    const { url, name } = splitUrl(endpoint);
    return { url, name, client: createClient({ url, key: config.apiKey ?? undefined }) };
  }
  const server = readServerFile(config.workspace);
  if (server === null) throw wrong('no server has this workspace: start "mitate serve", or give http://host:port/name');
  const headers = { 'x-mitate-who': userInfo().username };
  const { url, token: key } = server;
  return { url, name: endpoint, client: createClient({ url, key, project: config.project, headers }) };
}

/** The name is the last part of the path; what the API puts before it may be there or not. */
export function splitUrl(endpoint: string): { url: string; name: string } {
  const [, url, name] =
    /^(https?:\/\/[^?#]+?)(?:\/api\/v1\/endpoints)?\/([^/?#:]+)(?::predict)?\/?$/.exec(endpoint) ?? [];
  if (url === undefined || name === undefined || /^https?:\/?$/.test(url))
    throw wrong('expected http://host:port/name, where name is the endpoint’s');
  return { url, name: decodeURIComponent(name) };
}

const wrong = (reason: string) =>
  new MitateError('PARAMETER_INVALID', { where: '--endpoint', reason, command: 'predict' });
