import { fork } from 'node:child_process';
import { requireInside } from '../actions/datasets/flywheel/folder.ts';
import type { GoldenAddition, GoldenWish } from '../actions/datasets/golden-add.ts';
import type { Config } from '../config/index.ts';
import type { FlywheelExport, FlywheelPolicy } from '../contracts/loop/flywheel.ts';
import { MitateError } from '../errors/index.ts';
import { unpackError } from '../inference/processes/sent-error.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { FlywheelReply, FlywheelTask } from './flywheel-runner.ts';

const entry = new URL(
  import.meta.url.endsWith('.ts') ? './flywheel-runner.ts' : './flywheel-runner.js',
  import.meta.url,
);

/** `exportFlywheel` for a server: in a process of its own, since photos are decoded, and inside the folder of the pipelines. */
export async function exportFlywheelApart(
  config: Config,
  store: OpenStore,
  policy: FlywheelPolicy,
  who: string,
): Promise<FlywheelExport> {
  requireInside(config, policy);
  return (await ask(config, store, { kind: 'export', policy, who })) as FlywheelExport;
}

/** `addGolden` of labelled requests, in a process of its own. */
export async function addGoldenApart(
  config: Config,
  store: OpenStore,
  wish: Omit<GoldenWish, 'signal' | 'from'>,
): Promise<GoldenAddition> {
  return (await ask(config, store, { kind: 'golden', wish })) as GoldenAddition;
}

function ask(config: Config, { project }: OpenStore, task: FlywheelTask): Promise<unknown> {
  const { workspace, databaseUrl, pipelines } = config;
  return new Promise((resolve, reject) => {
    const child = fork(entry, { serialization: 'advanced', stdio: 'ignore' });
    child.once('message', (reply: FlywheelReply) => {
      if ('result' in reply) resolve(reply.result);
      else reject(unpackError(reply.error));
    });
    child.once('exit', () => reject(new MitateError('FLYWHEEL_PROCESS_DIED', {})));
    child.once('error', reject);
    child.send({ workspace, databaseUrl, pipelines, project, task });
  });
}
