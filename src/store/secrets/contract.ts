import type { StoredSecret } from '../../contracts/secret.ts';

/** Audited changes: only available inside `store.audited`. */
export interface SecretChanges {
  /** @returns whether it replaced one @throws SECRET_KEY_WRONG */
  set(name: string, value: string, who: string): Promise<boolean>;
  /** @throws SECRET_UNKNOWN */
  remove(name: string): Promise<void>;
  /** Seals those of all projects anew, with `MITATE_SECRET_KEY` or else a fresh key. @returns how many @throws SECRET_KEY_WRONG */
  rekey(): Promise<number>;
}

/** Secrets of a project. */
export interface SecretStore extends SecretChanges {
  /** By name, without values. */
  list(): Promise<StoredSecret[]>;
  /** Of those of the names that are there. @throws SECRET_KEY_WRONG */
  values(names: readonly string[]): Promise<Record<string, string>>;
  /** One name, by project. @throws SECRET_KEY_WRONG */
  inProjects(name: string): Promise<Record<string, string>>;
  /** Of all projects; `closed`: those that do not open. */
  count(): Promise<{ all: number; closed: number }>;
  /** After a `rekey`: forgets keys of the workspace that open nothing. */
  forgetOldKeys(): Promise<void>;
}
