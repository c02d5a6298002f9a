import type { Role, Scope } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';

export interface Project {
  name: string;
  description: string;
  createdAt: Date;
}

export interface ApiKey {
  id: string;
  project: string;
  name: string;
  scope: Scope;
  createdAt: Date;
  createdBy: string;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export interface User {
  name: string;
  createdAt: Date;
  disabledAt: Date | null;
  /** By project. */
  roles: Record<string, Role>;
}

export interface AuditEntry {
  seq: number;
  project: string;
  at: Date;
  who: string;
  action: string;
  subject: string;
  details: Record<string, unknown>;
  requestId: string | null;
  /** Null in rows of older versions. */
  door: Actor['door'] | null;
  /** IP address of the HTTP client. */
  address: string | null;
}

/** Who may do what, in which project; over all projects, unlike the other repositories. */
export interface AccessStore {
  createProject(project: { name: string; description: string }): Promise<Project>;
  listProjects(): Promise<Project[]>;

  createKey(key: Omit<ApiKey, 'createdAt' | 'lastUsedAt' | 'revokedAt'> & { hash: string }): Promise<ApiKey>;
  /** Of one project, or of all. */
  listKeys(project?: string): Promise<ApiKey[]>;
  findKey(id: string): Promise<(ApiKey & { hash: string }) | null>;
  revokeKey(id: string, project: string): Promise<ApiKey | null>;
  /** Several at once, every few seconds: not one write a request. */
  touchKeys(used: { id: string; at: Date }[]): Promise<void>;

  createUser(user: { name: string; passwordHash: string }): Promise<User>;
  findUser(name: string): Promise<(User & { passwordHash: string }) | null>;
  listUsers(project?: string): Promise<User[]>;
  setRole(user: string, project: string, role: Role | null): Promise<User>;
  setPassword(user: string, passwordHash: string): Promise<void>;
  /** Also ends the person's sessions. */
  disableUser(user: string, disabled: boolean): Promise<User>;
  createSession(session: { hash: string; user: string; expiresAt: Date }): Promise<void>;
  findSession(hash: string): Promise<{ user: User; expiresAt: Date } | null>;
  endSession(hash: string): Promise<void>;

  audit(entry: Omit<AuditEntry, 'seq' | 'at' | 'door' | 'address'>): Promise<void>;
  listAudit(filter: { project?: string; before?: number; limit?: number }): Promise<AuditEntry[]>;
}
