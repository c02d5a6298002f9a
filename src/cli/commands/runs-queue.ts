import type { Command } from 'commander';
import { cancelQueuedRun, requireQueuedRun } from '../../actions/runs/queued-runs.ts';
import type { QueuedRun } from '../../contracts/run-order.ts';
import { openRunQueue, type RunQueue } from '../../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { action, type Cli } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';

export function registerRunsQueue(runs: Command): void {
  const queue = runs.command('queue').description('manage runs that wait for a worker: list, show, cancel');
  const list = queue.command('list', { isDefault: true }).description('list queued runs, oldest first');
  action(list, async (cli) => {
    const { output } = cli;
    const waiting = await withQueue(cli, ({ store, queue }) => queue.waiting(store.project));
    for (const order of waiting) output.json(order);
    printOrders(output, waiting);
  });
  const show = queue.command('show <id>').description('show a queued run and its outcome');
  action(show, async (cli, id: string) => {
    const { output } = cli;
    const order = await withQueue(cli, (orders) => requireQueuedRun(orders, id));
    output.json(order);
    printOrders(output, [order]);
    if (order.error) output.problem(order.error);
  });
  const cancel = queue.command('cancel <id>').description('remove a run from the queue before a worker takes it');
  action(cancel, async (cli, id: string) => {
    const { output, by } = cli;
    await withQueue(cli, (orders) => cancelQueuedRun(orders, id, by.actor));
    output.json({ id, cancelled: true });
    output.line(`Removed ${id} from the queue.`);
  });
}

async function withQueue<T>(
  { inStore, output }: Cli,
  work: (orders: { store: OpenStore; queue: RunQueue }) => Promise<T>,
): Promise<T> {
  return await inStore(async (store) => {
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
