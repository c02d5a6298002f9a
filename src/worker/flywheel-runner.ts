import { exportFlywheel } from '../actions/datasets/flywheel/export.ts';
import { addGolden, type GoldenAddition, type GoldenWish } from '../actions/datasets/golden-add.ts';
import type { FlywheelExport, FlywheelPolicy } from '../contracts/loop/flywheel.ts';
import type { SentError } from '../inference/processes/messages.ts';
import { packError } from '../inference/processes/sent-error.ts';
import { type OpenStore, openStore } from '../store/open-store.ts';

export interface FlywheelPlace {
  workspace: string;
  databaseUrl: string | null;
  pipelines: string;
  project: string;
}

/** What the process is asked: a span, or golden photos. */
export type FlywheelTask =
  | { kind: 'export'; policy: FlywheelPolicy; who: string }
  | { kind: 'golden'; wish: Omit<GoldenWish, 'signal'> };

export type FlywheelReply = { result: FlywheelExport | GoldenAddition } | { error: SentError };

/** The process of one task. */
process.once('message', (order: FlywheelPlace & { task: FlywheelTask }) => {
  run(order).then(
    (reply) => process.send!(reply, () => process.disconnect()),
    () => process.exit(1),
  );
});

async function run({ task, ...place }: FlywheelPlace & { task: FlywheelTask }): Promise<FlywheelReply> {
  const { workspace, project, databaseUrl } = place;
  try {
    const attach = { workspace, project, attach: true, ...(databaseUrl !== null && { databaseUrl }) };
    await using store = await openStore(attach);
    return { result: await work(place, store, task) };
  } catch (error) {
    return { error: packError(error) };
  }
}

async function work(
  place: FlywheelPlace,
  store: OpenStore,
  task: FlywheelTask,
): Promise<FlywheelExport | GoldenAddition> {
  if (task.kind === 'golden') return await addGolden(store, task.wish);
  return await exportFlywheel(place, store, task.policy, { now: new Date(), who: task.who });
}
