import type { ApiKey, Project, Role, SessionInfo, Stage, User } from '../../contracts/access.ts';
import type { AuditEntry } from '../../contracts/audit.ts';

/** Of a user at a provider. */
export interface Identity {
  issuer: string;
  subject: string;
}

/** Who signed in: a person, a key in a browser, or the owner of the workspace by a link of `mitate up`. */
export type SessionOf = { kind: 'user'; user: User } | { kind: 'key'; key: ApiKey } | { kind: 'local' };

export interface NewSession {
  /** sha256 of the token. */
  hash: string;
  /** Null: of a key, or of the owner of the workspace. */
  user: string | null;
  keyId?: string | null;
  expiresAt: Date;
  address: string | null;
  userAgent: string | null;
}

/** Audited changes: only available inside `store.audited`. */
export interface AccessChanges {
  createProject(project: { name: string; description: string }): Promise<Project>;
  /** Null: there is no such project. */
  setStage(project: string, stage: Stage | null): Promise<Project | null>;
  createKey(
    key: Omit<ApiKey, 'createdAt' | 'lastUsedAt' | 'revokedAt' | 'unusedUntil'> & { hash: string; unusedUntil?: Date },
  ): Promise<ApiKey>;
  /** It ends then, or when it would have ended before. Null: there is no such key that is not revoked. */
  endKey(id: string, project: string, at: Date): Promise<ApiKey | null>;
  revokeKey(id: string, project: string): Promise<ApiKey | null>;
  createUser(user: { name: string } & ({ passwordHash: string } | Identity)): Promise<User>;
  /** All roles of a user, in every project. If one is lost, the user's sessions end. */
  replaceRoles(user: string, roles: Record<string, Role>): Promise<User>;
  setRole(user: string, project: string, role: Role | null): Promise<User>;
  setPassword(user: string, passwordHash: string): Promise<void>;
  /** Also ends the user's sessions. */
  disableUser(user: string, disabled: boolean): Promise<User>;
  /** Sealed with the key of the stored secrets. Codes of earlier secrets no longer count. @throws SECRET_KEY_WRONG */
  setTotp(user: string, totp: { secret: string | null; since: Date | null }): Promise<void>;
  /** False: a code of it, or of a later step, was used before. */
  useTotpStep(user: string, step: number): Promise<boolean>;
  createSession(session: NewSession): Promise<void>;
  setPreferences(caller: string, value: Record<string, unknown>): Promise<void>;
  endSession(hash: string): Promise<void>;
  /** Of a user: one, or all without an id. @returns how many there were */
  endSessions(user: string, id?: string): Promise<number>;
}

/** Permissions and audit log, over all projects, unlike the other repositories. */
export interface AccessStore extends AccessChanges {
  listProjects(): Promise<Project[]>;
  /** Of one project, or of all. */
  listKeys(project?: string): Promise<ApiKey[]>;
  /** Those that are not revoked, with their hashes, of all projects. */
  listLiveKeys(): Promise<(ApiKey & { hash: string })[]>;
  findKey(id: string): Promise<(ApiKey & { hash: string }) | null>;
  /** In batches every few seconds, not one write per request. */
  touchKeys(used: { id: string; at: Date }[]): Promise<void>;
  findUser(name: string): Promise<(User & { passwordHash: string | null }) | null>;
  /** The second factor; `since` null: not confirmed yet. */
  findTotp(user: string): Promise<{ since: Date | null } | null>;
  /** Of the second factor. @throws TOTP_KEY_WRONG */
  totpSecret(user: string): Promise<string | null>;
  findUserOf(identity: Identity): Promise<User | null>;
  listUsers(project?: string): Promise<User[]>;
  /** One that has expired is removed: it stays ended when the clock is set back. None of a disabled user or a revoked key. */
  findSession(hash: string, now: Date): Promise<{ of: SessionOf; expiresAt: Date } | null>;
  /** Newest first. */
  listSessions(user: string, now: Date): Promise<SessionInfo[]>;
  /** Of the owner of the workspace: they end with the server that made them. */
  endLocalSessions(): Promise<void>;
  /** As `touchKeys`. */
  touchSessions(hashes: string[], at: Date): Promise<void>;

  /** What a caller chose for the console; null: nothing yet. */
  findPreferences(caller: string): Promise<Record<string, unknown> | null>;
  listAudit(filter: AuditFilter): Promise<AuditEntry[]>;
}

export interface AuditFilter {
  project?: string;
  who?: string | undefined;
  /** `key.rotate`, or a resource: `key`. */
  action?: string | undefined;
  /** `seq` of the last entry of the previous page. */
  before?: number;
  limit?: number;
}
