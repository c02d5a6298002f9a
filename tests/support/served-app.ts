import type { FastifyInstance } from 'fastify';
import type { InjectOptions, Response } from 'light-my-request';
import { newKey } from '../../src/codecs/key-format.ts';
import { resolveConfig } from '../../src/config/config.ts';
import type { Scope } from '../../src/contracts/access.ts';
import { SignInLinks } from '../../src/http/access/sign-in-links.ts';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import { ServedWorkspace } from './served-workspace.ts';
import { unaudited } from './unaudited.ts';

export const localToken = 'token-of-the-workspace-for-tests';

/** A served workspace behind HTTP, put together as `mitate serve` does. */
export class ServedApp implements AsyncDisposable {
  served!: ServedWorkspace;
  app!: FastifyInstance;
  /** `http://127.0.0.1:port`. */
  url!: string;
  /** Of those that `mitate up` prints. */
  readonly signInLinks = new SignInLinks();
  /** Of scope `predict`. */
  key!: string;

  /** @param uris Model folders, deployed as versions of `leaf`; the first takes the traffic */
  static async open(
    uris: readonly string[],
    {
      access = 'keys',
      limits,
      env = {},
      staticFolder,
      logger,
      workspace: given,
      processes,
    }: Partial<Pick<AppOptions, 'access' | 'limits' | 'staticFolder' | 'logger'>> & {
      env?: NodeJS.ProcessEnv;
      /** Default: an empty one. */
      workspace?: string;
      /** Of inference. Default 1. */
      processes?: number;
    } = {},
  ): Promise<ServedApp> {
    const opened = new ServedApp();
    opened.served = await ServedWorkspace.open(uris, { workspace: given, processes });
    const { store, service, metrics } = opened.served;
    const workspace = store.workspace.dir;
    const config = resolveConfig({ flags: { workspace }, env, cwd: '/', isTty: false });
    const { signInLinks } = opened;
    opened.app = await createApp({
      signInLinks,
      config,
      store,
      service,
      metrics,
      access,
      localToken,
      limits,
      staticFolder,
      logger,
    });
    opened.url = await opened.app.listen({ host: '127.0.0.1', port: 0 });
    opened.key = await opened.makeKey('predict');
    return opened;
  }

  async makeKey(scope: Scope, expiresAt: Date | null = null, project = 'default'): Promise<string> {
    const { id, key, hash } = newKey();
    const named = { project, name: `test-${id}`, scope, expiresAt, createdBy: 'test' };
    await unaudited(this.served.store).access.createKey({ ...named, id, hash });
    return key;
  }

  /** Asks with a key that may predict, unless the headers bring another. */
  ask(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    options: Omit<InjectOptions, 'method' | 'url'> = {},
  ): Promise<Response> {
    const headers = { 'x-api-key': this.key, ...options.headers };
    return this.app.inject({ ...options, method, url, headers });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app?.close();
    await this.served?.[Symbol.asyncDispose]();
  }
}
