import { type ChannelConfig, resolveChannels } from './channels.ts';
import { resolveDatabaseUrl } from './database.ts';
import { type LogLevel, resolveLogLevel } from './log-level.ts';
import { resolveLogMonths } from './log-months.ts';
import { resolvePipelines } from './pipelines.ts';
import { resolveProcesses } from './processes.ts';
import { resolveProject } from './project.ts';
import { type ReleaseHooks, resolveReleaseHooks } from './releases.ts';
import type { ConfigSources } from './sources.ts';
import { resolveTerminal, type Terminal } from './terminal.ts';
import { resolveTracing, type TracingConfig } from './tracing.ts';
import { resolveWorkspace } from './workspace.ts';

export interface Config {
  /** Absolute path. */
  readonly workspace: string;
  /** Project of the command. */
  readonly project: string;
  /** PostgreSQL; null = PGlite in the workspace. */
  readonly databaseUrl: string | null;
  /** Inference processes, >= 1. */
  readonly processes: number;
  /** Absolute path of the folder with the pipeline files of queued runs. */
  readonly pipelines: string;
  readonly logLevel: LogLevel;
  /** Months of the request log in the database; 0 = no limit. */
  readonly logMonths: number;
  /** Null = no traces are exported. */
  readonly tracing: TracingConfig | null;
  /** API key for `predict --endpoint`; null = none. Never printed. */
  readonly apiKey: string | null;
  /** Null = releases by webhook are off. */
  readonly releaseHooks: ReleaseHooks | null;
  /** For alerts. */
  readonly channels: ChannelConfig;
  readonly terminal: Terminal;
}

/** The settings of one command, resolved in this order, validated and frozen. */
export function resolveConfig(sources: ConfigSources): Config {
  return Object.freeze({
    workspace: resolveWorkspace(sources),
    project: resolveProject(sources),
    databaseUrl: resolveDatabaseUrl(sources),
    processes: resolveProcesses(sources),
    pipelines: resolvePipelines(sources),
    logLevel: resolveLogLevel(sources),
    logMonths: resolveLogMonths(sources),
    tracing: resolveTracing(sources),
    apiKey: sources.env.MITATE_API_KEY || null,
    releaseHooks: resolveReleaseHooks(sources),
    channels: resolveChannels(sources),
    terminal: resolveTerminal(sources),
  });
}

/** The settings of this process: the only reader of `process.env`. */
export function processConfig(flags: ConfigSources['flags']): Config {
  return resolveConfig({ flags, env: process.env, cwd: process.cwd(), isTty: process.stderr.isTTY === true });
}
