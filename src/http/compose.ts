import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Server as TlsServer } from 'node:tls';
import type { FastifyBaseLogger } from 'fastify';
import { driftScores } from '../actions/monitors/drift-scores.ts';
import { diskSpace, operations } from '../actions/workspace/operations.ts';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import type { InferencePool } from '../inference/inference-pool.ts';
import { type Journal, openJournal } from '../serving/journal/journal.ts';
import { createMetrics } from '../serving/metrics.ts';
import { startService } from '../serving/open-service.ts';
import { localImages } from '../store/images/image-store.ts';
import type { OpenStore } from '../store/open-store.ts';
import { writeServerFile } from '../store/workspace/server-file.ts';
import { firstKey } from './access/first-key.ts';
import { SignInLinks } from './access/sign-in-links.ts';
import { type AppLimits, createApp } from './app.ts';
import { closeApp, listen } from './listen.ts';
import type { AccessMode } from './plugins/authenticate.ts';
import { isLoopback } from './plugins/this-machine-only.ts';
import type { KeyPair } from './tls/key-pair.ts';
import { fingerprintOf, keepKeyPair, keyPairOf, type TlsOptions } from './tls/served-key-pair.ts';

export interface ServeOptions {
  host: string;
  /** 0 = any free one. */
  port: number;
  access: AccessMode;
  /** For routes that name no endpoint. Default: the only one. */
  defaultEndpoint?: string | undefined;
  logger: Logger;
  /** For requests. Default: none. */
  requestLogger?: FastifyBaseLogger | undefined;
  limits?: Partial<AppLimits> | undefined;
  /** Absolute path of a page's folder, served at `/`. */
  staticFolder?: string | undefined;
  /** Absent = plain HTTP. */
  tls?: TlsOptions | undefined;
}

export interface Composing {
  config: Config;
  options: ServeOptions;
  store: OpenStore;
  pool: InferencePool;
  /** Collects what is opened here; closed in reverse order. */
  opened: AsyncDisposableStack;
}

export interface Composed {
  url: string;
  firstKey: string | null;
  fingerprint: string | null;
  signInLink: string | null;
  drain(): Promise<void>;
}

/** Journal, service and HTTP over an open store and pool; resolves when every deployed version is warm or refused. */
export async function composeServer({ config, options, store, pool, opened }: Composing): Promise<Composed> {
  const { access, logger, defaultEndpoint, requestLogger, limits, staticFolder } = options;
  const read = () => keyPairOf(options.tls!, store.workspace.dir);
  const tls = options.tls === undefined ? null : await read();
  const journal = await journalOf(store, options);
  opened.defer(() => journal.close());
  const metrics = createMetrics();
  const backlog = () => journal.backlog;
  metrics.watch({
    journalBacklog: backlog,
    driftScores: () => driftScores(store),
    operations: () => operations(store),
    disk: () => diskSpace(store.workspace.dir),
  });
  const replayed = journal.drained();
  const { service, warm } = startService({ store, pool, sink: journal, replayed, metrics, logger, defaultEndpoint });
  warm.catch(() => {});
  opened.defer(() => service.close());
  const localToken = randomBytes(32).toString('base64url');
  const signInLinks = new SignInLinks();
  const serving = { signInLinks, config, store, service, metrics, access, localToken, staticFolder, backlog, tls };
  const app = await createApp({ ...serving, logger: requestLogger, limits });
  opened.defer(() => closeApp(app));
  const url = await listen(app, options);
  const announced = { url: reachable(url), token: localToken, certificate: tls?.cert };
  opened.use(writeServerFile(store.workspace.dir, announced));
  if (tls !== null) {
    const onReplaced = ({ cert }: KeyPair) =>
      void writeServerFile(store.workspace.dir, { ...announced, certificate: cert });
    opened.use(keepKeyPair(app.server as unknown as TlsServer, { read, served: tls, onReplaced, logger }));
  }
  // already listening: probes get a response, and a taken port is reported at once
  await warm;
  const fingerprint = tls && fingerprintOf(tls);
  // from this machine only: another cannot use it, and one that others reach is not the place to print it
  const hasLink = access === 'keys' && isLoopback(options.host);
  const signInLink = hasLink
    ? `${url}${staticFolder === undefined ? '' : '/console'}/sign-in#${signInLinks.make()}`
    : null;
  const key = access === 'keys' ? await firstKey(store) : null;
  return { url, fingerprint, signInLink, firstKey: key, drain: service.drain };
}

async function journalOf({ workspace, requests }: OpenStore, { logger }: ServeOptions): Promise<Journal> {
  const [dir, images] = [join(workspace.dir, 'journal'), localImages(join(workspace.dir, 'images'))];
  return await openJournal({ dir, requests, images, source: hostname(), logger });
}

/** URL for this machine of an address that means every interface. */
const reachable = (url: string) => url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
