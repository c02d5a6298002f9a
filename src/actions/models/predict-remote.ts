import { createClient } from '../../client/index.ts';
import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { ServedPrediction } from '../../contracts/served-prediction.ts';
import { MitateError, toMitateError } from '../../errors/index.ts';
import { readPhoto } from '../read-photo.ts';
import { rethrowServerErrors } from '../server-errors.ts';
import { type WorkspaceServer, workspaceServer } from '../workspace-server.ts';

export type RemoteRow =
  | ({ file: string } & ServedPrediction)
  | { file: string; error: { code: string; message: string; remedy: string } };

/** `endpoint`: `http://host:8080/leaf-health`, or the name of an endpoint of the server that runs on the workspace. */
export interface RemotePredict {
  endpoint: string;
  files: readonly string[];
  actor: Actor;
  signal: AbortSignal;
}

/** Predictions of an endpoint for photo files, in order; a refused file gets an error row. */
export async function* predictRemote(
  config: Config,
  { endpoint, files, actor, signal }: RemotePredict,
): AsyncGenerator<RemoteRow> {
  const { url, name, client } = find(config, endpoint, actor);
  for (const file of files) {
    try {
      const photo = new Blob([new Uint8Array(await readPhoto(file))]);
      const { predictions } = await rethrowServerErrors(url, () => client.predict(name, photo, { signal }));
      for (const prediction of predictions) yield { file, ...prediction };
    } catch (thrown) {
      signal.throwIfAborted();
      const { code, message, remedy } = toMitateError(thrown);
      yield { file, error: { code, message, remedy } };
    }
  }
}

function find(config: Config, endpoint: string, actor: Actor): WorkspaceServer & { name: string } {
  if (/^https?:\/\//.test(endpoint)) {
    const { url, name } = splitUrl(endpoint);
    return { url, name, client: createClient({ url, ...(config.apiKey !== null && { key: config.apiKey }) }) };
  }
  const server = workspaceServer(config, actor);
  if (server === null)
    throw invalid('no server runs on this workspace: start "mitate serve", or use http://host:port/name');
  return { ...server, name: endpoint };
}

/** The name is the last segment of the path; the prefix of the API is optional. */
export function splitUrl(endpoint: string): { url: string; name: string } {
  const [, url, name] =
    /^(https?:\/\/[^?#]+?)(?:\/api\/v1\/endpoints)?\/([^/?#:]+)(?::predict)?\/?$/.exec(endpoint) ?? [];
  if (url === undefined || name === undefined || /^https?:\/?$/.test(url))
    throw invalid('expected http://host:port/name, where name is an endpoint');
  return { url, name: decodeURIComponent(name) };
}

const invalid = (reason: string) =>
  new MitateError('PARAMETER_INVALID', { where: '--endpoint', reason, command: 'predict' });
