import { type Client, createClient } from '../client/index.ts';
import { resolveDatabaseUrl } from '../config/database.ts';
import { type Environment, environmentKey, loadEnvironments, requireEnvironment } from '../config/environments.ts';
import type { Config } from '../config/index.ts';
import { MitateError } from '../errors/index.ts';

export type LocalEnvironment = Extract<Environment, { workspace: string }>;
export type RemoteEnvironment = Extract<Environment, { server: string }>;

export const isRemote = (environment: Environment): environment is RemoteEnvironment => 'server' in environment;

/** Where pipelines are tried: the workspace `dev` of mitate.config.ts, else that of the command. @throws ENVIRONMENT_UNKNOWN, RELEASE_NOT_HERE */
export async function triedIn(config: Config, name?: string): Promise<{ name: string; config: Config }> {
  const environment = name === undefined ? await usualEnvironment() : await requireEnvironment(name);
  if (environment === null) return { name: 'dev', config };
  if (isRemote(environment))
    throw new MitateError('RELEASE_NOT_HERE', { name: environment.name, server: environment.server });
  return { name: environment.name, config: configOf(config, environment) };
}

async function usualEnvironment(): Promise<Environment | null> {
  return (await loadEnvironments()).all.find(({ name }) => name === 'dev') ?? null;
}

/** The settings of this command in an environment of this machine. */
export function configOf(config: Config, environment: LocalEnvironment): Config {
  const { workspace, project, databaseEnv, name } = environment;
  const MITATE_DATABASE_URL = databaseEnv && environmentKey({ name, keyEnv: databaseEnv });
  const databaseUrl = MITATE_DATABASE_URL
    ? resolveDatabaseUrl({ env: { MITATE_DATABASE_URL } })
    : ownDatabase(config, workspace);
  return { ...config, workspace, project, databaseUrl };
}

const ownDatabase = (config: Config, workspace: string) => (workspace === config.workspace ? config.databaseUrl : null);

export function clientOf(environment: RemoteEnvironment): Client {
  return createClient({ url: environment.server, key: environmentKey(environment), project: environment.project });
}
