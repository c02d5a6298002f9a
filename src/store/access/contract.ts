import type { ApiKey, Project, Role, User } from '../../contracts/access.ts';
import type { AuditEntry } from '../../contracts/audit.ts';

/** Permissions and audit log, over all projects, unlike the other repositories. */
export interface AccessStore {
  createProject(project: { name: string; description: string }): Promise<Project>;
  listProjects(): Promise<Project[]>;

  createKey(key: Omit<ApiKey, 'createdAt' | 'lastUsedAt' | 'revokedAt'> & { hash: string }): Promise<ApiKey>;
  /** Of one project, or of all. */
  listKeys(project?: string): Promise<ApiKey[]>;
  findKey(id: string): Promise<(ApiKey & { hash: string }) | null>;
  revokeKey(id: string, project: string): Promise<ApiKey | null>;
  /** In batches every few seconds, not one write per request. */
  touchKeys(used: { id: string; at: Date }[]): Promise<void>;

  createUser(user: { name: string; passwordHash: string }): Promise<User>;
  findUser(name: string): Promise<(User & { passwordHash: string }) | null>;
  listUsers(project?: string): Promise<User[]>;
  setRole(user: string, project: string, role: Role | null): Promise<User>;
  setPassword(user: string, passwordHash: string): Promise<void>;
  /** Also ends the user's sessions. */
  disableUser(user: string, disabled: boolean): Promise<User>;
  createSession(session: { hash: string; user: string; expiresAt: Date }): Promise<void>;
  findSession(hash: string): Promise<{ user: User; expiresAt: Date } | null>;
  endSession(hash: string): Promise<void>;

  listAudit(filter: { project?: string; before?: number; limit?: number }): Promise<AuditEntry[]>;
}
