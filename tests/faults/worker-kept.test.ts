import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepWorker } from '../../src/cli/worker-child.ts';
import { resolveConfig } from '../../src/config/index.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { openStore } from '../../src/store/open-store.ts';
import { errorOf, program, Sandbox } from '../e2e/cli.ts';
import { childrenOf, commandOf } from './process-tree.ts';

const sandbox = new Sandbox();
const workspace = sandbox.at('.mitate');
const { argv } = process;
beforeAll(() => {
  process.argv = [argv[0]!, program];
});
afterAll(() => {
  process.argv = argv;
  sandbox[Symbol.dispose]();
});

const workers = () =>
  childrenOf(process.pid).filter((pid) => commandOf(pid).includes(` worker --workspace ${workspace}`));

it.skipIf(process.platform !== 'linux')(
  'a worker that hangs is replaced (nothing was done any more)',
  async () => {
    const config = resolveConfig({ flags: { workspace, processes: '1' }, env: {}, cwd: sandbox.path, isTty: false });
    await using _store = await openStore({ workspace, serves: true });
    const logged: unknown[] = [];
    const logger = { ...silentLogger, warn: (message: string, fields?: object) => void logged.push([message, fields]) };
    await using _kept = keepWorker(config, logger, 8_000);
    await expect.poll(workers, { timeout: 5_000 }).toHaveLength(1);
    const [pid] = workers();
    process.kill(pid!, 'SIGSTOP');
    await expect.poll(() => logged, { timeout: 15_000 }).toHaveLength(1);
    expect(logged).toEqual([
      ['worker ended; restarting it', { reason: 'no sign of life within 8000 ms', pauseMs: 250 }],
    ]);
    await expect.poll(workers, { timeout: 5_000 }).not.toEqual([pid]);
    await expect.poll(workers, { timeout: 5_000 }).toHaveLength(1);
  },
  60_000,
);

it('a worker beside a server that is killed ends, non-zero and with the reason (it failed for ever)', async () => {
  const server = sandbox.start(['serve', '--port', '0', '--json', '--no-auth']);
  await once(server.process.stdout!, 'data');
  const worker = sandbox.start(['worker', '--json']);
  await worker.stderrHas('worker ready');
  server.process.kill('SIGKILL');
  const ended = await worker.ended;
  expect(ended.code).toBe(1);
  expect(errorOf(ended)).toMatchObject({ code: 'DATABASE_STOPPED', message: expect.stringContaining('which ended') });
}, 60_000);

it('an idle mitate up stops within 3 s', async () => {
  const up = sandbox.start(['up', '--port', '0', '--json', '--no-auth']);
  await once(up.process.stdout!, 'data');
  await up.stderrHas('worker ready');
  const at = performance.now();
  up.process.kill('SIGTERM');
  expect((await up.ended).code).toBe(0);
  expect(performance.now() - at).toBeLessThan(3_000);
}, 60_000);
