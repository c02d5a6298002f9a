import type { FastifyInstance } from 'fastify';
import { MitateError } from '../errors/index.ts';

/** Answers that are under way at the end get so long. */
const drainMs = 30_000;

/** @returns `http://host:port` @throws SERVER_ADDRESS_TAKEN */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new MitateError('SERVER_ADDRESS_TAKEN', { host, port, reason: (error as Error).message }, { cause: error });
  }
  const address = app.server.address();
  const bound = address !== null && typeof address === 'object' ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

/** Connections that outlast the drain are cut. */
export async function closeApp(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), drainMs);
  await app.close();
  clearTimeout(cut);
}
