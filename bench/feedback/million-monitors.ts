/** What a worker's tick does beside a server: the monitors that are due, once. */
import { runDueMonitors } from '../../src/actions/monitors/run.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { openStore } from '../../src/store/open-store.ts';

export interface MonitorsRun {
  seconds: number;
  /** Of this process. */
  cpuSeconds: number;
  grewBytes: number;
  results: { monitor: string; state: string; said: string }[];
}

const [workspace = '', now = ''] = process.argv.slice(2);
await using store = await openStore({ workspace, attach: true });

process.once('message', async () => {
  const before = process.memoryUsage().rss;
  let most = before;
  const sampler = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const found = await runDueMonitors(store, { now: new Date(now), logger: silentLogger });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(sampler);
  const results = found.map(({ monitor, state, finding }) => ({ monitor, state, said: finding.said }));
  const grewBytes = Math.max(most, process.memoryUsage().rss) - before;
  process.send?.({ seconds, cpuSeconds: (user + system) / 1e6, grewBytes, results } satisfies MonitorsRun);
  process.disconnect();
});
process.send?.('ready');
await new Promise((resolve) => process.once('disconnect', resolve));
