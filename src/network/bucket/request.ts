import { setTimeout as sleep } from 'node:timers/promises';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { type BucketGet, refusal } from './refusal.ts';

export interface Asked extends BucketGet {
  signal?: AbortSignal | undefined;
}

const tries = 5;
/** Before the second try; twice as long before each one after. Up to half of it is left to chance, so that many do not come at once. */
const firstPauseMs = 200;
/** One try, with its body: 64 MiB at 1 MiB/s. */
const timeoutMs = 60_000;

/** Thrown when asking again may help. */
class Passing extends Error {}

/**
 * A signed GET, and what is read of its answer; asked again when the storage is busy, the connection breaks or the body ends too soon.
 * @param read of a good answer
 * @throws BUCKET_*, SOURCE_CHANGED, CANCELLED
 */
export async function ask<T>(asked: Asked, read: (response: Response) => Promise<T>): Promise<T> {
  const { place, signal } = asked;
  for (let tried = 1; ; tried++) {
    try {
      return await once(asked, read);
    } catch (error) {
      if (signal?.aborted) throw new MitateError('CANCELLED', {});
      if (isMitateError(error)) throw error;
      if (tried === tries)
        throw new MitateError('BUCKET_UNREACHABLE', { place, reason: reasonOf(error), tries }, { cause: error });
    }
    const pauseMs = firstPauseMs * 2 ** (tried - 1) * (1 - Math.random() / 2);
    await sleep(pauseMs, undefined, { ...(signal && { signal }) }).catch(() => {
      throw new MitateError('CANCELLED', {});
    });
  }
}

async function once<T>(asked: Asked, read: (response: Response) => Promise<T>): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = asked.signal ? AbortSignal.any([timeout, asked.signal]) : timeout;
  const response = await fetch(asked.url, { headers: await signed(asked), redirect: 'manual', signal });
  if (response.status === 200) return await read(response);
  const text = await response.text();
  const { status } = response;
  if (status >= 500 || status === 429 || status === 408) throw new Passing(`the storage answered ${status}`);
  throw refusal(asked, response, text);
}

/** Signature version 4. @throws BUCKET_CREDENTIALS_MISSING */
async function signed({ url, place, etag, access: { credentials, region } }: Asked): Promise<Headers> {
  if (credentials === null) throw new MitateError('BUCKET_CREDENTIALS_MISSING', { place });
  const { AwsV4Signer } = await import('aws4fetch');
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new AwsV4Signer({
    url: url.href,
    // a stored photo is to come as it is
    headers: { 'accept-encoding': 'identity', 'user-agent': 'mitate', ...(etag && { 'if-match': `"${etag}"` }) },
    service: 's3',
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== null && { sessionToken }),
  });
  return (await signer.sign()).headers;
}

/** Of what `fetch` throws the cause says more. */
function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  return cause instanceof Error && cause.message ? cause.message : ((cause as { code?: string })?.code ?? message);
}
