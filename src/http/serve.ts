import { stat } from 'node:fs/promises';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import { MitateError } from '../errors/index.ts';
import { InferencePool, servingPool } from '../inference/inference-pool.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { ServeOptions } from './compose.ts';
import { isLoopback } from './plugins/this-machine-only.ts';
import { readKeyPair } from './tls/key-pair.ts';

export interface RunningServer {
  /** `http://host:port`, or `https://...`. */
  readonly url: string;
  /** Of the TLS certificate, SHA-256; null = plain HTTP. */
  readonly fingerprint: string | null;
  /** Created if the workspace had no keys: shown once, stored nowhere. */
  readonly firstKey: string | null;
  /** Address that signs a browser on this machine in, once, within 15 minutes; null when others may reach the server, or nobody signs in. */
  readonly signInLink: string | null;
  /** Resolves when the database has ended for good. */
  readonly lost: Promise<MitateError>;
  /** Refuses new requests, completes in-flight ones, closes everything. */
  close(): Promise<void>;
}

/**
 * Serves a workspace: database, model processes, journal and HTTP. Resolves when every deployed version is warm or refused.
 * @throws TLS_*, STATIC_FOLDER_MISSING, SERVER_OPEN_TO_ALL, SERVER_ADDRESS_TAKEN, WORKSPACE_*, DATABASE_*
 */
export async function startServer(config: Config, options: ServeOptions): Promise<RunningServer> {
  const { host, access, logger, staticFolder, tls } = options;
  if (staticFolder !== undefined) await requireFolder(staticFolder);
  if (access === 'open' && !isLoopback(host)) throw new MitateError('SERVER_OPEN_TO_ALL', { host });
  if (tls !== undefined && tls !== 'self-signed') await readKeyPair(tls, new Date());
  await using opened = new AsyncDisposableStack();
  const both = openBoth(config, opened, logger);
  // loads half of all code while the other processes start
  const compose = import('./compose.ts');
  const [store, pool] = await both;
  const composed = await (await compose).composeServer({ config, options, store, pool, opened });
  const rest = opened.move();
  const drain = () => {
    store.leave();
    return composed.drain();
  };
  const { url, firstKey, signInLink, fingerprint } = composed;
  return { url, firstKey, signInLink, fingerprint, lost: store.lost, close: closeOnce(drain, rest) };
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw new MitateError('STATIC_FOLDER_MISSING', { folder });
}

/** Database and model processes start in parallel. */
async function openBoth(
  config: Config,
  opened: AsyncDisposableStack,
  logger: Logger,
): Promise<[OpenStore, InferencePool]> {
  const { workspace, databaseUrl, processes, secretKeys } = config;
  const pooling = InferencePool.open({ processes, logger, ...servingPool });
  // loading the database driver takes longer (0.4 s) than starting a model process
  const storing = import('../store/open-store.ts').then(({ openStore }) =>
    openStore({
      workspace,
      secretKeys,
      ...(databaseUrl !== null && { databaseUrl }),
      command: 'mitate serve',
      serves: true,
      logger,
    }),
  );
  const [store, pool] = await Promise.allSettled([storing, pooling]);
  for (const each of [store, pool]) if (each.status === 'fulfilled') opened.use(each.value);
  if (store.status === 'rejected') throw store.reason;
  if (pool.status === 'rejected') throw pool.reason;
  return [store.value, pool.value];
}

/** Completes and logs in-flight predictions, then closes everything in reverse order of opening. */
function closeOnce(drain: () => Promise<void>, opened: AsyncDisposableStack): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= drain().then(() => opened.disposeAsync());
    return closing;
  };
}
