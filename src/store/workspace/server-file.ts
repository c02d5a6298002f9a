import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type ProcessIdentity, stateOf } from './process-identity.ts';

/** Address of the server of the workspace, for commands on this machine. */
export interface ServerAddress {
  /** `http://127.0.0.1:8080` */
  url: string;
  /** Bearer token with all permissions in every project, for whoever can read the workspace. Never leaves the machine. */
  token: string;
  /** PEM, of a server with TLS: who can read the workspace knows its server by it. */
  certificate?: string | undefined;
}

const pathIn = (dir: string) => join(dir, 'server.json');

/** Announces this process as the server of the workspace, in a file with mode 0600. Disposing removes it. */
export function writeServerFile(workspaceDir: string, { url, token, certificate }: ServerAddress): Disposable {
  const path = pathIn(workspaceDir);
  const own = `${path}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify({ ...identify(), url, token, certificate }), { mode: 0o600 });
  renameSync(own, path);
  return {
    [Symbol.dispose]() {
      if (read(path)?.token === token) rmSync(path, { force: true });
    },
  };
}

/** Null when no running process of this machine serves the workspace. */
export function readServerFile(workspaceDir: string): ServerAddress | null {
  const server = read(pathIn(workspaceDir));
  if (server === null || stateOf(server) !== 'alive') return null;
  return { url: server.url, token: server.token, certificate: server.certificate };
}

function read(path: string): (ServerAddress & ProcessIdentity) | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ServerAddress & ProcessIdentity;
  } catch {
    return null;
  }
}
