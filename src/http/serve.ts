import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import { MitateError } from '../errors/index.ts';
import { InferencePool, servingPool } from '../inference/inference-pool.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { ServeOptions } from './compose.ts';
import { isLoopback } from './plugins/this-machine-only.ts';

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
  const both = openBoth(config, opened, logger);
  // read while the other processes start: the HTTP side is half of all code
  const compose = import('./compose.ts');
  const [store, pool] = await both;
  const composed = await (await compose).composeServer({ config, options, store, pool, opened });
  const rest = opened.move();
  return { url: composed.url, firstKey: composed.firstKey, close: closeOnce(composed.drain, rest) };
}

/** The database and the model processes start side by side. */
async function openBoth(
  config: Config,
  opened: AsyncDisposableStack,
  logger: Logger,
): Promise<[OpenStore, InferencePool]> {
  const { workspace, databaseUrl, processes } = config;
  const pooling = InferencePool.open({ processes, logger, ...servingPool });
  // reading the database driver takes longer (0.4 s) than a model process to start
  const storing = import('../store/open-store.ts').then(({ openStore }) =>
    openStore({ workspace, ...(databaseUrl !== null && { databaseUrl }), command: 'mitate serve', serves: true }),
  );
  const [store, pool] = await Promise.allSettled([storing, pooling]);
  for (const each of [store, pool]) if (each.status === 'fulfilled') opened.use(each.value);
  if (store.status === 'rejected') throw store.reason;
  if (pool.status === 'rejected') throw pool.reason;
  return [store.value, pool.value];
}

/** Photos that came in are answered and logged before their connections close; then everything in the reverse order of its opening. */
function closeOnce(drain: () => Promise<void>, opened: AsyncDisposableStack): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= drain().then(() => opened.disposeAsync());
    return closing;
  };
}
