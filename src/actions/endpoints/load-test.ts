import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../../client/api-error.ts';
import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { NewProof } from '../../contracts/release.ts';
import { MitateError } from '../../errors/index.ts';
import { encodeJpeg } from '../../vision/encode.ts';
import { drawLeaf } from '../../vision/sample/index.ts';
import { readPhoto } from '../read-photo.ts';
import { rethrowServerErrors } from '../server-errors.ts';
import { workspaceServer } from '../workspace-server.ts';

export interface LoadTest {
  endpoint: string;
  seconds: number;
  /** Concurrent requests, from 1. */
  clients: number;
  maxP99Ms: number;
  /** File; absent = a drawn leaf. */
  photo?: string | undefined;
  actor: Actor;
  signal: AbortSignal;
}

/** Refusals return at once: without a pause a server that is down would get a thousand requests per second. */
const pauseAfterRefusalMs = 50;

/**
 * Sends photos to an endpoint of the server that runs on the workspace, each client as fast as it gets responses. The requests are logged.
 * @throws SERVER_UNREACHABLE, CANCELLED, and the error of the first photo if it is refused
 */
export async function loadTest(config: Config, test: LoadTest): Promise<NewProof> {
  const { endpoint, actor, signal } = test;
  const server = workspaceServer(config, actor);
  if (server === null)
    throw new MitateError('SERVER_UNREACHABLE', { url: config.workspace, reason: 'no server runs on this workspace' });
  const { url, client } = server;
  const photo = new Blob([new Uint8Array(await photoOf(test))]);
  await rethrowServerErrors(url, () => client.predict(endpoint, photo, { signal }));
  const latenciesMs: number[] = [];
  const refused = new Map<string, number>();
  const startedAt = performance.now();
  const until = startedAt + test.seconds * 1_000;
  const send = async () => {
    while (performance.now() < until && !signal.aborted) {
      const sentAt = performance.now();
      try {
        await client.predict(endpoint, photo, { signal });
        latenciesMs.push(performance.now() - sentAt);
      } catch (error) {
        const reason = error instanceof ApiError ? error.code : String(error);
        refused.set(reason, (refused.get(reason) ?? 0) + 1);
        await sleep(pauseAfterRefusalMs);
      }
    }
  };
  await Promise.all(Array.from({ length: test.clients }, send));
  if (signal.aborted) throw new MitateError('CANCELLED', {});
  return proofOf({ ...test, seconds: (performance.now() - startedAt) / 1_000 }, latenciesMs, refused);
}

async function photoOf({ photo }: LoadTest): Promise<Uint8Array> {
  if (photo !== undefined) return await readPhoto(photo);
  const size = 256;
  return await encodeJpeg(drawLeaf({ seed: 20, size }).pixels, size, size);
}

function proofOf(
  { endpoint, seconds, clients, maxP99Ms, actor }: LoadTest,
  latenciesMs: number[],
  refused: ReadonlyMap<string, number>,
): NewProof {
  latenciesMs.sort((a, b) => a - b);
  const count = latenciesMs.length;
  const quantile = (share: number) =>
    latenciesMs[Math.min(count - 1, Math.floor(share * count))] ?? Number.POSITIVE_INFINITY;
  const refusals = [...refused].map(([reason, times]) => `${reason} x ${times}`).join(', ');
  const checks = [
    {
      name: 'rate',
      passed: count > 0,
      said: `${(count / seconds).toFixed(0)} photos/s over ${seconds.toFixed(1)} s, ${clients} concurrent`,
    },
    {
      name: 'latency',
      passed: quantile(0.99) <= maxP99Ms,
      said:
        count === 0
          ? 'no responses'
          : `median ${quantile(0.5).toFixed(1)} ms, p99 ${quantile(0.99).toFixed(1)} ms, limit ${maxP99Ms} ms`,
    },
    { name: 'answers', passed: refused.size === 0, said: refusals || 'no photo was refused' },
  ];
  const passed = checks.every((check) => check.passed);
  const load = enoughLoad({ seconds, clients, maxP99Ms, count });
  if (load !== null) checks.push(load);
  const unversioned = { codeDigest: null, ci: null, gitCommit: null };
  return { kind: 'load-test', subject: endpoint, passed, checks, ...unversioned, who: actor.name };
}

const enough = { seconds: 5, clients: 2, photos: 100, maxP99Ms: 10_000 };

/** Null: the test says little of the load that the endpoint bears. */
function enoughLoad(load: { seconds: number; clients: number; maxP99Ms: number; count: number }) {
  const { seconds, clients, maxP99Ms, count } = load;
  const isEnough =
    seconds >= enough.seconds && clients >= enough.clients && count >= enough.photos && maxP99Ms <= enough.maxP99Ms;
  return isEnough ? { name: 'load', passed: true, said: `${count} photos: enough to count` } : null;
}
