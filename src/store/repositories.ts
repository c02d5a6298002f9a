import type { AccessChanges, AccessStore } from './access/contract.ts';
import { accessRepository } from './access/repository.ts';
import type { AlertChanges, AlertStore } from './alerts/contract.ts';
import { alertRepository } from './alerts/repository.ts';
import type { CorrectionChanges, CorrectionStore } from './corrections/contract.ts';
import { correctionRepository } from './corrections/repository.ts';
import type { RepositoryContext } from './database/context.ts';
import type { EndpointChanges, EndpointStore } from './endpoints/contract.ts';
import { endpointRepository } from './endpoints/repository.ts';
import type { FeedbackChanges, FeedbackStore } from './feedback/contract.ts';
import { feedbackRepository } from './feedback/repository.ts';
import type { FlywheelChanges, FlywheelStore } from './flywheel/contract.ts';
import { flywheelRepository } from './flywheel/repository.ts';
import type { GoldenChanges, GoldenStore } from './golden/contract.ts';
import { goldenPhotoRepository } from './golden/photos.ts';
import { goldenRepository } from './golden/repository.ts';
import { guard } from './guard.ts';
import type { HistoryStore } from './history/contract.ts';
import { historyRepository } from './history/repository.ts';
import type { LabelChanges, LabelStore } from './labels/contract.ts';
import { labelRepository } from './labels/repository.ts';
import type { ModelChanges } from './models/contract.ts';
import { modelRepository } from './models/repository.ts';
import type { MonitorChanges, MonitorStore } from './monitors/contract.ts';
import { monitorRepository } from './monitors/repository.ts';
import type { PromotionChanges, PromotionStore } from './promotions/contract.ts';
import { promotionRepository } from './promotions/repository.ts';
import type { ReleaseChanges, ReleaseStore } from './releases/contract.ts';
import { releaseRepository } from './releases/repository.ts';
import type { ReportStore } from './reports/contract.ts';
import { reportRepository } from './reports/repository.ts';
import type { RequestChanges, RequestStore } from './requests/contract.ts';
import { erasedPhotoRepository } from './requests/erased-photos.ts';
import { requestRepository, withScan } from './requests/repository.ts';
import type { ReviewChanges, ReviewStore } from './review/contract.ts';
import { reviewRepository } from './review/repository.ts';
import { artifactRepository } from './runs/artifacts.ts';
import type { RunChanges } from './runs/contract.ts';
import { executionRepository } from './runs/executions.ts';
import { publisher } from './runs/publish.ts';
import { runRepository } from './runs/repository.ts';
import type { SecretChanges, SecretStore } from './secrets/contract.ts';
import { secretRepository } from './secrets/repository.ts';
import type { Store } from './store.ts';
import type { TriggerChanges, TriggerStore } from './triggers/contract.ts';
import { triggerRepository } from './triggers/repository.ts';
import type { Heartbeat } from './workspace/heartbeat.ts';

/** All repositories of a project, on one connection or in one transaction. */
export interface Repositories extends Omit<Store, 'project' | typeof Symbol.asyncDispose>, RunChanges, ModelChanges {
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
  readonly secrets: SecretStore;
  readonly golden: GoldenStore;
  readonly flywheel: FlywheelStore;
  readonly corrections: CorrectionStore;
  readonly labels: LabelStore;
  /** Over all projects. */
  readonly history: HistoryStore;
  /** Only backup, gc, the run queue and tests use it directly. */
  readonly context: RepositoryContext;
}

/** By facet: the changes that are only available inside `store.audited`. */
interface Changes {
  access: AccessChanges;
  endpoints: EndpointChanges;
  requests: RequestChanges;
  feedback: FeedbackChanges;
  review: ReviewChanges;
  triggers: TriggerChanges;
  monitors: MonitorChanges;
  promotions: PromotionChanges;
  releases: ReleaseChanges;
  alerts: AlertChanges;
  secrets: SecretChanges;
  golden: GoldenChanges;
  flywheel: FlywheelChanges;
  corrections: CorrectionChanges;
  labels: LabelChanges;
}

type Facets = { readonly [F in keyof Changes]: Omit<Repositories[F], keyof Changes[F]> };

/** The repositories without audited changes. */
export interface PlainRepositories
  extends Omit<Repositories, keyof Changes | keyof RunChanges | keyof ModelChanges>,
    Facets {}

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
    secrets: guard(secretRepository(context), translate),
    golden: guard(goldenRepository(context), translate),
    flywheel: guard(flywheelRepository(context), translate),
    corrections: guard(correctionRepository(context), translate),
    labels: guard(labelRepository(context), translate),
    history: guard(historyRepository(context), translate),
    requests: withScan(guard(requestRepository(context), translate)),
    monitors: guard(monitorRepository(context), translate),
    triggers: guard(triggerRepository(context), translate),
    feedback: guard(feedbackRepository(context), translate),
    review: guard(reviewRepository(context), translate),
    context,
  };
}
