import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { tester } from '../../../tests/support/tester.ts';
import { resolveConfig } from '../../config/config.ts';
import { writeServerFile } from '../../store/workspace/server-file.ts';
import { loadTest } from './load-test.ts';

/** Tests the load of a server that answers like this. */
async function load(answer: RequestListener, change: { seconds?: number; maxP99Ms?: number } = {}) {
  using folder = new ScratchFolder();
  const server = createServer((request, response) => {
    request.resume().once('end', () => answer(request, response));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  using _file = writeServerFile(folder.path, { url: `http://127.0.0.1:${port}`, token: 't' });
  const config = resolveConfig({ flags: { workspace: folder.path }, env: {}, cwd: '/', isTty: false });
  const usual = {
    endpoint: 'leaf',
    seconds: 0.4,
    clients: 2,
    maxP99Ms: 10_000,
    actor: tester,
    signal: new AbortController().signal,
  };
  try {
    const { passed, checks } = await loadTest(config, { ...usual, ...change });
    return { passed, held: Object.fromEntries(checks.map((each) => [each.name, each.passed])), checks };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const refusal = (code: string) => JSON.stringify({ error: { code, message: '', remedy: '', details: {} } });

it('counts answers over the time that they took', async () => {
  let asked = 0;
  const { passed, checks } = await load((_request, response) => {
    asked++;
    // the last ones are answered long after the time is over
    setTimeout(() => response.end('{"predictions":[]}'), 1_000);
  });
  expect([passed, asked]).toEqual([true, 3]);
  // two photos in a second, not in the 0.4 s that were asked for
  expect(checks[0]!.said).toMatch(/^[12] photos\/s over [1-9]\.\d s, 2 concurrent$/);
});

it('does not hold where photos were refused, and does not hammer a server that refuses', async () => {
  let asked = 0;
  const { passed, held, checks } = await load((_request, response) => {
    response.statusCode = asked++ < 2 ? 200 : 503;
    response.end(response.statusCode === 200 ? '{"predictions":[]}' : refusal('QUEUE_FULL'));
  });
  expect([passed, held.rate, held.answers]).toEqual([false, true, false]);
  expect(checks[2]!.said).toMatch(/^QUEUE_FULL x \d+$/);
  expect(asked).toBeLessThan(25);
});

it('does not hold where answers come too late', async () => {
  const { passed, held } = await load((_request, response) => setTimeout(() => response.end('{}'), 30), {
    maxP99Ms: 10,
  });
  expect([passed, held]).toEqual([false, { rate: true, latency: false, answers: true }]);
});

it('is none when the first photo is refused, or no server is there', async () => {
  const refused = load((_request, response) => {
    response.statusCode = 404;
    response.end(JSON.stringify({ error: { code: 'ENDPOINT_UNKNOWN', details: { endpoint: 'leaf' } } }));
  });
  await expect(refused).rejects.toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
  using folder = new ScratchFolder();
  const config = resolveConfig({ flags: { workspace: folder.path }, env: {}, cwd: '/', isTty: false });
  const test = {
    endpoint: 'leaf',
    seconds: 1,
    clients: 1,
    maxP99Ms: 1,
    actor: tester,
    signal: new AbortController().signal,
  };
  await expect(loadTest(config, test)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
});

it('counts for maturity only when it was long enough; a moment passes, and says little', async () => {
  const answer: RequestListener = (_request, response) => void response.end('{"predictions":[]}');
  const { passed, held } = await load(answer);
  expect([passed, held.load]).toEqual([true, undefined]);
  expect((await load(answer, { seconds: 5 })).held.load).toBe(true);
  expect((await load(answer, { seconds: 5, maxP99Ms: 3_600_000 })).held.load).toBeUndefined();
});
