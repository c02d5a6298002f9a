import { setTimeout as wait } from 'node:timers/promises';
import { defaultProject } from '../contracts/access.ts';
import { isMitateError } from '../errors/index.ts';
import type { AccessStore } from './access-store.ts';
import type { AlertStore } from './alert-store.ts';
import { backUpBeforeUpgrade } from './backup/before-upgrade.ts';
import { type Connection, checkReachable } from './database/connect.ts';
import { databaseError } from './database/database-error.ts';
import { migrateDatabase } from './database/migrate.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { FeedbackStore } from './feedback-store.ts';
import type { FlywheelStore } from './flywheel-store.ts';
import type { GoldenStore } from './golden-store.ts';
import { guard } from './guard.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { MonitorStore } from './monitor-store.ts';
import { type Backend, briefMs, openBackend, openingMs, requireSameSchema } from './open-backend.ts';
import type { PromotionStore } from './promotion-store.ts';
import type { ReleaseStore } from './release-store.ts';
import type { ReportStore } from './report-store.ts';
import { requireProject } from './repositories/access/projects.ts';
import { accessRepository } from './repositories/access.ts';
import { alertRepository } from './repositories/alerts.ts';
import { artifactRepository } from './repositories/artifacts.ts';
import type { RepositoryContext } from './repositories/context.ts';
import { endpointRepository } from './repositories/endpoints.ts';
import { erasedPhotoRepository } from './repositories/erased-photos.ts';
import { executionRepository } from './repositories/executions.ts';
import { feedbackRepository } from './repositories/feedback.ts';
import { flywheelRepository } from './repositories/flywheel.ts';
import { goldenRepository } from './repositories/golden.ts';
import { goldenPhotoRepository } from './repositories/golden-photos.ts';
import { modelRepository } from './repositories/models.ts';
import { monitorRepository } from './repositories/monitors.ts';
import { promotionRepository } from './repositories/promotions.ts';
import { publisher } from './repositories/publish.ts';
import { releaseRepository } from './repositories/releases.ts';
import { reportRepository } from './repositories/reports.ts';
import { requestRepository, withScan } from './repositories/requests.ts';
import { reviewRepository } from './repositories/review.ts';
import { failInterruptedRuns, runRepository } from './repositories/runs.ts';
import { triggerRepository } from './repositories/triggers.ts';
import { workspaceUris } from './repositories/uris.ts';
import type { RequestStore } from './request-store.ts';
import type { ReviewStore } from './review-store.ts';
import type { Store } from './store.ts';
import type { TriggerStore } from './trigger-store.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export interface OpenStoreOptions {
  /** Folder; made when it is new. */
  workspace: string;
  /** `postgres://...`; absent = the embedded database inside the workspace. */
  databaseUrl?: string;
  /** @default default */
  project?: string;
  /** Said to others who find the workspace taken. Default: this process' command line. */
  command?: string;
  /**
   * When another process has the embedded database open, work through that one instead of refusing. `server`: only through one that
   * `serves`, for commands that last: any other may end, and take its database with it.
   */
  attach?: boolean | 'server';
  /** Keeps the database open for long: others may work through it, also for long. */
  serves?: boolean;
  now?: () => Date;
}

export interface OpenStore extends Store {
  readonly workspace: Workspace;
  /** The same database as another project sees it; closed by the store that it came from. */
  forProject(name: string): OpenStore;
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
  /** Direct use is for backup, gc and tests. */
  readonly context: RepositoryContext;
  readonly connection: Connection;
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
  const inProject = (project: string, dispose: () => Promise<void>): OpenStore => {
    const scoped = { ...context, project };
    const runs = runRepository(scoped);
    const methods = {
      ...heartbeat.follow(runs),
      ...executionRepository(scoped),
      ...publisher(scoped),
      ...artifactRepository(scoped),
      ...modelRepository(scoped),
      ...erasedPhotoRepository(scoped),
      ...goldenPhotoRepository(scoped),
    };
    return {
      ...guard(methods, translate),
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
      workspace,
      project,
      context: scoped,
      connection: backend.connection,
      forProject: (name) => inProject(name, async () => {}),
      [Symbol.asyncDispose]: dispose,
    };
  };
  return inProject(context.project, close);
}
