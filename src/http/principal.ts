import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { defaultProject, type Permission, type Principal } from '../contracts/access.ts';
import type { Actor } from '../contracts/actor.ts';
import { MitateError } from '../errors/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by plugins/authenticate before any route's own hooks. */
    principal: Principal;
  }
}

const kinds = { user: 'person', key: 'key', local: 'local', anonymous: 'anonymous' } as const;

/** Who asks, for what the request changes. */
export function actorOf({ principal: { kind, id, who }, id: requestId, ip: address }: FastifyRequest): Actor {
  return { kind: kinds[kind], id, name: who, door: 'http', requestId, address };
}

/** Guards a route; one of the permissions is enough. @throws ACCESS_KEY_MISSING (401) for anonymous, ACCESS_DENIED (403) */
export function requires(...needed: [Permission, ...Permission[]]): onRequestHookHandler {
  return async (request: FastifyRequest) => {
    const { kind, permissions, who } = request.principal;
    if (needed.some((permission) => permissions.has(permission))) return;
    if (kind === 'anonymous') throw new MitateError('ACCESS_KEY_MISSING', {});
    throw new MitateError('ACCESS_DENIED', { who, permission: needed.join('" or "') });
  };
}

/** People, passwords and projects are of the whole server: an admin of the project `default` looks after them. @throws ACCESS_DENIED */
export function requiresServerAdmin(): onRequestHookHandler {
  return async ({ principal }: FastifyRequest) => requireServerAdmin(principal);
}

export function requireServerAdmin({ kind, permissions, project, who }: Principal): void {
  if (kind === 'anonymous') throw new MitateError('ACCESS_KEY_MISSING', {});
  const isOfServer = kind === 'local' || project === defaultProject;
  if (isOfServer && permissions.has('admin')) return;
  throw new MitateError('ACCESS_DENIED', { who, permission: `admin of project ${defaultProject}` });
}
