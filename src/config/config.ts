import { resolveDatabaseUrl } from './database.ts';
import { resolveProcesses } from './processes.ts';
import { resolveTerminal, type Terminal } from './terminal.ts';
import { resolveWorkspace } from './workspace.ts';

/** Where a setting may come from; a flag wins over the environment, the environment over the default. */
export interface ConfigSources {
  flags: { workspace?: string; processes?: string; color?: boolean };
  env: NodeJS.ProcessEnv;
  cwd: string;
  isTty: boolean;
}

export interface Config {
  /** Absolute path. */
  readonly workspace: string;
  /** PostgreSQL; null = PGlite inside the workspace. */
  readonly databaseUrl: string | null;
  /** Inference processes, >= 1. */
  readonly processes: number;
  readonly terminal: Terminal;
}

/** The settings of one command, resolved in this order, checked and frozen. */
export function resolveConfig(sources: ConfigSources): Config {
  return Object.freeze({
    workspace: resolveWorkspace(sources),
    databaseUrl: resolveDatabaseUrl(sources),
    processes: resolveProcesses(sources),
    terminal: resolveTerminal(sources),
  });
}

/** The settings of this process: the only reader of `process.env`. */
export function processConfig(flags: ConfigSources['flags']): Config {
  return resolveConfig({ flags, env: process.env, cwd: process.cwd(), isTty: process.stderr.isTTY === true });
}
