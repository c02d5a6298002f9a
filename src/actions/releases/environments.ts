import { type Client, createClient } from '../../client/index.ts';
import { resolveDatabaseUrl } from '../../config/database.ts';
import { type Environment, environmentKey, loadEnvironments, requireEnvironment } from '../../config/environments.ts';
import type { Config } from '../../config/index.ts';
import { MitateError } from '../../errors/index.ts';

export type LocalEnvironment = Extract<Environment, { workspace: string }>;
export type RemoteEnvironment = Extract<Environment, { server: string }>;

export const isRemote = (environment: Environment): environment is RemoteEnvironment => 'server' in environment;

/**
 * The environment that releases are made in: one of mitate.config.ts, else the workspace of the command, under its name there or "dev".
 * @throws ENVIRONMENT_UNKNOWN, RELEASE_NOT_HERE
 */
export async function releaseEnvironment(config: Config, name?: string): Promise<{ name: string; config: Config }> {
  if (name === undefined) return { name: (await nameOf(config)) ?? 'dev', config };
  const environment = await requireEnvironment(name);
  if (isRemote(environment)) throw new MitateError('RELEASE_NOT_HERE', { name, server: environment.server });
  return { name, config: configOf(config, environment) };
}

async function nameOf({ workspace, project }: Config): Promise<string | undefined> {
  const { all } = await loadEnvironments();
  return all.find((each) => !isRemote(each) && each.workspace === workspace && each.project === project)?.name;
}

/** This config, for another environment on this machine. */
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
  const { server: url, project } = environment;
  return createClient({ url, key: environmentKey(environment), project });
}
