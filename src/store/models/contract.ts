import type { Deployment } from '../../contracts/endpoint.ts';
import type { AliasChange, Model, ModelVersion } from '../../contracts/model.ts';

/** Audited changes: only available inside `store.audited`. */
export interface ModelChanges {
  /** Moves the alias and, for `champion`, the stable traffic of the endpoints that serve the model, in one transaction. */
  setAlias(change: { name: string; alias: string; version: number; who: string; why: string }): Promise<void>;
}

/** Model versions, their aliases and deployments. */
export interface ModelStore extends ModelChanges {
  listModels(): Promise<Model[]>;
  listVersions(name: string): Promise<ModelVersion[]>;
  /** `leaf-health`, `leaf-health@3`, `leaf-health@champion`; without a selector the champion, else the newest. */
  findVersion(reference: string): Promise<ModelVersion | null>;
  /** Moves the versions of one artifact to another with the same weights, and records it on the timeline of endpoints that serve them. */
  replaceModelArtifact(from: string, to: string, change: { who: string; why: string }): Promise<void>;
  aliasTimeline(name: string, alias?: string): Promise<AliasChange[]>;
  /** Which version the alias pointed to at that time. */
  aliasAt(name: string, alias: string, at: Date): Promise<number | null>;
  listDeployments(endpoint?: string): Promise<Deployment[]>;
}
