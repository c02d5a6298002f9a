import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { defaultProject, type Permission, type Principal } from '../contracts/access.ts';
import type { Actor } from '../contracts/actor.ts';
import { MitateError } from '../errors/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by plugins/authenticate before the hooks of a route. */
    principal: Principal;
  }
}

const kinds = { user: 'person', key: 'key', local: 'local', anonymous: 'anonymous' } as const;

/** Author of the changes a request makes. */
export function actorOf({ principal: { kind, id, who }, id: requestId, ip: address }: FastifyRequest): Actor {
  return { kind: kinds[kind], id, name: who, door: 'http', requestId, address };
}

/** One of the permissions is enough. @throws ACCESS_KEY_MISSING (401) for anonymous, ACCESS_DENIED (403) */
export function requires(...needs: readonly (Permission | 'server-admin')[]): onRequestHookHandler {
  return async ({ principal }: FastifyRequest) => {
    if (!needs.some((need) => (need === 'server-admin' ? isServerAdmin(principal) : principal.permissions.has(need))))
      throw denied(principal, needs.join('" or "'));
  };
}

/** @throws ACCESS_KEY_MISSING */
export function requireCaller({ kind }: Principal): void {
  if (kind === 'anonymous') throw new MitateError('ACCESS_KEY_MISSING', {});
}

/** Where a route needs more for some bodies. @throws ACCESS_DENIED */
export function requirePermission(principal: Principal, needed: Permission): void {
  if (!principal.permissions.has(needed)) throw denied(principal, needed);
}

/** Users, passwords and projects belong to the whole server: an admin of the project `default` manages them. @throws ACCESS_DENIED */
export function requireServerAdmin(principal: Principal): void {
  if (!isServerAdmin(principal)) throw denied(principal, 'server-admin');
}

export const isServerAdmin = ({ kind, project, permissions }: Principal) =>
  permissions.has('admin') && (kind === 'local' || project === defaultProject);

export const isSelf = ({ kind, id }: Principal, name: string) => kind === 'user' && id === name;

/** @throws ACCESS_DENIED */
export function requireSelf(principal: Principal, name: string): void {
  if (!isSelf(principal, name)) throw denied(principal, `a session of ${name}`);
}

function denied({ kind, who }: Principal, needed: string): MitateError {
  if (kind === 'anonymous') return new MitateError('ACCESS_KEY_MISSING', {});
  const permission = needed.replace('server-admin', `admin of project ${defaultProject}`);
  return new MitateError('ACCESS_DENIED', { who, permission });
}
