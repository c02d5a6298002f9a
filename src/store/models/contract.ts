import type { Deployment } from '../../contracts/endpoint.ts';
import type { AliasChange, Model, ModelVersion } from '../../contracts/model.ts';

/** Model versions, their aliases and deployments. */
export interface ModelStore {
  listModels(): Promise<Model[]>;
  listVersions(name: string): Promise<ModelVersion[]>;
  /** `leaf-health`, `leaf-health@3`, `leaf-health@champion`; no selector = champion, else the newest. */
  findVersion(reference: string): Promise<ModelVersion | null>;
  /** Versions of one artifact become versions of another that has the same weights; endpoints that serve them say so on their timeline. */
  replaceModelArtifact(from: string, to: string, change: { who: string; why: string }): Promise<void>;
  /** Points alias (default `champion`) and, for the champion, the stable traffic of the endpoints that serve the model, in one transaction. */
  setAlias(change: { name: string; alias: string; version: number; who: string; why: string }): Promise<void>;
  aliasTimeline(name: string, alias?: string): Promise<AliasChange[]>;
  /** Which version the alias pointed to at that time. */
  aliasAt(name: string, alias: string, at: Date): Promise<number | null>;
  listDeployments(endpoint?: string): Promise<Deployment[]>;
}
