import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { FlywheelExport, FlywheelPolicy } from '../../contracts/loop/flywheel.ts';
import { MitateError } from '../../errors/index.ts';
import { askOnce } from '../../processes/ask-once.ts';
import { childEntry } from '../../processes/child-entry.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { FlywheelRequest, FlywheelTask } from './dataset-process.ts';
import { requireInside } from './flywheel/folder.ts';
import type { GoldenAddition, GoldenWish } from './golden-add.ts';

const entry = childEntry('./dataset-process.ts', import.meta.url);
/** An export decodes about 30 photos a second and core. */
const timeoutMs = 1_800_000;

/** `exportFlywheel` for a server: in a process of its own, since photos are decoded, and inside the pipelines folder. */
export async function exportFlywheelInChildProcess(
  config: Config,
  store: OpenStore,
  policy: FlywheelPolicy,
  actor: Actor,
): Promise<FlywheelExport> {
  requireInside(config, policy);
  return await ask(config, store, { kind: 'export', policy, actor });
}

/** `addGolden` of labelled requests, in a process of its own. */
export function addGoldenInChildProcess(
  config: Config,
  store: OpenStore,
  wish: Omit<GoldenWish, 'signal' | 'from'>,
): Promise<GoldenAddition> {
  return ask(config, store, { kind: 'golden', wish });
}

function ask<Result>(config: Config, { project }: OpenStore, task: FlywheelTask): Promise<Result> {
  const { workspace, databaseUrl, pipelines } = config;
  const request: FlywheelRequest = { workspace, databaseUrl, pipelines, project, task };
  const died = ({ reason }: { reason: string }) => new MitateError('FLYWHEEL_PROCESS_DIED', { reason });
  return askOnce(entry, request, { timeoutMs, died });
}
