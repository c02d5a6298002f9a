import { setTimeout as sleep } from 'node:timers/promises';
import { requireEnvironment } from '../../config/environments.ts';
import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { Logger } from '../../contracts/logger.ts';
import type { ReleaseStart } from '../../contracts/release.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { withStore } from '../with-store.ts';
import { type DeployTarget, localTarget, type Outcome, remoteTarget } from './deploy-target.ts';
import { isRemote, releaseEnvironment } from './environments.ts';
import { requireGoodRuns, targetParameters } from './gate.ts';
import { releasedPipeline } from './release.ts';
import { type ReleaseFile, readReleaseFile, toReleaseFile } from './release-file.ts';

export interface DeployRequest {
  /** Id of a release, or a file that "release make --out" wrote. */
  release: string;
  env: string;
  /** Environment of the release; absent = this workspace. */
  from?: string | undefined;
  parameters: Record<string, string>;
  run: boolean;
  /** Wait for the run to end. */
  wait: boolean;
  actor: Actor;
  /** At a terminal. */
  byHand: boolean;
  signal: AbortSignal;
  logger: Logger;
}

export type Deployed = Pick<ReleaseStart, 'release' | 'environment' | 'stage' | 'runId' | 'state'>;

/**
 * Deploys a release to an environment, starts its run there, and records it in the source environment too.
 * @throws ENVIRONMENT_UNKNOWN, RELEASE_UNKNOWN, RELEASE_FILE_INVALID, RELEASE_TOO_SOON, RELEASE_PARAMETER_LOCAL, SERVER_UNREACHABLE
 */
export async function deployRelease(config: Config, request: DeployRequest): Promise<Deployed> {
  const environment = await requireEnvironment(request.env);
  const source = (await releaseEnvironment(config, request.from)).config;
  const { target, deployed } = await withStore(source, { attach: true }, async (store) => {
    const file = await fileOf(store, request.release);
    await requireGoodRuns(store, file.release.id, environment);
    const parameters = targetParameters(file.release, environment, request.parameters, isRemote(environment));
    const target = isRemote(environment) ? remoteTarget(environment) : localTarget(source, environment, store, request);
    const deployed = await target.deploy(file, parameters, request.run);
    await record(store, target, deployed, request);
    return { target, deployed };
  });
  const { runId } = deployed;
  if (!request.wait || runId === null) return deployed;
  // the store is closed while waiting: the worker that takes the run may need the workspace
  const { state, trained } = await settled(() => target.outcome(runId), request.signal);
  await withStore(source, { attach: true }, ({ releases }) => releases.settleStart(runId, state, trained));
  return { ...deployed, state };
}

async function fileOf(store: Pick<OpenStore, 'releases'>, release: string): Promise<ReleaseFile> {
  return release.endsWith('.json')
    ? await readReleaseFile(release)
    : toReleaseFile(await releasedPipeline(store, release));
}

async function settled(look: () => Promise<Outcome>, signal: AbortSignal): Promise<Outcome> {
  for (;;) {
    const outcome = await look();
    if (outcome.state !== 'queued' && outcome.state !== 'running') return outcome;
    await sleep(1_000, undefined, { signal });
  }
}

/** The target keeps its own row of the start; the source gets one too, unless both are the same store. */
async function record(
  store: Pick<OpenStore, 'audited'>,
  { place }: DeployTarget,
  start: ReleaseStart,
  { actor, byHand }: Pick<DeployRequest, 'actor' | 'byHand'>,
): Promise<void> {
  const { release, environment, stage, stageIsSet, runId, state } = start;
  await store.audited(
    async ({ releases }) => {
      if (place === null) return;
      const sent = { release, environment, stage, stageIsSet, approver: null, branch: null, place, runId, state };
      await releases.recordStart({ ...sent, byHand, via: 'command', who: actor.name });
    },
    { actor, action: 'release.deploy', subject: release, details: { environment, runId } },
  );
}
