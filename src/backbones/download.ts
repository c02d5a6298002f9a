import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '../codecs/digest.ts';
import type { Progress } from '../contracts/component.ts';
import { isMitateError, MitateError } from '../errors/index.ts';
import { openDownload } from './download-request.ts';

export interface DownloadOptions {
  /** Folder of `<sha256>.onnx`, and `<sha256>.part` while unfinished. */
  folder: string;
  sha256: string;
  maxBytes: number;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

/** Connections in a row without a byte. */
const fruitlessTries = 3;
/** Ends a connection without data. */
const silenceMs = 30_000;

/**
 * The file's bytes: from the folder if they are there and correct, else from the URL, resuming an earlier attempt.
 * @throws BACKBONE_DIGEST_MISMATCH (the file is deleted), BACKBONE_TOO_LARGE, BACKBONE_URL_REFUSED, BACKBONE_DOWNLOAD_FAILED, CANCELLED
 */
export async function download(url: string, options: DownloadOptions): Promise<Uint8Array> {
  const path = join(options.folder, `${options.sha256}.onnx`);
  const part = join(options.folder, `${options.sha256}.part`);
  const kept = await readFile(path).catch(() => undefined);
  if (kept && sha256(kept) === options.sha256) return kept;
  await mkdir(options.folder, { recursive: true });
  const resumed = (await sizeOf(part)) > 0;
  let bytes = await fetchWhole(url, part, options);
  // The partial file may be of another version: start again from the first byte.
  if (resumed && sha256(bytes) !== options.sha256) {
    await rm(part, { force: true });
    bytes = await fetchWhole(url, part, options);
  }
  const actual = sha256(bytes);
  if (actual !== options.sha256) {
    await rm(part, { force: true });
    throw new MitateError('BACKBONE_DIGEST_MISMATCH', { source: url, expected: options.sha256, actual });
  }
  await rename(part, path);
  return bytes;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Reconnects, with a pause, as long as connections deliver bytes. */
async function fetchWhole(url: string, part: string, options: DownloadOptions): Promise<Uint8Array> {
  for (let fruitless = 0; ; ) {
    const before = await sizeOf(part);
    try {
      await fetchRest(url, part, before, options);
      return await readFile(part);
    } catch (error) {
      if (options.signal?.aborted) throw new MitateError('CANCELLED', {}, { cause: error });
      if (isMitateError(error)) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
        throw new MitateError('DISK_FULL', { path: part }, { cause: error });
      const received = await sizeOf(part);
      fruitless = received > before ? 1 : fruitless + 1;
      if (fruitless >= fruitlessTries) {
        throw new MitateError('BACKBONE_DOWNLOAD_FAILED', { url, received, reason: reasonOf(error) }, { cause: error });
      }
      await sleep(200 * 4 ** (fruitless - 1));
    }
  }
}

/** fetch's message is "fetch failed"; the reason is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

async function fetchRest(url: string, part: string, before: number, options: DownloadOptions): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`no data for ${silenceMs} ms`)), silenceMs);
  const signal = options.signal ? AbortSignal.any([options.signal, silence.signal]) : silence.signal;
  try {
    const { start, total, body } = await openDownload(url, before, signal);
    if (total > options.maxBytes) throw tooLarge(url, options);
    let received = start;
    const count = new Transform({
      transform(chunk: Uint8Array, _, done) {
        timer.refresh();
        received += chunk.length;
        options.progress?.(received, total, 'bytes');
        done(received > options.maxBytes ? tooLarge(url, options) : null, chunk);
      },
    });
    await pipeline(
      Readable.fromWeb(body),
      count,
      createWriteStream(part, { flags: start > 0 ? 'a' : 'w', flush: true }),
      { signal },
    );
    if (total > 0 && received !== total) throw new Error(`the connection ended after ${received} of ${total} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(url: string, { maxBytes }: DownloadOptions): MitateError {
  return new MitateError('BACKBONE_TOO_LARGE', { source: url, limitBytes: maxBytes });
}
