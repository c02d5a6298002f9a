import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { sha256 } from '../codecs/digest.ts';
import { isMitateError, MitateError } from '../errors/index.ts';
import { writeWhole } from '../files/write-whole.ts';
import { NotPublic, publicLookup, refusalOf } from '../network/public-address.ts';
import { byteBudget } from './limits.ts';
import { maxFileBytes, type OpenOptions } from './source-item.ts';

const maxRedirects = 5;
const connectTimeoutMs = 10_000;
/** One photo, including redirects. */
const totalTimeoutMs = 60_000;

/** undici is 110 modules, loaded only to fetch a URL. */
let opened: ReturnType<typeof openClient> | undefined;
const client = () => {
  opened ??= openClient();
  return opened;
};

async function openClient() {
  const { Agent, request } = await import('undici');
  return {
    request,
    /** Each name is resolved once per connection, which then goes to the address that was checked. */
    vetted: new Agent({ connect: { lookup: publicLookup, timeout: connectTimeoutMs }, pipelining: 1 }),
    plain: new Agent({ connect: { timeout: connectTimeoutMs } }),
  };
}

/** The URL without its query, which may contain a signature, and without a password. */
export function shownUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//');
}

/** Downloads photos from public hosts, each URL once, and keeps them below `cacheDir`. */
export class Downloads {
  readonly #source: string;
  readonly #options: OpenOptions;
  readonly #budget: (bytes: number) => void;
  #count = 0;

  constructor(source: string, options: OpenOptions) {
    this.#source = source;
    this.#options = options;
    this.#budget = byteBudget(source, options.limits.maxBytes);
  }

  /** Counts one URL. @throws SOURCE_TOO_MANY_ENTRIES */
  add(): void {
    const limit = this.#options.limits.maxEntries;
    if (++this.#count > limit) throw new MitateError('SOURCE_TOO_MANY_ENTRIES', { source: this.#source, limit });
  }

  /** @throws URL_NOT_PUBLIC, URL_FAILED, SOURCE_FILE_TOO_LARGE, SOURCE_TOO_LARGE */
  async read(url: string): Promise<Uint8Array> {
    const kept = this.#keptAt(url);
    const before = kept && (await readFile(kept).catch(() => null));
    if (before) return before;
    const bytes = await this.#download(url);
    if (kept) await writeWhole(kept, bytes);
    return bytes;
  }

  #keptAt(url: string): string | null {
    const { cacheDir } = this.#options;
    return cacheDir === undefined ? null : join(cacheDir, 'downloads', sha256(url));
  }

  async #download(url: string): Promise<Uint8Array> {
    const timeout = AbortSignal.timeout(totalTimeoutMs);
    const { signal } = this.#options;
    try {
      return await this.#follow(url, signal ? AbortSignal.any([timeout, signal]) : timeout);
    } catch (error) {
      if (signal?.aborted) throw new MitateError('CANCELLED', {});
      throw asCatalogueError(url, timeout.aborted ? new Error(`no answer within ${totalTimeoutMs / 1000} s`) : error);
    }
  }

  async #follow(url: string, signal: AbortSignal): Promise<Uint8Array> {
    let at = url;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const { request, ...agents } = await client();
      const dispatcher = agents[this.#vet(at)];
      const { statusCode, headers, body } = await request(at, {
        dispatcher,
        signal,
        headers: { 'user-agent': 'mitate', accept: 'image/*' },
      });
      const location = headers.location;
      if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
        await body.dump();
        at = new URL(location, at).href;
      } else if (statusCode === 200) return await this.#collect(url, body);
      else {
        await body.dump();
        throw new Error(`the server answered ${statusCode}`);
      }
    }
    throw new Error(`more than ${maxRedirects} redirects`);
  }

  /** Which agent may fetch the URL. A literal address is checked here, since it needs no DNS lookup. */
  #vet(text: string): 'vetted' | 'plain' {
    const url = URL.parse(text);
    if (!url || !/^https?:$/.test(url.protocol)) throw new NotPublic('only http and https URLs are fetched');
    if (this.#options.permittedHosts?.has(url.host)) return 'plain';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const refusal = isIP(host) ? refusalOf(host) : null;
    if (refusal) throw new NotPublic(refusal);
    return 'vetted';
  }

  async #collect(url: string, body: AsyncIterable<Buffer>): Promise<Uint8Array> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      this.#budget(chunk.length);
      size += chunk.length;
      if (size > maxFileBytes)
        throw new MitateError('SOURCE_FILE_TOO_LARGE', { filename: shownUrl(url), limitBytes: maxFileBytes });
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

function asCatalogueError(url: string, error: unknown): MitateError {
  if (isMitateError(error)) return error;
  const notPublic = [error, (error as Error).cause].find((one) => one instanceof NotPublic);
  if (notPublic)
    return new MitateError('URL_NOT_PUBLIC', { url: shownUrl(url), reason: notPublic.message }, { cause: error });
  return new MitateError('URL_FAILED', { url: shownUrl(url), reason: (error as Error).message }, { cause: error });
}
