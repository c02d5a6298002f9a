import type {
  DeploymentPlan,
  Endpoint,
  EndpointAction,
  EndpointEvent,
  EndpointSettings,
} from '../../contracts/endpoint.ts';

export interface EndpointChange {
  who: string;
  why: string;
}

/** Audited changes: only available inside `store.audited`. */
export interface EndpointChanges {
  createEndpoint(
    name: string,
    change: EndpointChange & { displayName?: string; settings?: Partial<EndpointSettings> },
  ): Promise<Endpoint>;
  /** Merged with the existing settings; `null` restores a default. @throws ENDPOINT_CHANGED when it has changed since */
  setEndpoint(
    name: string,
    settings: { [K in keyof EndpointSettings]?: EndpointSettings[K] | null },
    change: EndpointChange & { unchangedSince?: Date | null },
  ): Promise<Endpoint>;
  deleteEndpoint(name: string, change: EndpointChange): Promise<void>;
  /**
   * Replaces the active deployments by the plan, in one transaction. A deployment with the same model, version and role keeps its id.
   * `promote` also moves the model's `champion` to the plan's stable version. `expected`: the active deployments that the plan was based on.
   * @throws ENDPOINT_UNKNOWN, MODEL_NOT_FOUND, ENDPOINT_CHANGED, TRAFFIC_INVALID (shares of stable and canary do not sum to 100; more than one stable)
   */
  planEndpoint(
    name: string,
    plan: readonly DeploymentPlan[],
    change: EndpointChange & { action: EndpointAction; promote?: boolean; expected?: readonly DeploymentPlan[] },
  ): Promise<Endpoint>;
}

/** Endpoints of the store's project. Every change writes its event in the same transaction. */
export interface EndpointStore extends EndpointChanges {
  getEndpoint(name: string): Promise<Endpoint | null>;
  listEndpoints(): Promise<Endpoint[]>;
  /** An entry on the timeline without a change: `refused`, `ready`. */
  noteEndpoint(name: string, note: EndpointChange & { action: EndpointAction; details: unknown }): Promise<void>;
  /** Newest first. */
  endpointTimeline(name: string, filter?: { before?: number; limit?: number }): Promise<EndpointEvent[]>;
  /** The newest change of deployments, and of settings, at or before `at`; null = none yet. Of settings after `at`, the first. */
  eventsAt(
    name: string,
    at: Date,
  ): Promise<{ plan: EndpointEvent | null; settings: EndpointEvent | null; nextSettings: EndpointEvent | null }>;
  /** Active deployments before the newest `promote`, `deploy` or `traffic`; null without any. */
  previousPlan(name: string): Promise<DeploymentPlan[] | null>;
  /** Changes with every endpoint, deployment and setting of any project; servers poll it. */
  endpointsRevision(): Promise<string>;
}
