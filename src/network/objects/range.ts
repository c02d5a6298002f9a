import { Retryable } from '../retried.ts';
import type { ByteRange } from './object-storage.ts';

export function rangeHeader(range: ByteRange | undefined): Record<string, string> {
  return range ? { range: `bytes=${range.start}-${range.start + range.length - 1}` } : {};
}

/** The bytes of the range, also of a response with the whole object. @throws Retryable when the body ends early */
export async function readRange(response: Response, range: ByteRange | undefined): Promise<Uint8Array> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const length = response.headers.get('content-length');
  if (length !== null && response.headers.get('content-encoding') === null && Number(length) !== bytes.length)
    throw new Retryable(`the body ended after ${bytes.length} of ${length} bytes`);
  if (range === undefined || response.status === 206) return bytes;
  return bytes.subarray(range.start, range.start + range.length);
}
