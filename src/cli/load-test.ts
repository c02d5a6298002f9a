import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPhoto } from '../actions/read-photo.ts';
import { ApiError, createClient } from '../client/index.ts';
import type { Config } from '../config/index.ts';
import type { NewProof } from '../contracts/release.ts';
import { MitateError } from '../errors/index.ts';
import { readServerFile } from '../store/workspace/server-file.ts';
import { encodeJpeg } from '../vision/encode.ts';
import { drawLeaf } from '../vision/sample/index.ts';
import { localWho } from './access.ts';
import { rethrowServerErrors } from './changes/server-error.ts';

export interface LoadTest {
  endpoint: string;
  seconds: number;
  /** Photos on their way at one time. */
  clients: number;
  /** Slowest that one answer in a hundred may be. */
  maxP99Ms: number;
  /** File; absent = a drawn leaf. */
  photo?: string | undefined;
  signal: AbortSignal;
}

/** A photo that is refused costs its client nothing: without a pause one that is down would be asked a thousand times a second. */
const afterRefusalMs = 50;

/**
 * Asks an endpoint of the server that has the workspace as fast as it answers. Its photos are logged as any are.
 * @throws SERVER_UNREACHABLE, and what the very first photo is refused with: that is no load
 */
export async function loadTest(config: Config, test: LoadTest): Promise<NewProof> {
  const server = readServerFile(config.workspace);
  if (server === null)
    throw new MitateError('SERVER_UNREACHABLE', { url: config.workspace, reason: 'no server has this workspace' });
  const { url, token: key } = server;
  const client = createClient({ url, key, project: config.project, headers: { 'x-mitate-who': userInfo().username } });
  const photo = new Blob([new Uint8Array(await photoOf(test))]);
  await rethrowServerErrors(server, async () => await client.predict(test.endpoint, photo, { signal: test.signal }));
  const [millis, refused]: [number[], Map<string, number>] = [[], new Map()];
  const began = performance.now();
  const until = began + test.seconds * 1_000;
  const ask = async () => {
    while (performance.now() < until && !test.signal.aborted) {
      const started = performance.now();
      try {
        await client.predict(test.endpoint, photo, { signal: test.signal });
        millis.push(performance.now() - started);
      } catch (error) {
        const why = error instanceof ApiError ? error.code : String(error);
        refused.set(why, (refused.get(why) ?? 0) + 1);
        await sleep(afterRefusalMs);
      }
    }
  };
  await Promise.all(Array.from({ length: test.clients }, ask));
  if (test.signal.aborted) throw new MitateError('CANCELLED', {});
  return proofOf({ ...test, seconds: (performance.now() - began) / 1_000 }, millis, refused);
}

async function photoOf({ photo }: LoadTest): Promise<Uint8Array> {
  if (photo !== undefined) return await readPhoto(photo);
  const size = 256;
  return await encodeJpeg(drawLeaf({ seed: 20, size }).pixels, size, size);
}

function proofOf(
  { endpoint, seconds, clients, maxP99Ms }: LoadTest,
  millis: number[],
  refused: Map<string, number>,
): NewProof {
  millis.sort((a, b) => a - b);
  const at = (share: number) =>
    millis[Math.min(millis.length - 1, Math.floor(share * millis.length))] ?? Number.POSITIVE_INFINITY;
  const lost = [...refused].map(([why, times]) => `${why} x ${times}`).join(', ');
  const checks = [
    {
      name: 'rate',
      passed: millis.length > 0,
      said: `${(millis.length / seconds).toFixed(0)} photos a second over ${seconds.toFixed(1)} s, ${clients} at a time`,
    },
    {
      name: 'latency',
      passed: at(0.99) <= maxP99Ms,
      said:
        millis.length === 0
          ? 'no photo was answered'
          : `median ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, at most ${maxP99Ms}`,
    },
    { name: 'answers', passed: refused.size === 0, said: lost || 'every photo was answered' },
  ];
  const passed = checks.every((check) => check.passed);
  return {
    kind: 'load-test',
    subject: endpoint,
    codeDigest: null,
    passed,
    checks,
    ci: null,
    gitCommit: null,
    who: localWho(),
  };
}
