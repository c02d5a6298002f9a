import { createVerify, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { giveRange, realTime } from './bucket-server.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Cloud Storage of this machine, with one bucket, a token endpoint and a metadata server; it answers nobody without one of its tokens. */
export class GoogleServer implements AsyncDisposable {
  readonly bucket = 'leaves';
  readonly objects = new Map<string, Buffer>();
  /** `GET /storage/...` of every request that came, in order. */
  readonly asked: string[] = [];
  pageSize = 1_000;
  /** Tokens that are good; a test may clear them. */
  readonly tokens = new Set<string>();
  /** Looks at each request first; true: it has answered. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** Answers what is not storage; null = 404. */
  other: (request: IncomingMessage, body: string) => unknown = () => null;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async open(): Promise<GoogleServer> {
    const server = new GoogleServer();
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', done));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Variables of a machine on Google Cloud. */
  get env(): Record<string, string> {
    return { STORAGE_EMULATOR_HOST: this.origin, GCE_METADATA_HOST: this.origin, GOOGLE_APPLICATION_CREDENTIALS: '' };
  }

  /** Content of the key file of a service account. */
  get keyFile(): string {
    return JSON.stringify({
      ...{ type: 'service_account', client_email: 'mitate@example.iam.gserviceaccount.com', private_key_id: 'k1' },
      ...{ private_key: privateKey, token_uri: `${this.origin}/token` },
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: target = '' } = request;
    const url = new URL(target, 'http://localhost');
    this.asked.push(`${method} ${target}`);
    if (this.interfere(request, response)) return;
    if (url.pathname === '/token') return this.#giveToken(await text(request), response);
    if (url.pathname.endsWith('/service-accounts/default/token'))
      return request.headers['metadata-flavor'] === 'Google'
        ? this.#send(response, this.#newToken())
        : this.#refuse(response, 403, 'no flavour');
    if (!this.tokens.has(String(request.headers.authorization).replace(/^Bearer /, '')))
      return this.#refuse(response, 401, 'Invalid Credentials');
    const [, bucket, name] = /^(?:\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (bucket === undefined) {
      const answer = this.other(request, await text(request));
      return answer === null ? this.#refuse(response, 404, 'not found') : this.#send(response, answer);
    }
    if (bucket !== this.bucket) return this.#refuse(response, 404, 'The specified bucket does not exist.');
    await this.#object(request, url.searchParams, name && decodeURIComponent(name), response);
  }

  async #object(request: IncomingMessage, query: URLSearchParams, name: string | undefined, response: ServerResponse) {
    if (request.method === 'POST') {
      const bytes = await buffer(request).catch(() => null);
      // the sender hung up
      if (bytes === null) return;
      const key = query.get('name')!;
      if (query.get('ifGenerationMatch') === '0' && this.objects.has(key))
        return this.#refuse(response, 412, 'At least one of the pre-conditions you specified did not hold.');
      this.objects.set(key, bytes);
      return this.#send(response, { name: key, size: String(bytes.length) });
    }
    if (name === undefined) return this.#list(query, response);
    const stored = this.objects.get(name);
    if (stored === undefined) return this.#refuse(response, 404, `No such object: ${this.bucket}/${name}`);
    if (request.method === 'DELETE') {
      this.objects.delete(name);
      response.writeHead(204).end();
    } else if (request.headers.range) giveRange(stored, request.headers.range, response);
    else response.writeHead(200, { 'content-length': stored.length }).end(stored);
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const [prefix, token] = [query.get('prefix') ?? '', query.get('pageToken') ?? ''];
    const names = [...this.objects.keys()].filter((name) => name.startsWith(prefix) && name > token).sort();
    const page = names.slice(0, this.pageSize);
    const next = page.length < names.length ? { nextPageToken: page.at(-1) } : {};
    this.#send(response, { ...(page.length > 0 && { items: page.map((name) => ({ name })) }), ...next });
  }

  #giveToken(body: string, response: ServerResponse): void {
    const refusal = this.#refusalOf(new URLSearchParams(body));
    if (refusal === null) this.#send(response, this.#newToken());
    else this.#send(response, { error: 'invalid_grant', error_description: refusal }, 400);
  }

  /** Of the refresh token of a user, or of a claim of RFC 7523. */
  #refusalOf(form: URLSearchParams): string | null {
    if (form.get('grant_type') === 'refresh_token')
      return form.get('refresh_token') === 'refresh' ? null : 'Token has been expired or revoked.';
    const [head = '', claim = '', signature = ''] = form.get('assertion')!.split('.');
    if (!createVerify('RSA-SHA256').update(`${head}.${claim}`).verify(publicKey, signature, 'base64url'))
      return 'Invalid JWT Signature.';
    const { iss, aud, scope, iat, exp } = JSON.parse(Buffer.from(claim, 'base64url').toString());
    const isMine = iss === 'mitate@example.iam.gserviceaccount.com' && aud === `${this.origin}/token`;
    if (!isMine || !scope || exp - iat > 3600) return 'Invalid JWT';
    const isNow = Math.abs(realTime() / 1000 - iat) <= 600;
    return isNow ? null : 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
  }

  #newToken() {
    const token = `ya29.${this.tokens.size + this.asked.length}`;
    this.tokens.add(token);
    return { access_token: token, expires_in: 3599, token_type: 'Bearer' };
  }

  #send(response: ServerResponse, body: unknown, status = 200): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #refuse(response: ServerResponse, status: number, message: string): void {
    this.#send(response, { error: { code: status, message, errors: [{ reason: 'told by the test' }] } }, status);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
