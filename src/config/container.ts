import { MitateError } from '../errors/index.ts';

interface ContainerSources {
  flags: { model?: string | undefined };
  env: NodeJS.ProcessEnv;
}

/** One model behind a predict and a health route, as Vertex AI runs containers. */
export interface ContainerConfig {
  /** Folder of a Model artifact, as given. */
  readonly model: string;
  /** Null = not given. */
  readonly port: number | null;
  readonly healthRoute: string;
  readonly predictRoute: string;
  /** Id of the deployment in request records; null = the model's digest. */
  readonly deployedModelId: string | null;
  readonly endpoint: string | null;
  readonly modelName: string | null;
}

/**
 * `mitate serve --model <folder>`, or AIP_STORAGE_URI, with the other AIP_* variables of Vertex AI; null = serve a workspace.
 *
 * @throws CONFIG_INVALID
 */
function resolveContainer({ flags, env }: ContainerSources): ContainerConfig | null {
  const model = flags.model ?? localFolder(env.AIP_STORAGE_URI);
  if (model === null) return null;
  return Object.freeze({
    model,
    port: portOf(env.AIP_HTTP_PORT),
    healthRoute: routeOf('AIP_HEALTH_ROUTE', env, '/health'),
    predictRoute: routeOf('AIP_PREDICT_ROUTE', env, '/predict'),
    deployedModelId: env.AIP_DEPLOYED_MODEL_ID || null,
    endpoint: env.AIP_ENDPOINT_ID || null,
    modelName: env.AIP_MODEL_NAME || null,
  });
}

/** A path, or a file:// URL. */
function localFolder(uri: string | undefined): string | null {
  if (!uri) return null;
  const path = uri.replace(/^file:\/\//, '');
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return path;
  const expected = 'a folder on this machine: copy the model into the image, or mount it';
  throw new MitateError('CONFIG_INVALID', { setting: 'AIP_STORAGE_URI', expected });
}

function portOf(text: string | undefined): number | null {
  if (!text) return null;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new MitateError('CONFIG_INVALID', { setting: 'AIP_HTTP_PORT', expected: 'a port, 1 to 65535' });
}

function routeOf(setting: 'AIP_HEALTH_ROUTE' | 'AIP_PREDICT_ROUTE', env: NodeJS.ProcessEnv, usual: string): string {
  const route = env[setting] || usual;
  if (/^\/[\w\-./:@~%]*$/.test(route)) return route;
  throw new MitateError('CONFIG_INVALID', { setting, expected: 'a path that begins with "/"' });
}

/** Of this process. */
export function containerConfig(flags: ContainerSources['flags']): ContainerConfig | null {
  return resolveContainer({ flags, env: process.env });
}
