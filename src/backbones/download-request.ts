import type { ReadableStream } from 'node:stream/web';
import { MitateError } from '../errors/index.ts';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export interface OpenDownload {
  /** Offset of the body in the file: as requested, or 0 if the server starts over. */
  start: number;
  /** Bytes of the whole file; 0 = unknown. */
  total: number;
  body: ReadableStream<Uint8Array>;
}

const redirects = 5;

/** Requests the file from an offset on. Each redirect must itself be an accepted URL. */
export async function openDownload(text: string, from: number, signal: AbortSignal): Promise<OpenDownload> {
  let url = checkedUrl(text);
  for (let hop = 0; hop <= redirects; hop++) {
    const response = await ask(url, from, signal);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || !location) return opened(text, from, response, signal);
    await response.body?.cancel();
    url = checkedUrl(location, url);
  }
  throw new MitateError('BACKBONE_URL_REFUSED', { url: text, reason: `it redirects more than ${redirects} times` });
}

function ask(url: URL, from: number, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) headers.range = `bytes=${from}-`;
  return fetch(url, { redirect: 'manual', headers, signal });
}

async function opened(url: string, from: number, response: Response, signal: AbortSignal): Promise<OpenDownload> {
  const { status, headers, body } = response;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (status === 206 && range && Number(range[1]) === from && body) {
    return { start: from, total: Number(range[2]) || 0, body: body as ReadableStream<Uint8Array> };
  }
  if (status === 200 && body) {
    return { start: 0, total: Number(headers.get('content-length')) || 0, body: body as ReadableStream<Uint8Array> };
  }
  await body?.cancel();
  // The part is as long as the file, or longer: start over.
  if (status === 416 && from > 0) return openDownload(url, 0, signal);
  const refused = `the server answered ${status}`;
  if (status >= 500 || status === 429) throw new Error(refused);
  throw new MitateError('BACKBONE_DOWNLOAD_FAILED', { url, received: from, reason: refused });
}

/**
 * https, or http to this machine. The sha256 protects the bytes, https the privacy of the request.
 * @throws BACKBONE_URL_REFUSED
 */
function checkedUrl(text: string, base?: URL): URL {
  const refuse = (reason: string): never => {
    throw new MitateError('BACKBONE_URL_REFUSED', { url: text, reason });
  };
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : refuse('it is not a URL');
  if (url.username || url.password) {
    throw new MitateError('BACKBONE_URL_REFUSED', {
      url: `${url.host}${url.pathname}`,
      reason: 'it contains credentials',
    });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))) return url;
  return refuse(`${url.protocol}// is not https://`);
}
