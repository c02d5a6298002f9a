import { isAbsolute } from 'node:path';
import type { Config } from '../../config/index.ts';
import type { Firing, Trigger } from '../../contracts/loop/trigger.ts';
import type { RunOrder } from '../../contracts/run-order.ts';
import { MitateError } from '../../errors/index.ts';
import { unpackBundle } from '../../orchestrator/release/bundle.ts';
import { placeCode } from '../../orchestrator/release/place-code.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findSource } from '../runs/queued-runs.ts';

/** The run of a firing; deterministic, so that it can be repeated. */
export async function orderOf(
  { pipelines }: Config,
  store: OpenStore,
  trigger: Trigger,
  { runId, who, evidence }: Firing,
): Promise<RunOrder> {
  const released = typeof evidence.release === 'string' ? await releasedCode(store, evidence.release) : null;
  const { pipeline, parameters, name } = trigger;
  const file = isAbsolute(pipeline) ? pipeline : () => findSource({ store, pipelines }, pipeline);
  return {
    id: runId!,
    project: store.project,
    source: released?.source ?? (typeof file === 'string' ? file : await file()),
    parameters: { ...released?.parameters, ...parameters },
    seed: null,
    who,
    trigger: `trigger ${name}`,
  };
}

/** The released code, not the current content of the pipelines folder. */
async function releasedCode({ releases, workspace }: Pick<OpenStore, 'releases' | 'workspace'>, id: string) {
  const release = await releases.get(id);
  const bundle = await releases.bundle(id);
  if (release === null || bundle === null) throw new MitateError('RELEASE_UNKNOWN', { id });
  return { source: await placeCode(workspace.releases, await unpackBundle(bundle)), parameters: release.parameters };
}
