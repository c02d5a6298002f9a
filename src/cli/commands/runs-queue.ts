import type { Command } from 'commander';
import { cancelQueuedRun, requireQueuedRun } from '../../actions/runs/queued-runs.ts';
import { withStore } from '../../actions/with-store.ts';
import type { Config } from '../../config/index.ts';
import type { QueuedRun } from '../../contracts/run-order.ts';
import { openRunQueue, type RunQueue } from '../../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { actor } from '../access.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';

export function registerRunsQueue(runs: Command): void {
  const queue = runs.command('queue').description('manage runs that wait for a worker: list, show, cancel');
  const list = queue.command('list', { isDefault: true }).description('list queued runs, oldest first');
  action(list, async ({ config, output }) => {
    const waiting = await withQueue(config, output, ({ store, queue }) => queue.waiting(store.project));
    for (const order of waiting) output.json(order);
    printOrders(output, waiting);
  });
  const show = queue.command('show <id>').description('show a queued run and its outcome');
  action(show, async ({ config, output }, id: string) => {
    const order = await withQueue(config, output, (orders) => requireQueuedRun(orders, id));
    output.json(order);
    printOrders(output, [order]);
    if (order.error) output.problem(order.error);
  });
  const cancel = queue.command('cancel <id>').description('remove a run from the queue before a worker takes it');
  action(cancel, async ({ config, output }, id: string) => {
    await withQueue(config, output, (orders) => cancelQueuedRun(orders, id, actor()));
    output.json({ id, cancelled: true });
    output.line(`Removed ${id} from the queue.`);
  });
}

async function withQueue<T>(
  config: Config,
  output: Output,
  work: (orders: { store: OpenStore; queue: RunQueue }) => Promise<T>,
): Promise<T> {
  return await withStore(config, { attach: true }, async (store) => {
    await using queue = await openRunQueue(store, { logger: commandLogger(output) });
    return await work({ store, queue });
  });
}

function printOrders(output: Output, orders: readonly QueuedRun[]): void {
  output.table(
    ['RUN', 'PIPELINE FILE', 'STATE', 'QUEUED', 'BY'],
    orders.map(({ id, source, state, queuedAt, who }) => [id, source, state, moment(queuedAt), who]),
    'No runs are queued.',
  );
}
