import type { AccessStore } from './access/contract.ts';
import { accessRepository } from './access/repository.ts';
import type { AlertStore } from './alerts/contract.ts';
import { alertRepository } from './alerts/repository.ts';
import type { RepositoryContext } from './database/context.ts';
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
import { runRepository } from './runs/repository.ts';
import type { Store } from './store.ts';
import type { TriggerStore } from './triggers/contract.ts';
import { triggerRepository } from './triggers/repository.ts';
import type { Heartbeat } from './workspace/heartbeat.ts';

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
  /** Only backup, gc, the run queue and tests use it directly. */
  readonly context: RepositoryContext;
}

/** @param translate converts database errors */
export function repositoriesOf(
  context: RepositoryContext,
  { translate, heartbeat }: { translate: (error: unknown) => Error; heartbeat: Heartbeat },
): Repositories {
  return {
    ...guard(
      {
        ...heartbeat.follow(runRepository(context)),
        ...executionRepository(context),
        ...publisher(context),
        ...artifactRepository(context),
        ...modelRepository(context),
        ...erasedPhotoRepository(context),
        ...goldenPhotoRepository(context),
      },
      translate,
    ),
    access: guard(accessRepository(context), translate),
    endpoints: guard(endpointRepository(context), translate),
    promotions: guard(promotionRepository(context), translate),
    releases: guard(releaseRepository(context), translate),
    reports: guard(reportRepository(context), translate),
    alerts: guard(alertRepository(context), translate),
    golden: guard(goldenRepository(context), translate),
    flywheel: guard(flywheelRepository(context), translate),
    requests: withScan(guard(requestRepository(context), translate)),
    monitors: guard(monitorRepository(context), translate),
    triggers: guard(triggerRepository(context), translate),
    feedback: guard(feedbackRepository(context), translate),
    review: guard(reviewRepository(context), translate),
    context,
  };
}
