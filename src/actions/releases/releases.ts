import { eventKey } from '../../contracts/loop/event-key.ts';
import type { Firing } from '../../contracts/loop/trigger.ts';
import type { Release, ReleaseStart } from '../../contracts/release.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';

export type Facets = Pick<OpenStore, 'releases' | 'triggers' | 'listArtifacts' | 'listExecutions'>;

/** A deployment of a release, with its outcome as far as it is known here. */
export type FollowedStart = ReleaseStart & {
  /** Whether its run used the released definition and code; null = not known here. */
  isSameDefinition: boolean | null;
};

export interface ReleaseDetails {
  release: Release;
  /** Newest first. */
  starts: FollowedStart[];
}

/** Newest first. */
export async function listReleases(
  { releases }: Pick<OpenStore, 'releases'>,
  filter: Parameters<OpenStore['releases']['list']>[0],
): Promise<Release[]> {
  return await releases.list(filter);
}

/** @throws RELEASE_UNKNOWN */
export async function releaseDetails(store: Facets, id: string): Promise<ReleaseDetails> {
  const release = await store.releases.get(id);
  if (release === null) throw new MitateError('RELEASE_UNKNOWN', { id });
  return { release, starts: await followedStarts(store, release.id) };
}

/** Newest first; those of one release, or of all. */
export async function followedStarts(store: Facets, release?: string): Promise<FollowedStart[]> {
  const starts = await store.releases.listStarts({ ...(release !== undefined && { release }) });
  return await Promise.all(starts.map((start) => followed(store, start)));
}

/** States of local runs are read; those of remote runs are as last reported. */
async function followed(store: Facets, start: ReleaseStart): Promise<FollowedStart> {
  const fired = start.state === 'landed' ? await firingFor(store, start) : undefined;
  const runId = start.runId ?? fired?.runId ?? null;
  const run = start.place === null && runId !== null ? await store.releases.runOf(runId) : null;
  const release = run && (await store.releases.get(start.release));
  if (run === null) return { ...start, runId, state: fired ? stateBefore(fired) : start.state, isSameDefinition: null };
  const isSame = run.definitionDigest === release?.definitionDigest && run.codeDigest === release.codeDigest;
  const trained = run.state === 'succeeded' ? await trainedIn(store, run.id) : null;
  return { ...start, runId: run.id, state: run.state, isSameDefinition: isSame, trained };
}

/** The run that a release trigger started for a stored release. */
async function firingFor(
  { triggers }: Pick<OpenStore, 'triggers'>,
  { seq }: ReleaseStart,
): Promise<Firing | undefined> {
  const [fired] = await triggers.listFirings({ occasion: eventKey('release', seq), state: 'fired', limit: 1 });
  return fired;
}

/** State without a run: waiting, or failed to start. One that could not be queued is retried each minute. */
const stateBefore = ({ error, enqueuedAt }: Firing) => (error !== null && enqueuedAt !== null ? 'failed' : 'queued');

/** A step of the run made a model: none of the cache, and none of another run. */
export async function trainedIn(
  store: Pick<OpenStore, 'listArtifacts' | 'listExecutions'>,
  runId: string,
): Promise<boolean> {
  const models = await store.listArtifacts({ type: 'Model', runId });
  const own = models.length > 0 ? new Set((await store.listExecutions(runId)).map(({ id }) => id)) : new Set();
  return models.some(({ executionId }) => own.has(executionId));
}
