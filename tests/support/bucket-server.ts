import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { authorizationOf, signatureOf } from './signature-v4.ts';

interface Stored {
  bytes: Buffer;
  etag: string;
  changedAt: Date;
}

/** S3-compatible storage of this machine, with one bucket; it answers nobody whose signature is not right. */
export class BucketServer implements AsyncDisposable {
  readonly bucket = 'leaves';
  readonly objects = new Map<string, Stored>();
  /** `GET /leaves/...`, `PUT ...` of every request that came, in order; listings without a continuation token are `LIST`. */
  readonly asked: string[] = [];
  /** Some storage knows no `If-None-Match`. */
  keepsConditions = true;
  /** Objects of a page. */
  pageSize = 1_000;
  /** Looks at each request first; true: it has answered. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  readonly #keys: { id: string; secret: string; token?: string };
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  private constructor(keys: { id: string; secret: string; token?: string }) {
    this.#keys = keys;
  }

  static async open(keys = { id: 'AKIDMITATE', secret: 'se/cr+et' } as { id: string; secret: string; token?: string }) {
    const server = new BucketServer(keys);
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', done));
    return server;
  }

  /** Variables that lead here. */
  get env(): Record<string, string> {
    const { id, secret, token } = this.#keys;
    const { port } = this.#server.address() as AddressInfo;
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-north-7',
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_SESSION_TOKEN: token ?? '',
    };
  }

  put(key: string, bytes: Uint8Array | string, changedAt = new Date()): void {
    const body = Buffer.from(bytes);
    this.objects.set(key, { bytes: body, etag: createHash('md5').update(body).digest('hex'), changedAt });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url!;
    const url = new URL(target, 'http://localhost');
    const isListing = url.searchParams.has('list-type');
    this.asked.push(isListing && !url.searchParams.has('continuation-token') ? 'LIST' : `${request.method} ${target}`);
    if (this.interfere(request, response)) return;
    const denied = this.#denial(request);
    const [bucket, ...path] = target.split('?')[0]!.slice(1).split('/').map(decodeURIComponent);
    if (denied !== null) refuse(response, 403, denied);
    else if (bucket !== this.bucket) refuse(response, 404, 'NoSuchBucket');
    else if (isListing) this.#list(url.searchParams, response);
    else if (request.method === 'PUT') await this.#take(path.join('/'), request, response);
    else if (request.method === 'DELETE') {
      this.objects.delete(path.join('/'));
      response.writeHead(204).end();
    } else this.#give(this.objects.get(path.join('/')), request.headers, response);
  }

  async #take(key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await buffer(request).catch(() => null);
    // the sender hung up
    if (bytes === null) return;
    const { 'x-amz-content-sha256': sha256, 'if-none-match': condition } = request.headers;
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) refuse(response, 400, 'XAmzContentSHA256Mismatch');
    else if (condition === '*' && this.keepsConditions && this.objects.has(key))
      refuse(response, 412, 'PreconditionFailed');
    else {
      this.put(key, bytes);
      response.writeHead(200, { etag: `"${this.objects.get(key)!.etag}"` }).end();
    }
  }

  #give(stored: Stored | undefined, headers: IncomingMessage['headers'], response: ServerResponse): void {
    const wanted = headers['if-match'];
    if (stored === undefined) refuse(response, 404, 'NoSuchKey');
    else if (wanted !== undefined && wanted !== `"${stored.etag}"`) refuse(response, 412, 'PreconditionFailed');
    else if (headers.range !== undefined) giveRange(stored.bytes, headers.range, response);
    else response.writeHead(200, { etag: `"${stored.etag}"`, 'content-length': stored.bytes.length }).end(stored.bytes);
  }

  #denial(request: IncomingMessage): string | null {
    const { headers, method, url } = request;
    if (headers.authorization === undefined) return 'AccessDenied';
    const { accessKeyId, signature, scope, signedHeaders } = authorizationOf(headers.authorization);
    const { id, secret, token } = this.#keys;
    if (Math.abs(realTime() - timeOf(String(headers['x-amz-date']))) > 15 * 60_000) return 'RequestTimeTooSkewed';
    if (accessKeyId !== id) return 'InvalidAccessKeyId';
    if (headers['x-amz-security-token'] !== token) return 'InvalidToken';
    const needed = [
      'host',
      'x-amz-content-sha256',
      'x-amz-date',
      ...(token === undefined ? [] : ['x-amz-security-token']),
    ];
    if (!needed.every((name) => signedHeaders.includes(name)) || scope[2] !== 's3') return 'SignatureDoesNotMatch';
    const isRight = signature === signatureOf({ method: method!, target: url!, headers }, secret);
    return isRight ? null : 'SignatureDoesNotMatch';
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const [prefix, token] = [query.get('prefix') ?? '', query.get('continuation-token') ?? ''];
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort(byBytes);
    const after = token === '' ? 0 : keys.findIndex((key) => byBytes(key, fromToken(token)) > 0);
    const page = after < 0 ? [] : keys.slice(after, after + this.pageSize);
    const goesOn = after >= 0 && after + this.pageSize < keys.length;
    const contents = page.map((key) => {
      const { bytes, etag, changedAt } = this.objects.get(key)!;
      const name = query.get('encoding-type') === 'url' ? encodeURIComponent(key).replaceAll('%20', '+') : key;
      return `<Contents><Key>${name}</Key><LastModified>${changedAt.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${bytes.length}</Size></Contents>`;
    });
    const next = goesOn ? `<NextContinuationToken>${toToken(page.at(-1)!)}</NextContinuationToken>` : '';
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType><IsTruncated>${goesOn}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

export function refuse(response: ServerResponse, status: number, code: string, more = ''): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>told by the test</Message>${more}</Error>`);
}

/** Milliseconds since 1970, whatever a test has set the clock to. */
export const realTime = () => performance.timeOrigin + performance.now();

/** `20130524T000000Z` */
const timeOf = (text: string) =>
  Date.parse(text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** `bytes=0-9` of what is stored. */
export function giveRange(bytes: Buffer, range: string, response: ServerResponse): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range)!.map(Number) as [number, number, number];
  const part = bytes.subarray(first, last + 1);
  if (part.length === 0) refuse(response, 416, 'InvalidRange');
  else response.writeHead(206, { 'content-length': part.length }).end(part);
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const toToken = (key: string) => Buffer.from(key).toString('base64');
const fromToken = (token: string) => Buffer.from(token, 'base64').toString();
