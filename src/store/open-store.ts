import { setTimeout as wait } from 'node:timers/promises';
import { defaultProject } from '../contracts/access.ts';
import type { SecretKeys } from '../contracts/secret.ts';
import { isMitateError, type MitateError } from '../errors/index.ts';
import { requireProject } from './access/projects.ts';
import { type Audited, auditedIn } from './audited.ts';
import { backUpBeforeUpgrade } from './backup/before-upgrade.ts';
import { type Connection, checkReachable } from './database/connect.ts';
import type { RepositoryContext } from './database/context.ts';
import { databaseError } from './database/database-error.ts';
import { migrateDatabase } from './database/migrate.ts';
import { guard } from './guard.ts';
import {
  type Backend,
  type BackendOptions,
  briefMs,
  openBackend,
  openingMs,
  requireSameSchema,
} from './open-backend.ts';
import { type PlainRepositories, repositoriesOf } from './repositories.ts';
import { failInterruptedRuns } from './runs/repository.ts';
import { workspaceUris } from './runs/uris.ts';
import { keyRing } from './secrets/key-ring.ts';
import { startHeartbeat } from './workspace/heartbeat.ts';
import { openWorkspace, type Workspace } from './workspace/workspace.ts';

export interface OpenStoreOptions extends BackendOptions {
  /** Folder; created if missing. */
  workspace: string;
  /** @default default */
  project?: string;
  /** Of stored secrets. @default the workspace's own */
  secretKeys?: SecretKeys;
  now?: () => Date;
}

export interface OpenStore extends PlainRepositories {
  /** Whose rows these are. */
  readonly project: string;
  readonly workspace: Workspace;
  /** The same database for another project; closed with the store that it came from. */
  forProject(name: string): OpenStore;
  readonly audited: Audited;
  /** For one action in several transactions: the first writes its audit row, later ones update the row's subject and details. */
  auditedParts(): Audited;
  readonly connection: Connection;
  /** Resolves when the database has ended for good: a long-running process ends then. */
  readonly lost: Promise<MitateError>;
  /** Asks the database; null = it answers. */
  databaseProblem(): Promise<MitateError | null>;
  /** Before a long shutdown: commands that need the workspace wait for it instead of failing. */
  leave(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a workspace: takes the lock, starts the embedded database or connects to the server, migrates it, and ends the runs
 * of killed processes.
 * @throws WORKSPACE_LOCKED, WORKSPACE_READ_ONLY, WORKSPACE_NEWER, WORKSPACE_DAMAGED, PROJECT_UNKNOWN, DATABASE_UNREACHABLE, DATABASE_STOPPED,
 * DISK_FULL
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  return openBefore(performance.now() + 2 * openingMs, options);
}

async function openBefore(deadline: number, options: OpenStoreOptions, closingUntil?: number): Promise<OpenStore> {
  const workspace = openWorkspace(options.workspace);
  const backend = await openBackend(workspace, options, deadline);
  try {
    const { connection } = backend;
    const context: RepositoryContext = {
      database: connection.database,
      project: options.project ?? defaultProject,
      now: options.now ?? (() => new Date()),
      databaseDir: backend.embedded ? workspace.db : null,
      uris: workspaceUris(workspace.dir),
      keyRing: keyRing(workspace.dir, options.secretKeys ?? { current: null, previous: null }),
    };
    if (!backend.embedded) await checkReachable(connection, backend.name);
    if (backend.owns) {
      await migrateDatabase(connection.pool, backend.name, (client, count) =>
        backUpBeforeUpgrade(client, workspace, count),
      );
    } else await requireSameSchema(connection, workspace);
    await failInterruptedRuns(context, backend.alone);
    if (context.project !== defaultProject) await requireProject(context.database, context.project);
    backend.announce();
    return assemble(workspace, context, backend);
  } catch (error) {
    await backend[Symbol.asyncDispose]();
    const failure = databaseError(error, backend);
    const until = closingUntil ?? performance.now() + briefMs;
    // the process that owns the database may be closing
    if (backend.owns || !isMitateError(failure, 'DATABASE_STOPPED') || performance.now() > until) throw failure;
    await wait(50);
    return openBefore(deadline, options, until);
  }
}

async function problemOf(backend: Backend): Promise<MitateError | null> {
  const ended = backend.ended();
  try {
    if (ended !== null) throw new Error(ended);
    await backend.connection.pool.query('select 1');
    return null;
  } catch (error) {
    return databaseError(error, backend);
  }
}

function assemble(workspace: Workspace, context: RepositoryContext, backend: Backend): OpenStore {
  let closed: Promise<void> | undefined;
  const heartbeat = startHeartbeat(context.database);
  const close = async () => {
    heartbeat.stop();
    closed ??= Promise.resolve(backend[Symbol.asyncDispose]());
    await closed;
  };
  const translate = (error: unknown) => databaseError(error, backend);
  const repositories = (scoped: RepositoryContext) => repositoriesOf(scoped, { translate, heartbeat });
  const inProject = (project: string, dispose: () => Promise<void>): OpenStore => {
    const scoped = { ...context, project };
    const act = auditedIn(scoped, repositories);
    return {
      ...repositories(scoped),
      ...guard({ audited: (change, entry) => act()(change, entry) } as Pick<OpenStore, 'audited'>, translate),
      auditedParts: () => guard({ part: act() }, translate).part,
      workspace,
      project,
      connection: backend.connection,
      lost: backend.lost,
      databaseProblem: () => problemOf(backend),
      leave: () => backend.leave(),
      forProject: (name) => inProject(name, async () => {}),
      [Symbol.asyncDispose]: dispose,
    };
  };
  return inProject(context.project, close);
}
