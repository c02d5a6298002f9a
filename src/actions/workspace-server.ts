import { type Client, createClient } from '../client/index.ts';
import type { Config } from '../config/index.ts';
import type { Actor } from '../contracts/actor.ts';
import { fetchPinned } from '../network/fetch-pinned.ts';
import { readServerFile } from '../store/workspace/server-file.ts';

export interface WorkspaceServer {
  url: string;
  client: Client;
}

/** The server that runs on the workspace, with a client that has all permissions; null when none runs. */
export function workspaceServer({ workspace, project }: Config, actor: Actor): WorkspaceServer | null {
  const server = readServerFile(workspace);
  if (server === null) return null;
  const { url, token: key, certificate } = server;
  const pinned = certificate !== undefined && { fetch: fetchPinned(certificate) };
  return { url, client: createClient({ url, key, project, headers: { 'x-mitate-who': actor.id }, ...pinned }) };
}
