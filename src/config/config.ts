import { resolve } from 'node:path';
import { defaultProject, nameSchema } from '../contracts/access.ts';
import type { SecretKeys } from '../contracts/secret.ts';
import { MitateError } from '../errors/index.ts';
import { type CopiesConfig, resolveCopies } from './artifact-copies.ts';
import { type ChannelConfig, resolveChannels } from './channels.ts';
import { resolveCorsOrigins } from './cors-origins.ts';
import { type DataRoots, resolveDataRoots } from './data-roots.ts';
import { resolveDatabaseUrl } from './database.ts';
import { type LogLevel, resolveLogLevel } from './log-level.ts';
import { type OidcConfig, resolveOidc } from './oidc.ts';
import { resolveProcesses } from './processes.ts';
import { type ReleaseHooks, resolveReleaseHooks } from './releases.ts';
import { type RunLimits, resolveRunLimits } from './runs.ts';
import { resolveSecretKeys } from './secret-keys.ts';
import type { ConfigSources } from './sources.ts';
import { resolveTracing, type TracingConfig } from './tracing.ts';
import { resolveTrustedProxies } from './trusted-proxies.ts';

export interface Terminal {
  color: boolean;
  /** Redrawn progress bars; else plain lines. */
  interactive: boolean;
}

const usualMonths = 13;
const usualHistoryDays = 400;
const usualAuditDays = 1_100;

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
  readonly artifactCopies: CopiesConfig;
  /** Of queued runs. */
  readonly runs: RunLimits;
  /** Where data that is named over HTTP may be. */
  readonly dataRoots: DataRoots;
  readonly logLevel: LogLevel;
  /** Months of the request log in the database; 0 = no limit. */
  readonly logMonths: number;
  /** Days of monitor results, firings and finished deliveries; 0 = no limit. */
  readonly historyDays: number;
  /** Days of the audit log; 0 = no limit. */
  readonly auditDays: number;
  /** Null = no traces are exported. */
  readonly tracing: TracingConfig | null;
  /** API key for `predict --endpoint`; null = none. Never printed. */
  readonly apiKey: string | null;
  readonly releaseHooks: ReleaseHooks;
  /** Of encrypted backups; null = asked for. Never printed. */
  readonly backupPassphrase: string | null;
  /** Never printed. */
  readonly secretKeys: SecretKeys;
  /** Null = users sign in with passwords only. */
  readonly oidc: OidcConfig | null;
  /** For alerts. */
  readonly channels: ChannelConfig;
  /** Pages that may call every route from a browser. */
  readonly corsOrigins: readonly string[];
  /** Reverse proxies whose `X-Forwarded-*` headers are believed: addresses or networks. */
  readonly trustedProxies: readonly string[];
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
    artifactCopies: resolveCopies(sources),
    runs: resolveRunLimits(sources),
    dataRoots: resolveDataRoots(sources, resolvePipelines(sources)),
    logLevel: resolveLogLevel(sources),
    logMonths: resolveWhole(sources, 'MITATE_LOG_MONTHS', usualMonths),
    historyDays: resolveWhole(sources, 'MITATE_HISTORY_DAYS', usualHistoryDays),
    auditDays: resolveWhole(sources, 'MITATE_AUDIT_DAYS', usualAuditDays),
    tracing: resolveTracing(sources),
    apiKey: sources.env.MITATE_API_KEY || null,
    releaseHooks: resolveReleaseHooks(sources),
    backupPassphrase: sources.env.MITATE_BACKUP_PASSPHRASE || null,
    secretKeys: resolveSecretKeys(sources),
    oidc: resolveOidc(sources),
    channels: resolveChannels(sources),
    corsOrigins: resolveCorsOrigins(sources),
    trustedProxies: resolveTrustedProxies(sources),
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

/** How long something is kept, in the unit that the setting's name says; 0 = no limit. */
function resolveWhole({ env }: ConfigSources, setting: string, usual: number): number {
  const kept = Number(env[setting] || usual);
  if (Number.isInteger(kept) && kept >= 0 && kept <= 100_000) return kept;
  throw new MitateError('CONFIG_INVALID', { setting, expected: 'a whole number up to 100,000, 0 = no limit' });
}

/** Colour and bars only on a terminal; `NO_COLOR` (no-color.org), `--no-color`, `CI` and `TERM=dumb` disable them. */
function resolveTerminal({ flags, env, isTty }: ConfigSources): Terminal {
  const interactive = isTty && !env.CI && env.TERM !== 'dumb';
  return { color: interactive && !env.NO_COLOR && flags.color !== false, interactive };
}
