import { resolve } from 'node:path';
import { defaultProject, nameSchema } from '../contracts/access.ts';
import { MitateError } from '../errors/index.ts';
import { type ChannelConfig, resolveChannels } from './channels.ts';
import { resolveCorsOrigins } from './cors-origins.ts';
import { type DataRoots, resolveDataRoots } from './data-roots.ts';
import { resolveDatabaseUrl } from './database.ts';
import { type LogLevel, resolveLogLevel } from './log-level.ts';
import { resolveProcesses } from './processes.ts';
import { type ReleaseHooks, resolveReleaseHooks } from './releases.ts';
import type { ConfigSources } from './sources.ts';
import { resolveTracing, type TracingConfig } from './tracing.ts';

export interface Terminal {
  color: boolean;
  /** Redrawn progress bars; else plain lines. */
  interactive: boolean;
}

const usualMonths = 13;

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
  /** Where data that is named over HTTP may be. */
  readonly dataRoots: DataRoots;
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
  /** Pages that may call every route from a browser. */
  readonly corsOrigins: readonly string[];
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
    dataRoots: resolveDataRoots(sources, resolvePipelines(sources)),
    logLevel: resolveLogLevel(sources),
    logMonths: resolveLogMonths(sources),
    tracing: resolveTracing(sources),
    apiKey: sources.env.MITATE_API_KEY || null,
    releaseHooks: resolveReleaseHooks(sources),
    channels: resolveChannels(sources),
    corsOrigins: resolveCorsOrigins(sources),
    terminal: resolveTerminal(sources),
  });
}

/** The settings of this process: the only reader of `process.env`. */
export function processConfig(flags: ConfigSources['flags']): Config {
  return resolveConfig({ flags, env: process.env, cwd: process.cwd(), isTty: process.stderr.isTTY === true });
}

/** `MITATE_PIPELINES`, else the working folder: pipeline files of runs requested over HTTP must be inside it. */
function resolvePipelines({ env, cwd }: ConfigSources): string {
  return resolve(cwd, env.MITATE_PIPELINES || '.');
}

/** `--workspace`, else `MITATE_WORKSPACE`, else `.mitate` in the working folder. */
function resolveWorkspace({ flags, env, cwd }: ConfigSources): string {
  return resolve(cwd, flags.workspace ?? (env.MITATE_WORKSPACE || '.mitate'));
}

/** `--project`, else `MITATE_PROJECT`, else `default`. */
function resolveProject({ flags, env }: ConfigSources): string {
  const name = flags.project ?? (env.MITATE_PROJECT || defaultProject);
  if (nameSchema.safeParse(name).success) return name;
  throw new MitateError('CONFIG_INVALID', {
    setting: flags.project === undefined ? 'MITATE_PROJECT' : '--project',
    expected: `a name of a-z, 0-9, "-", "_" and ".", at most 64 characters`,
  });
}

/** `MITATE_LOG_MONTHS`: months of the request log in the database before they are exported to Parquet. 0 = no limit; default 13. */
function resolveLogMonths({ env }: ConfigSources): number {
  const months = Number(env.MITATE_LOG_MONTHS || usualMonths);
  if (Number.isInteger(months) && months >= 0) return months;
  throw new MitateError('CONFIG_INVALID', { setting: 'MITATE_LOG_MONTHS', expected: 'a whole number, 0 = no limit' });
}

/** Colour and bars only on a terminal; `NO_COLOR` (no-color.org), `--no-color`, `CI` and `TERM=dumb` disable them. */
function resolveTerminal({ flags, env, isTty }: ConfigSources): Terminal {
  const interactive = isTty && !env.CI && env.TERM !== 'dumb';
  return { color: interactive && !env.NO_COLOR && flags.color !== false, interactive };
}
