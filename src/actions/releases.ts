import type { Release, ReleaseStart } from '../contracts/release.ts';
import { MitateError } from '../errors/index.ts';
import type { OpenStore } from '../store/open-store.ts';

export interface ReleaseDetails {
  release: Release;
  /** Newest first. */
  starts: (ReleaseStart & {
    /** Of the run that came of it: whether it ran the definition that was released; null = it is not known here. */
    isSameDefinition: boolean | null;
  })[];
}

/** @throws RELEASE_UNKNOWN */
export async function releaseDetails(store: OpenStore, id: string): Promise<ReleaseDetails> {
  const release = await store.releases.get(id);
  if (release === null) throw new MitateError('RELEASE_UNKNOWN', { id });
  const starts = await store.releases.listStarts({ release: release.id });
  return { release, starts: await Promise.all(starts.map((start) => withRun(store, release, start))) };
}

/** States of runs here are looked up; those elsewhere are as they were last told. */
async function withRun(store: OpenStore, release: Release, start: ReleaseStart) {
  const run = start.place === null && start.runId !== null ? await store.getRun(start.runId) : null;
  if (run === null) return { ...start, isSameDefinition: null };
  if (run.state !== start.state) await store.releases.setStartState(start.seq, run.state);
  return { ...start, state: run.state, isSameDefinition: run.definitionDigest === release.definitionDigest };
}
