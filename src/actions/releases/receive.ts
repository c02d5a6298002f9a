import { digestOf, sha256 } from '../../codecs/digest.ts';
import type { NewProof, NewRelease, Release, ReleaseStart, Stage } from '../../contracts/release.ts';
import { releaseId } from '../../contracts/release-id.ts';
import { MitateError } from '../../errors/index.ts';
import { newId } from '../../orchestrator/launcher/ids.ts';
import type { RunQueue } from '../../orchestrator/queue/run-queue.ts';
import { unpackBundle } from '../../orchestrator/release/bundle.ts';
import { type Code, codeDigest } from '../../orchestrator/release/collect-code.ts';
import { placeCode } from '../../orchestrator/release/place-code.ts';
import type { OpenStore } from '../../store/open-store.ts';

export interface Arrival {
  release: NewRelease;
  /** tar.gz. */
  bundle: Uint8Array;
  proofs: readonly NewProof[];
  environment: string;
  stage: Stage;
  /** In place of those of the release. */
  parameters: Record<string, unknown>;
  /** False = it lands, and is left to a release trigger. */
  run: boolean;
  via: ReleaseStart['via'];
  who: string;
  approver?: string | null;
  branch?: string | null;
}

export interface Received {
  release: Release;
  start: ReleaseStart;
}

/**
 * Takes a release in: checks that it is what it says, keeps it, and asks a worker for its run.
 * @throws RELEASE_DIGEST_MISMATCH, RELEASE_BUNDLE_INVALID
 */
export async function receiveRelease(
  store: OpenStore,
  queue: () => Promise<RunQueue>,
  arrival: Arrival,
): Promise<Received> {
  return await takeIn(store, queue, arrival, await verifiedCode(arrival));
}

/** @param code as `verifiedCode` found it */
export async function takeIn(
  store: OpenStore,
  queue: () => Promise<RunQueue>,
  arrival: Arrival,
  code: Code,
): Promise<Received> {
  const { environment, stage, via, who, approver = null, branch = null } = arrival;
  const source = await placeCode(store.workspace.releases, code);
  const release = await store.releases.add({ ...arrival.release, environment }, arrival.bundle);
  await keepProofs(store, arrival.proofs);
  const order = {
    project: store.project,
    source,
    parameters: { ...release.parameters, ...arrival.parameters },
    seed: null,
    who,
    trigger: `release ${release.id}`,
  };
  const told = { release: release.id, environment, stage, via, who, approver, branch, place: null };
  if (!arrival.run)
    return { release, start: await store.releases.recordStart({ ...told, runId: null, state: 'landed' }) };
  // recorded first: a run that nobody knows the origin of would be worse than one that is asked for again
  const runId = newId();
  const start = await store.releases.recordStart({ ...told, runId, state: 'queued' });
  try {
    await (await queue()).add({ ...order, id: runId });
  } catch (error) {
    await store.releases.settleStart(runId, 'failed').catch(() => {});
    throw error;
  }
  return { release, start };
}

/** The code in a bundle, which is what the release says. @throws RELEASE_DIGEST_MISMATCH, RELEASE_BUNDLE_INVALID */
export async function verifiedCode({ release, bundle }: Pick<Arrival, 'release' | 'bundle'>): Promise<Code> {
  const same = (what: string, found: string, expected: string) => {
    if (found !== expected)
      throw new MitateError('RELEASE_DIGEST_MISMATCH', { release: release.id, what, found, expected });
  };
  same('id', releaseId(release), release.id);
  same('bundle digest', sha256(bundle), release.bundleDigest);
  const code = await unpackBundle(bundle);
  same('code digest', codeDigest(code), release.codeDigest);
  return code;
}

/** What was told before is not told twice. They come newest first, and are kept in the order in which they were made. */
async function keepProofs(store: OpenStore, proofs: readonly NewProof[]): Promise<void> {
  const said = ({ codeDigest: code, ci, who, checks }: NewProof) => digestOf({ code, ci, who, checks });
  for (const proof of proofs.toReversed()) {
    const { kind, subject } = proof;
    const known = await store.releases.listProofs({ kind, subject });
    if (!known.some((each) => said(each) === said(proof))) await store.releases.addProof(proof);
  }
}
