import { setTimeout as wait } from 'node:timers/promises';
import { defaultProject } from '../contracts/access.ts';
import { isMitateError } from '../errors/index.ts';
import type { AccessStore } from './access/contract.ts';
import { requireProject } from './access/projects.ts';
import { accessRepository } from './access/repository.ts';
import type { AlertStore } from './alerts/contract.ts';
import { alertRepository } from './alerts/repository.ts';
import { type Audited, auditedIn } from './audited.ts';
import { backUpBeforeUpgrade } from './backup/before-upgrade.ts';
import { type Connection, checkReachable } from './database/connect.ts';
import type { RepositoryContext } from './database/context.ts';
import { databaseError } from './database/database-error.ts';
import { migrateDatabase } from './database/migrate.ts';
import type { EndpointStore } from './endpoints/contract.ts';
import { endpointRepository } from './endpoints/repository.ts';
import type { FeedbackStore } from './feedback/contract.ts';
import { feedbackRepository } from './feedback/repository.ts';
import type { FlywheelStore } from './flywheel/contract.ts';
import { flywheelRepository } from './flywheel/repository.ts';
import type { GoldenStore } from './golden/contract.ts';
import { goldenPhotoRepository } from './golden/photos.ts';
import { goldenRepository } from './golden/repository.ts';
import { guard } from './guard.ts';
import { modelRepository } from './models/repository.ts';
import type { MonitorStore } from './monitors/contract.ts';
import { monitorRepository } from './monitors/repository.ts';
import {
  type Backend,
  type BackendOptions,
  briefMs,
  openBackend,
  openingMs,
  requireSameSchema,
} from './open-backend.ts';
import type { PromotionStore } from './promotions/contract.ts';
import { promotionRepository } from './promotions/repository.ts';
import type { ReleaseStore } from './releases/contract.ts';
import { releaseRepository } from './releases/repository.ts';
import type { ReportStore } from './reports/contract.ts';
import { reportRepository } from './reports/repository.ts';
import type { RequestStore } from './requests/contract.ts';
import { erasedPhotoRepository } from './requests/erased-photos.ts';
import { requestRepository, withScan } from './requests/repository.ts';
import type { ReviewStore } from './review/contract.ts';
import { reviewRepository } from './review/repository.ts';
import { artifactRepository } from './runs/artifacts.ts';
import { executionRepository } from './runs/executions.ts';
import { publisher } from './runs/publish.ts';
import { failInterruptedRuns, runRepository } from './runs/repository.ts';
import { workspaceUris } from './runs/uris.ts';
import type { Store } from './store.ts';
import type { TriggerStore } from './triggers/contract.ts';
import { triggerRepository } from './triggers/repository.ts';
import { startHeartbeat } from './workspace/heartbeat.ts';
import { openWorkspace, type Workspace } from './workspace/workspace.ts';

export interface OpenStoreOptions extends BackendOptions {
  /** Folder; made when it is new. */
  workspace: string;
  /** @default default */
  project?: string;
  now?: () => Date;
}

/** All repositories of a project, on one connection or in one transaction. */
export interface Repositories extends Omit<Store, 'project' | typeof Symbol.asyncDispose> {
  /** Over all projects. */
  readonly access: AccessStore;
  readonly endpoints: EndpointStore;
  readonly requests: RequestStore;
  readonly feedback: FeedbackStore;
  readonly review: ReviewStore;
  readonly triggers: TriggerStore;
  readonly monitors: MonitorStore;
  readonly promotions: PromotionStore;
  readonly releases: ReleaseStore;
  readonly reports: ReportStore;
  readonly alerts: AlertStore;
  readonly golden: GoldenStore;
  readonly flywheel: FlywheelStore;
  /** Direct use is for backup, gc, the run queue and tests. */
  readonly context: RepositoryContext;
}

export interface OpenStore extends Repositories {
  /** Whose rows these are. */
  readonly project: string;
  readonly workspace: Workspace;
  /** The same database as another project sees it; closed by the store that it came from. */
  forProject(name: string): OpenStore;
  readonly audited: Audited;
  readonly connection: Connection;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens the workspace's memory: takes the lock, starts the embedded database or connects to the server, migrates it, and ends the runs
 * that a killed process left behind.
 * @throws WORKSPACE_LOCKED, WORKSPACE_READ_ONLY, WORKSPACE_NEWER, WORKSPACE_DAMAGED, PROJECT_UNKNOWN, DATABASE_UNREACHABLE, DATABASE_STOPPED,
 * DISK_FULL
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  return openBefore(Date.now() + 2 * openingMs, options);
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
    const until = closingUntil ?? Date.now() + briefMs;
    // the process that is looked through may be closing
    if (backend.owns || !isMitateError(failure, 'DATABASE_STOPPED') || Date.now() > until) throw failure;
    await wait(50);
    return openBefore(deadline, options, until);
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
  const repositories = (scoped: RepositoryContext): Repositories => ({
    ...guard(
      {
        ...heartbeat.follow(runRepository(scoped)),
        ...executionRepository(scoped),
        ...publisher(scoped),
        ...artifactRepository(scoped),
        ...modelRepository(scoped),
        ...erasedPhotoRepository(scoped),
        ...goldenPhotoRepository(scoped),
      },
      translate,
    ),
    access: guard(accessRepository(scoped), translate),
    endpoints: guard(endpointRepository(scoped), translate),
    promotions: guard(promotionRepository(scoped), translate),
    releases: guard(releaseRepository(scoped), translate),
    reports: guard(reportRepository(scoped), translate),
    alerts: guard(alertRepository(scoped), translate),
    golden: guard(goldenRepository(scoped), translate),
    flywheel: guard(flywheelRepository(scoped), translate),
    requests: withScan(guard(requestRepository(scoped), translate)),
    monitors: guard(monitorRepository(scoped), translate),
    triggers: guard(triggerRepository(scoped), translate),
    feedback: guard(feedbackRepository(scoped), translate),
    review: guard(reviewRepository(scoped), translate),
    context: scoped,
  });
  const inProject = (project: string, dispose: () => Promise<void>): OpenStore => {
    const scoped = { ...context, project };
    return {
      ...repositories(scoped),
      ...guard({ audited: auditedIn(scoped, repositories) }, translate),
      workspace,
      project,
      connection: backend.connection,
      forProject: (name) => inProject(name, async () => {}),
      [Symbol.asyncDispose]: dispose,
    };
  };
  return inProject(context.project, close);
}
