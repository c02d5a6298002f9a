import type { LookupFunction } from 'node:net';
import { pinned } from './pinned.ts';
import { NotPublic } from './public-address.ts';
import { type Reach, vettedAddresses } from './vetted-addresses.ts';
import { within } from './within.ts';

export interface PostAnswer {
  status: number;
  /** `Retry-After`, milliseconds; null without one. */
  retryAfterMs: number | null;
}

/** Bytes of a response body that are read and discarded. */
const maxAnswerBytes = 64 * 1024;

/**
 * Sends a body to a vetted address and returns the status alone, so that nothing of an internal server's response leaks. Redirects are not
 * followed. https, or http to hosts on the allow-list.
 * @throws NotPublic; Error with the cause when it is unreachable or takes longer than `timeoutMs`
 */
export async function post(
  url: URL,
  {
    headers,
    body,
    reach,
    timeoutMs,
  }: { headers: Record<string, string>; body: string; reach: Reach; timeoutMs: number },
): Promise<PostAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { addresses, isAllowed } = await within(signal, vettedAddresses(url.hostname, reach));
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isAllowed))
      throw new NotPublic(`${url.protocol}// is not https://`);
    return await send(url, { headers, body, signal, lookup: pinned(addresses) });
  } catch (error) {
    if (signal.aborted && !(error instanceof NotPublic))
      throw new Error(`no answer within ${timeoutMs / 1000} s`, { cause: error });
    throw error;
  }
}

/** undici is 110 modules: loaded on first use. */
async function send(
  url: URL,
  {
    lookup,
    signal,
    ...message
  }: { headers: Record<string, string>; body: string; signal: AbortSignal; lookup: LookupFunction },
): Promise<PostAnswer> {
  const { Agent, request } = await import('undici');
  const dispatcher = new Agent({ connect: { lookup }, pipelining: 0 });
  try {
    const { statusCode, headers, body } = await request(url, { ...message, method: 'POST', dispatcher, signal });
    await body.dump({ limit: maxAnswerBytes, signal }).catch(() => {});
    return { status: statusCode, retryAfterMs: waitOf(headers['retry-after']) };
  } finally {
    await dispatcher.destroy();
  }
}

/** Seconds; dates are ignored. */
function waitOf(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;
}
