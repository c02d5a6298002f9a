import type { Role } from '../contracts/access.ts';
import type {
  ApiAuditEntry,
  ApiKeyInfo,
  ApiProject,
  ApiSession,
  ApiUser,
  ChangeUser,
  CreatedKey,
  CreateKey,
  CreateProject,
  CreateUser,
  Whoami,
} from '../contracts/api/access.ts';
import type {
  AlertsQuery,
  AlertWordBody,
  ApiAlert,
  ApiAlertDetails,
  ApiAlertPhotos,
  ApiChannel,
  ApiDelivery,
  ApiRetried,
  CreateChannel,
  RetryDead,
  Silence,
} from '../contracts/api/alerts.ts';
import type {
  ApiEndpoint,
  ApiEndpointEvent,
  CreateEndpoint,
  Deploy,
  Promote,
  Rollback,
  SetEndpoint,
  Traffic,
  Undeploy,
} from '../contracts/api/endpoints.ts';
import type {
  AddedFeedback,
  AddFeedback,
  ApiFeedback,
  ApiLabelDelay,
  ApiReviewFill,
  ApiReviewItem,
  DelayQuery,
  FeedbackLink,
  FeedbackQuery,
  ImportedFeedback,
  MakeLink,
  ReviewLabel,
  ReviewQuery,
  SaidInput,
} from '../contracts/api/feedback.ts';
import type {
  AddGolden,
  ApiFlywheelSpan,
  ApiGoldenAddition,
  ApiGoldenExample,
  ApiGoldenSet,
  ExportFlywheel,
  SpansQuery,
} from '../contracts/api/flywheel.ts';
import type { ApiLineage } from '../contracts/api/lineage.ts';
import type { MaturityAnswer } from '../contracts/api/maturity.ts';
import type { ApiModel, ApiModelDetails, ApiModelVersion, PromoteModel } from '../contracts/api/models.ts';
import type {
  ApiMonitor,
  ApiMonitorResult,
  ApiWatchedMonitor,
  CreateMonitor,
  MonitorsQuery,
  SetMonitor,
} from '../contracts/api/monitors.ts';
import type { Page, PageQuery } from '../contracts/api/page.ts';
import type {
  ApiDisagreement,
  ApiPromotion,
  ApiPromotionDetails,
  PromotionsQuery,
  PromotionVerb,
  StartPromotion,
} from '../contracts/api/promotions.ts';
import type { ApiQueuedRun, RunWish } from '../contracts/api/queue.ts';
import type {
  ApiRelease,
  ApiReleaseDetails,
  BringRelease,
  ReceivedRelease,
  ReleasesQuery,
} from '../contracts/api/releases.ts';
import type { ApiLoggedRequest, RequestsQuery } from '../contracts/api/requests.ts';
import type { ApiArtifact, ApiRun, ApiRunDetails, ArtifactsQuery, RunsQuery } from '../contracts/api/runs.ts';
import type {
  ApiDryRun,
  ApiFiring,
  ApiTrigger,
  ApiTriggerDetails,
  CreateTrigger,
  DryRunQuery,
  FiringsQuery,
  NotifyTrigger,
  RunTrigger,
} from '../contracts/api/triggers.ts';
import type { FlywheelExport } from '../contracts/loop/flywheel.ts';
import type { Transport } from './transport.ts';

type Resources = ReturnType<typeof resources>;

export type { Resources };

const at = encodeURIComponent;

/** Everything but photos, one member a resource. Lists come in pages; `everyPage` walks them. */
export function resources({ ask, send }: Transport) {
  const get = <T>(path: string, query?: object) => ask<T>('GET', path, { query });
  const post = <T>(path: string, json: unknown = {}) => ask<T>('POST', path, { json });
  const list =
    <T, Q extends PageQuery = PageQuery>(path: string) =>
    (query?: Q) =>
      get<Page<T>>(path, query);
  const endpoint = (name: string) => `/api/v1/endpoints/${at(name)}`;
  const trigger = (name: string) => `/api/v1/triggers/${at(name)}`;
  const change = (name: string, verb: string, body: object = {}) =>
    post<ApiEndpoint>(`${endpoint(name)}:${verb}`, body);
  return {
    me: () => get<Whoami>('/api/v1/me'),
    runs: {
      list: list<ApiRun, RunsQuery>('/api/v1/runs'),
      get: (id: string) => get<ApiRunDetails>(`/api/v1/runs/${at(id)}`),
      cancel: (id: string) => post<ApiRun>(`/api/v1/runs/${at(id)}:cancel`),
      /** A worker starts it under the id that is answered. */
      start: (wish: RunWish) => post<ApiQueuedRun>('/api/v1/runs', wish),
      waiting: () => get<ApiQueuedRun[]>('/api/v1/queue'),
      order: (id: string) => get<ApiQueuedRun>(`/api/v1/queue/${at(id)}`),
      async dequeue(id: string) {
        await send('DELETE', `/api/v1/queue/${at(id)}`);
      },
    },
    models: {
      list: list<ApiModel>('/api/v1/models'),
      /** `leaf-health`, `leaf-health@3`, `leaf-health@champion`. */
      get: (reference: string) => get<ApiModelDetails>(`/api/v1/models/${at(reference)}`),
      versions: (name: string, query?: PageQuery) =>
        get<Page<ApiModelVersion>>(`/api/v1/models/${at(name)}/versions`, query),
      /** The endpoints that serve the model follow. */
      promote: (name: string, body?: PromoteModel) => post<ApiModelVersion>(`/api/v1/models/${at(name)}:promote`, body),
      rollback: (name: string, body?: Rollback) => post<ApiModelVersion>(`/api/v1/models/${at(name)}:rollback`, body),
    },
    flywheel: {
      spans: list<ApiFlywheelSpan, SpansQuery>('/api/v1/flywheel/spans'),
      /** Labelled requests as a new span, in a folder inside that of the pipelines. */
      export: (policy: ExportFlywheel) => post<FlywheelExport>('/api/v1/flywheel/spans', policy),
    },
    golden: {
      list: list<ApiGoldenSet>('/api/v1/golden'),
      photos: (set: string, query?: PageQuery) =>
        get<Page<ApiGoldenExample>>(`/api/v1/golden/${at(set)}/photos`, query),
      /** Of labelled requests: they train nothing from now on. */
      add: (wish: AddGolden) => post<ApiGoldenAddition>('/api/v1/golden', wish),
      remove: (set: string) => ask<{ removed: number }>('DELETE', `/api/v1/golden/${at(set)}`),
      removePhoto: (set: string, sha256: string) =>
        ask<ApiGoldenExample>('DELETE', `/api/v1/golden/${at(set)}/photos/${at(sha256)}`),
    },
    endpoints: {
      list: list<ApiEndpoint>('/api/v1/endpoints'),
      get: (name: string) => get<ApiEndpoint>(endpoint(name)),
      timeline: (name: string, query?: PageQuery) => get<Page<ApiEndpointEvent>>(`${endpoint(name)}/timeline`, query),
      create: (body: CreateEndpoint) => post<ApiEndpoint>('/api/v1/endpoints', body),
      set: (name: string, body: SetEndpoint) => ask<ApiEndpoint>('PATCH', endpoint(name), { json: body }),
      deploy: (name: string, body: Deploy) => change(name, 'deploy', body),
      undeploy: (name: string, body: Undeploy) => change(name, 'undeploy', body),
      traffic: (name: string, body: Traffic) => change(name, 'traffic', body),
      promote: (name: string, body?: Promote) => change(name, 'promote', body),
      rollback: (name: string, body?: Rollback) => change(name, 'rollback', body),
      async remove(name: string, query?: Rollback) {
        await send('DELETE', endpoint(name), { query });
      },
    },
    promotions: {
      list: list<ApiPromotion, PromotionsQuery>('/api/v1/promotions'),
      /** An id, or an endpoint's name: its newest. */
      get: (id: string) => get<ApiPromotionDetails>(`/api/v1/promotions/${at(id)}`),
      disagreements: (id: string) => get<ApiDisagreement[]>(`/api/v1/promotions/${at(id)}/disagreements`),
      start: (body: StartPromotion) => post<ApiPromotion>('/api/v1/promotions', body),
      approve: (id: string, body?: PromotionVerb) => post<ApiPromotion>(`/api/v1/promotions/${at(id)}:approve`, body),
      refuse: (id: string, body?: PromotionVerb) => post<ApiPromotion>(`/api/v1/promotions/${at(id)}:refuse`, body),
      abort: (id: string, body?: PromotionVerb) => post<ApiPromotion>(`/api/v1/promotions/${at(id)}:abort`, body),
    },
    requests: {
      list: list<ApiLoggedRequest, RequestsQuery>('/api/v1/requests'),
      get: (id: string) => get<ApiLoggedRequest>(`/api/v1/requests/${at(id)}`),
      /** Without metadata, when it is kept. */
      photo: async (id: string) => (await send('GET', `/api/v1/requests/${at(id)}/photo`)).blob(),
    },
    feedback: {
      /** One thing or several, all or none. The same `idempotencyKey` and words again change nothing. */
      add: (said: SaidInput | SaidInput[], options: Omit<AddFeedback, 'feedback'> = {}) =>
        post<AddedFeedback>('/api/v1/feedback', { ...options, feedback: [said].flat() }),
      list: list<ApiFeedback, FeedbackQuery>('/api/v1/feedback'),
      /** How long labels took. */
      delay: (query?: DelayQuery) => get<ApiLabelDelay>('/api/v1/feedback/delay', query),
      /** A CSV file; each row counts by itself, and the very same file again adds nothing. */
      import: (csv: Blob) =>
        ask<ImportedFeedback>('POST', '/api/v1/feedback/import', {
          body: csv,
          headers: { 'content-type': 'text/csv' },
        }),
      /** To a page that asks of one photo whether its answer was right, without a key. */
      link: (body: MakeLink) => post<FeedbackLink>('/api/v1/feedback/links', body),
    },
    /** Photos that wait for a label. */
    review: {
      list: (query?: ReviewQuery) => get<{ items: ApiReviewItem[] }>('/api/v1/review', query),
      /** Nobody else gets it for ten minutes; null = none waits. */
      next: async (endpoint?: string) =>
        (await post<{ item: ApiReviewItem | null }>('/api/v1/review/next', { endpoint })).item,
      label: (id: string, body: ReviewLabel) => post<ApiFeedback>(`/api/v1/review/${at(id)}/label`, body),
      async skip(id: string) {
        await send('POST', `/api/v1/review/${at(id)}/skip`);
      },
      /** Null = nothing came since the last time. */
      fill: async (endpoint: string, budget?: number) =>
        (await post<{ fill: ApiReviewFill | null }>('/api/v1/review/fill', { endpoint, budget })).fill,
    },
    monitors: {
      list: list<ApiWatchedMonitor, MonitorsQuery>('/api/v1/monitors'),
      get: (name: string) => get<ApiWatchedMonitor>(`/api/v1/monitors/${at(name)}`),
      results: (name: string, query?: PageQuery) =>
        get<Page<ApiMonitorResult>>(`/api/v1/monitors/${at(name)}/results`, query),
      create: (body: CreateMonitor) => post<ApiMonitor>('/api/v1/monitors', body),
      /** Those that an endpoint gets by itself, also when they were removed. */
      createDefaults: (name: string) => post<ApiMonitor[]>('/api/v1/monitors:defaults', { endpoint: name }),
      /** The window that ends now. */
      run: (name: string) => post<ApiMonitorResult>(`/api/v1/monitors/${at(name)}:run`),
      set: (name: string, body: SetMonitor) => ask<ApiMonitor>('PATCH', `/api/v1/monitors/${at(name)}`, { json: body }),
      async remove(name: string) {
        await send('DELETE', `/api/v1/monitors/${at(name)}`);
      },
    },
    artifacts: {
      list: list<ApiArtifact, ArtifactsQuery>('/api/v1/artifacts'),
      get: (id: string) => get<ApiArtifact>(`/api/v1/artifacts/${at(id)}`),
    },
    /** Of an artifact id, a model version, or the sha256 of a photo. */
    lineage: (of: string) => get<ApiLineage>('/api/v1/lineage', { of }),
    keys: {
      list: list<ApiKeyInfo>('/api/v1/keys'),
      create: (body: CreateKey) => post<CreatedKey>('/api/v1/keys', body),
      revoke: (id: string) => ask<ApiKeyInfo>('DELETE', `/api/v1/keys/${at(id)}`),
    },
    users: {
      list: list<ApiUser>('/api/v1/users'),
      create: (body: CreateUser) => post<ApiUser>('/api/v1/users', body),
      change: (name: string, body: ChangeUser) => ask<ApiUser>('PATCH', `/api/v1/users/${at(name)}`, { json: body }),
      /** In the project of the request; null takes the role away. */
      setRole: (name: string, role: Role | null) =>
        ask<ApiUser>('PUT', `/api/v1/users/${at(name)}/role`, { json: { role } }),
    },
    sessions: {
      signIn: (name: string, password: string) => post<ApiSession>('/api/v1/sessions', { name, password }),
      async signOut() {
        await send('DELETE', '/api/v1/sessions/current');
      },
    },
    projects: {
      list: list<ApiProject>('/api/v1/projects'),
      create: (body: CreateProject) => post<ApiProject>('/api/v1/projects', body),
    },
    releases: {
      list: list<ApiRelease, ReleasesQuery>('/api/v1/releases'),
      /** The beginning of its id is enough; or `latest`. */
      get: (id: string) => get<ApiReleaseDetails>(`/api/v1/releases/${at(id)}`),
      /** A worker starts its run. */
      bring: (body: BringRelease) => post<ReceivedRelease>('/api/v1/releases', body),
    },
    alerts: {
      list: list<ApiAlert, AlertsQuery>('/api/v1/alerts'),
      /** By its id, or by the name of the monitor whose alert is not resolved. */
      get: (alert: string) => get<ApiAlertDetails>(`/api/v1/alerts/${at(alert)}`),
      ack: (alert: string, body?: AlertWordBody) => post<ApiAlert>(`/api/v1/alerts/${at(alert)}:ack`, body),
      resolve: (alert: string, body?: AlertWordBody) => post<ApiAlert>(`/api/v1/alerts/${at(alert)}:resolve`, body),
      silence: (alert: string, body: Silence) => post<ApiAlert>(`/api/v1/alerts/${at(alert)}:silence`, body),
      photos: (alert: string) => get<ApiAlertPhotos>(`/api/v1/alerts/${at(alert)}/photos`),
      /** PNG. */
      grid: async (alert: string) => (await send('GET', `/api/v1/alerts/${at(alert)}/photos.png`)).blob(),
    },
    channels: {
      list: list<ApiChannel>('/api/v1/channels'),
      create: (body: CreateChannel) => post<ApiChannel>('/api/v1/channels', body),
      remove: (name: string) => ask<ApiChannel>('DELETE', `/api/v1/channels/${at(name)}`),
      test: (name: string) => post<{ ok: true }>(`/api/v1/channels/${at(name)}:test`),
      dead: (name: string, query?: PageQuery) => get<Page<ApiDelivery>>(`/api/v1/channels/${at(name)}/dead`, query),
      retry: (name: string, body?: RetryDead) => post<ApiRetried>(`/api/v1/channels/${at(name)}:retry`, body),
    },
    triggers: {
      /** Each with its newest firing. */
      list: list<ApiTriggerDetails>('/api/v1/triggers'),
      get: (name: string) => get<ApiTriggerDetails>(trigger(name)),
      firings: (name: string, query?: FiringsQuery) => get<Page<ApiFiring>>(`${trigger(name)}/firings`, query),
      dryRun: (name: string, query?: DryRunQuery) => get<ApiDryRun>(`${trigger(name)}/dry-run`, query),
      create: (body: CreateTrigger) => post<ApiTrigger>('/api/v1/triggers', body),
      /** Starts its run now, whatever its limits. */
      run: (name: string, body?: RunTrigger) => post<ApiFiring>(`${trigger(name)}:run`, body),
      /** Says that there are new photos. */
      notify: (name: string, body: NotifyTrigger) => post<{ noted: boolean }>(`${trigger(name)}:notify`, body),
      enable: (name: string) => post<ApiTrigger>(`${trigger(name)}:enable`),
      disable: (name: string) => post<ApiTrigger>(`${trigger(name)}:disable`),
      async remove(name: string) {
        await send('DELETE', trigger(name));
      },
    },
    /** Google's MLOps levels, by evidence. */
    maturity: () => get<MaturityAnswer[]>('/api/v1/maturity'),
    audit: { list: list<ApiAuditEntry>('/api/v1/audit') },
  };
}
