import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/component.ts';
import { MitateError } from '../errors/index.ts';
import { InferencePool } from '../inference/inference-pool.ts';
import { openJournal } from '../serving/journal/journal.ts';
import { createMetrics } from '../serving/metrics.ts';
import { openService } from '../serving/open-service.ts';
import { localImages } from '../store/images/image-store.ts';
import { type OpenStore, openStore } from '../store/open-store.ts';
import { writeServerFile } from '../store/server-file.ts';
import { firstKey } from './access/first-key.ts';
import { type AccessMode, type AppLimits, createApp } from './app.ts';
import { closeApp, listen } from './listen.ts';
import { isLoopback } from './plugins/this-machine-only.ts';

export interface ServeOptions {
  host: string;
  /** 0 = any free one. */
  port: number;
  access: AccessMode;
  /** Of the routes that name no endpoint. Default: the only one. */
  defaultEndpoint?: string | undefined;
  logger: Logger;
  /** Of requests. Default: none. */
  requestLogger?: FastifyBaseLogger | undefined;
  limits?: Partial<AppLimits> | undefined;
}

export interface RunningServer {
  /** `http://host:port`. */
  readonly url: string;
  /** Of the first start in a workspace without keys: said once, kept nowhere. */
  readonly firstKey: string | null;
  /** Refuses new requests, answers those under way, closes everything. */
  close(): Promise<void>;
}

/**
 * Serves a workspace: database, model processes, journal and HTTP. Resolves once every deployed version is warm or refused.
 * @throws SERVER_OPEN_TO_ALL, SERVER_ADDRESS_TAKEN, WORKSPACE_*, DATABASE_*
 */
export async function startServer(config: Config, options: ServeOptions): Promise<RunningServer> {
  const { host, access, logger } = options;
  if (access === 'open' && !isLoopback(host)) throw new MitateError('SERVER_OPEN_TO_ALL', { host });
  await using opened = new AsyncDisposableStack();
  const [store, pool] = await openBoth(config, opened, logger);
  const journal = await openJournal({
    dir: join(store.workspace.dir, 'journal'),
    requests: store.requests,
    images: localImages(join(store.workspace.dir, 'images')),
    source: hostname(),
    logger,
  });
  opened.defer(() => journal.close());
  const metrics = createMetrics();
  metrics.watch({ journalBacklog: () => journal.backlog });
  const { defaultEndpoint } = options;
  const replayed = journal.drained();
  const service = await openService({ store, pool, sink: journal, replayed, metrics, logger, defaultEndpoint });
  opened.defer(() => service.close());
  const localToken = randomBytes(32).toString('base64url');
  const { requestLogger, limits } = options;
  const app = await createApp({ config, store, service, metrics, access, localToken, logger: requestLogger, limits });
  opened.defer(() => closeApp(app));
  const url = await listen(app, options);
  opened.use(writeServerFile(store.workspace.dir, { url: reachable(url), token: localToken }));
  const key = access === 'keys' ? await firstKey(store.access) : null;
  const rest = opened.move();
  return { url, firstKey: key, close: closeOnce(service.drain, rest) };
}

/** The database and the model processes start side by side. */
async function openBoth(
  config: Config,
  opened: AsyncDisposableStack,
  logger: Logger,
): Promise<[OpenStore, InferencePool]> {
  const { workspace, databaseUrl, processes } = config;
  const [store, pool] = await Promise.allSettled([
    openStore({ workspace, ...(databaseUrl !== null && { databaseUrl }), command: 'mitate serve', serves: true }),
    InferencePool.open({ processes, logger }),
  ]);
  for (const each of [store, pool]) if (each.status === 'fulfilled') opened.use(each.value);
  if (store.status === 'rejected') throw store.reason;
  if (pool.status === 'rejected') throw pool.reason;
  return [store.value, pool.value];
}

/** An address to listen on that means all of them is asked as this machine. */
const reachable = (url: string) => url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

/** Photos that came in are answered and logged before their connections close; then everything in the reverse order of its opening. */
function closeOnce(drain: () => Promise<void>, opened: AsyncDisposableStack): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= drain().then(() => opened.disposeAsync());
    return closing;
  };
}
