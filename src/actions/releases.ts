import type { Release, ReleaseStart } from '../contracts/release.ts';
import { MitateError } from '../errors/index.ts';
import { releaseKey } from '../feedback/triggers/release.ts';
import type { OpenStore } from '../store/open-store.ts';

/** Where a release was brought, and what came of it as far as that is known here. */
export type FollowedStart = ReleaseStart & {
  /** Of the run that came of it: whether it ran the definition and the code that were released; null = it is not known here. */
  isSameDefinition: boolean | null;
};

export interface ReleaseDetails {
  release: Release;
  /** Newest first. */
  starts: FollowedStart[];
}

/** @throws RELEASE_UNKNOWN */
export async function releaseDetails(store: OpenStore, id: string): Promise<ReleaseDetails> {
  const release = await store.releases.get(id);
  if (release === null) throw new MitateError('RELEASE_UNKNOWN', { id });
  return { release, starts: await followedStarts(store, release.id) };
}

/** Newest first; those of one release, or of all. */
export async function followedStarts(store: OpenStore, release?: string): Promise<FollowedStart[]> {
  const starts = await store.releases.listStarts({ ...(release !== undefined && { release }) });
  return await Promise.all(starts.map((start) => followed(store, start)));
}

/** States of runs here are looked up; those elsewhere are as they were last told. */
async function followed(store: OpenStore, start: ReleaseStart): Promise<FollowedStart> {
  const runId = start.runId ?? (await triggeredRun(store, start));
  const run = start.place === null && runId !== null ? await store.getRun(runId) : null;
  const release = run && (await store.releases.get(start.release));
  // its trigger fired, and no worker has begun the run
  if (run === null)
    return { ...start, runId, state: runId === start.runId ? start.state : 'queued', isSameDefinition: null };
  const isSame = run.definitionDigest === release?.definitionDigest && run.codeDigest === release.codeDigest;
  return { ...start, runId, state: run.state, isSameDefinition: isSame };
}

/** Of a release that landed: its run is the one that a release trigger fired for it. */
async function triggeredRun({ triggers }: OpenStore, { seq, state }: ReleaseStart): Promise<string | null> {
  if (state !== 'landed') return null;
  const [fired] = await triggers.listFirings({ occasion: releaseKey(seq), state: 'fired', limit: 1 });
  return fired?.run?.id ?? fired?.runId ?? null;
}
