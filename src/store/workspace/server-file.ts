import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type ProcessIdentity, stateOf } from './process-identity.ts';

/** How commands on this machine reach the server that works in the workspace. */
export interface ServerAddress {
  /** `http://127.0.0.1:8080` */
  url: string;
  /** Bearer token of whoever may read the workspace: all permissions, every project. Never leaves the machine. */
  token: string;
}

const pathIn = (dir: string) => join(dir, 'server.json');

/** Says that this process serves the workspace, to its owner alone (mode 0600). Disposing takes it back. */
export function writeServerFile(workspaceDir: string, { url, token }: ServerAddress): Disposable {
  const path = pathIn(workspaceDir);
  const own = `${path}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify({ ...identify(), url, token }), { mode: 0o600 });
  renameSync(own, path);
  return {
    [Symbol.dispose]() {
      if (read(path)?.token === token) rmSync(path, { force: true });
    },
  };
}

/** Null when no living process of this machine serves the workspace. */
export function readServerFile(workspaceDir: string): ServerAddress | null {
  const server = read(pathIn(workspaceDir));
  if (server === null || stateOf(server) !== 'alive') return null;
  return { url: server.url, token: server.token };
}

function read(path: string): (ServerAddress & ProcessIdentity) | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ServerAddress & ProcessIdentity;
  } catch {
    return null;
  }
}
