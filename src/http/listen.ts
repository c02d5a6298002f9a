import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { MitateError } from '../errors/index.ts';

/** Time for in-flight requests at shutdown. */
const drainMs = 30_000;

/** @returns `http://host:port`, or `https://...` @throws SERVER_ADDRESS_TAKEN */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new MitateError('SERVER_ADDRESS_TAKEN', { host, port, reason: (error as Error).message }, { cause: error });
  }
  const address = app.server.address();
  const bound = address !== null && typeof address === 'object' ? address.port : port;
  const scheme = app.server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

/** Disconnects whatever outlasts the drain. */
export async function closeApp(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), drainMs);
  await app.close();
  clearTimeout(cut);
}
