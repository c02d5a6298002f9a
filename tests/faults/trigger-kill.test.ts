import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createTrigger } from '../../src/actions/triggers/trigger.ts';
import { resolveConfig } from '../../src/config/config.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { openRunQueue } from '../../src/orchestrator/queue/run-queue.ts';
import { openStore } from '../../src/store/open-store.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { tester } from '../support/tester.ts';

const walker = fileURLToPath(new URL('./trigger-walker.ts', import.meta.url));
const hours = 60;

it('an hourly trigger fires each hour once, though who asks is killed again and again and the clock goes back each time', async () => {
  using folder = new ScratchFolder();
  const [workspace, pipelines] = [join(folder.path, 'workspace'), join(folder.path, 'pipelines')];
  const config = resolveConfig({ flags: { workspace }, env: {}, cwd: pipelines, isTty: false });
  mkdirSync(pipelines);
  writeFileSync(join(pipelines, 'leaf.ts'), '');
  await using store = await openStore({ workspace, serves: true });
  await using queue = await openRunQueue(store, { logger: silentLogger });
  const wish = {
    name: 'hourly',
    pipeline: 'leaf.ts',
    when: { kind: 'schedule', cron: '0 * * * *' },
    coolDown: '1s',
    dailyBudget: 24,
  } as const;
  await createTrigger(store, wish, { actor: tester, now: new Date(Date.UTC(2026, 2, 1)), config, cwd: pipelines });

  /** Walks on from an hour before the last one that was told; killed once it has told so many. @returns the last hour told */
  const walk = async (from: number, tells: number): Promise<number> => {
    const args = [walker, workspace, pipelines, String(Math.max(1, from - 1)), String(hours)];
    const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(running, 'exit');
    let last = from;
    let told = 0;
    for await (const line of createInterface({ input: running.stdout })) {
      last = Math.max(last, Number(line));
      if (++told === tells) running.kill('SIGKILL');
    }
    await gone;
    return last;
  };
  let [came, kills] = [1, 0];
  for (; came < hours; kills++) came = await walk(came, 12);
  expect(kills).toBeGreaterThan(3);

  const firings = await store.triggers.listFirings({ trigger: 'hourly', limit: 1_000 });
  const moments = firings.map(({ occasion }) => occasion).toSorted();
  const expected = Array.from(
    { length: hours },
    (_, i) => `schedule:${new Date(Date.UTC(2026, 2, 1, i + 1)).toISOString()}`,
  );
  expect(moments).toEqual(expected);
  expect(firings.filter(({ state, enqueuedAt }) => state !== 'fired' || enqueuedAt === null)).toEqual([]);
  const orders = (await queue.waiting('default')).map(({ id }) => id);
  expect(orders.toSorted()).toEqual(firings.map(({ runId }) => runId!).toSorted());
}, 180_000);
