import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface Account {
  sub: string;
  name: string;
  groups: string[];
}

export const clients = {
  confidential: { id: 'mitate', secret: 'secret-of-the-client' },
  public: { id: 'mitate-public' },
};

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** `oidc-provider` on this machine; whoever comes is signed in as `account`, or refused without one. */
export class IdentityProvider implements AsyncDisposable {
  account: Account | null = null;
  /** Claims in the ID token itself; else only at the userinfo endpoint. */
  claimsInToken = false;
  /** Changes the claims of ID tokens, which are signed again with the provider's key, or another. */
  tamper: { claims?: (claims: Record<string, unknown>) => object; key?: 'another' } | null = null;
  issuer!: string;
  readonly #key = rsa();
  #server!: Server;

  static async open(redirectUri: () => string): Promise<IdentityProvider> {
    const opened = new IdentityProvider();
    let handle: ReturnType<Provider['callback']> = () => {};
    let provider: Provider;
    opened.#server = createServer((request, response) => {
      if (!request.url!.startsWith('/interaction/')) return handle(request, response);
      opened.#interact(provider, request, response).catch((error) => response.writeHead(500).end(String(error)));
    });
    await new Promise<void>((done) => opened.#server.listen(0, '127.0.0.1', done));
    opened.issuer = `http://127.0.0.1:${(opened.#server.address() as AddressInfo).port}`;
    provider = opened.#provider(redirectUri());
    handle = provider.callback();
    return opened;
  }

  #provider(redirectUri: string): Provider {
    const common = { redirect_uris: [redirectUri], response_types: ['code'], grant_types: ['authorization_code'] };
    const { confidential, public: open } = clients;
    const provider = new Provider(this.issuer, {
      clients: [
        { ...common, client_id: confidential.id, client_secret: confidential.secret },
        { ...common, client_id: open.id, token_endpoint_auth_method: 'none' },
      ],
      jwks: { keys: [{ ...this.#key.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] },
      cookies: { keys: ['for-tests'] },
      scopes: ['openid', 'profile', 'groups'],
      claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_context: unknown, sub: string) => {
        const { name, groups } = this.account!;
        return { accountId: sub, claims: () => ({ sub, preferred_username: name, groups }) };
      },
    });
    provider.use(async (context, next) => {
      await next();
      const token = context.oidc?.route === 'token' ? context.body?.id_token : undefined;
      if (token) context.body!.id_token = this.#again(token);
    });
    return provider;
  }

  async #interact(provider: Provider, ...of: Parameters<Provider['interactionDetails']>): Promise<void> {
    const { params } = await provider.interactionDetails(...of);
    if (this.account === null) return await provider.interactionFinished(...of, { error: 'access_denied' });
    const accountId = this.account.sub;
    const grant = new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    await provider.interactionFinished(...of, { login: { accountId }, consent: { grantId: await grant.save() } });
  }

  #again(token: string): string {
    const [head = '', body = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const { name: preferred_username, groups } = this.account!;
    const whole = this.claimsInToken ? { ...claims, preferred_username, groups } : claims;
    const changed = this.tamper?.claims?.(whole) ?? whole;
    const signed = `${head}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}`;
    const key =
      this.tamper?.key === 'another' ? rsa() : createPrivateKey(this.#key.export({ format: 'pem', type: 'pkcs8' }));
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

/** A browser that keeps cookies by origin and path, and follows redirects one by one. */
export class Browser {
  static #made = 0;
  /** Of its own, behind a proxy: limits are per address. */
  readonly address = `10.1.0.${++Browser.#made}`;
  readonly #cookies = new Map<string, { origin: string; path: string; text: string }>();

  async get(url: string): Promise<{ status: number; location: string | null; body: string; setCookie: string[] }> {
    const { origin, pathname } = new URL(url);
    const sent = [...this.#cookies.values()].filter((each) => each.origin === origin && pathname.startsWith(each.path));
    const headers = {
      cookie: sent.map(({ text }) => text).join('; '),
      'user-agent': 'test-browser/1.0',
      'x-forwarded-for': this.address,
    };
    const answer = await fetch(url, { redirect: 'manual', headers });
    const setCookie = answer.headers.getSetCookie();
    for (const each of setCookie) this.#keep(each, origin);
    const location = answer.headers.get('location');
    return {
      status: answer.status,
      location: location && new URL(location, url).href,
      body: await answer.text(),
      setCookie,
    };
  }

  #keep(cookie: string, origin: string): void {
    const [text = ''] = cookie.split(';');
    const path = /; ?path=([^;]+)/i.exec(cookie)?.[1] ?? '/';
    const key = `${origin}${path}${text.split('=')[0]}`;
    const hasEnded = /max-age=0(;|$)/i.test(cookie) || /expires=Thu, 01 Jan 1970/i.test(cookie);
    if (hasEnded) this.#cookies.delete(key);
    else this.#cookies.set(key, { origin, path, text });
  }

  /** Follows redirects until one leads to a URL that begins with the prefix. */
  async until(url: string, prefix: string): Promise<string> {
    for (let at = url, i = 0; i < 12; i++) {
      if (at.startsWith(prefix)) return at;
      const { location, status, body } = await this.get(at);
      if (location === null) throw new Error(`${at} answered ${status}: ${body.slice(0, 300)}`);
      at = location;
    }
    throw new Error(`no redirect to ${prefix}`);
  }

  cookie(name: string): string | undefined {
    return [...this.#cookies.values()].find(({ text }) => text.startsWith(`${name}=`))?.text;
  }
}
