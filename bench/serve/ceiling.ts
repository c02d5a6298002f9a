import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { quantile } from '../load/load.ts';
import type { BareOrder, BareResult } from './bare-model.ts';

/** Photos a second of bare loops in as many processes at once. */
export async function bareRate(order: Omit<BareOrder, 'overlapped'>, processes: number): Promise<number> {
  const results = await bare({ ...order, overlapped: true }, processes);
  return results.reduce((sum, { photos, seconds }) => sum + photos / seconds, 0);
}

/** Median time of one photo in one bare loop, nothing else running, in ms. */
export async function bareMedianMs(order: Omit<BareOrder, 'overlapped'>): Promise<number> {
  const [{ latenciesMs }] = (await bare({ ...order, overlapped: false }, 1)) as [BareResult];
  return quantile(latenciesMs, 0.5);
}

async function bare(order: BareOrder, processes: number): Promise<BareResult[]> {
  const entry = fileURLToPath(new URL('./bare-model.ts', import.meta.url));
  const children = Array.from({ length: processes }, () => fork(entry, { serialization: 'advanced' }));
  const said = () => Promise.all(children.map(async (child) => (await once(child, 'message'))[0]));
  for (const child of children) child.send(order);
  await said();
  for (const child of children) child.send('go');
  return (await said()) as BareResult[];
}
