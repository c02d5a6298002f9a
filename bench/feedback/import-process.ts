/** The work of `mitate feedback import`, measured inside its process. */

import { importFeedback } from '../../src/actions/feedback/import.ts';
import { localActor } from '../../src/contracts/actor.ts';
import { openStore } from '../../src/store/open-store.ts';

export interface ImportRun {
  seconds: number;
  /** Of this process. */
  cpuSeconds: number;
  grewBytes: number;
  /** Beyond the most of its first tenth. */
  grewLateBytes: number;
  added: number;
  repeated: number;
}

const [workspace = '', file = ''] = process.argv.slice(2);
const store = await openStore({ workspace, attach: 'server' });
const samples = [process.memoryUsage().rss];
const sampler = setInterval(() => samples.push(process.memoryUsage().rss), 50);
const [started, cpu] = [performance.now(), process.cpuUsage()];
const { added, repeated, refused, firstRefused } = await importFeedback(store, file, {
  actor: localActor('bench'),
  now: new Date(),
});
if (refused > 0) throw new Error(`${refused} refused: ${firstRefused[0]!.message}`);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
clearInterval(sampler);
const most = (rss: readonly number[]) => rss.reduce((a, b) => Math.max(a, b), 0);
const early = most(samples.slice(0, Math.ceil(samples.length / 10)));
const run: ImportRun = {
  ...{ seconds, cpuSeconds: (user + system) / 1e6, added, repeated },
  ...{ grewBytes: most(samples) - samples[0]!, grewLateBytes: Math.max(0, most(samples) - early) },
};
await store[Symbol.asyncDispose]();
process.send?.(run);
process.disconnect();
