import { sha256 } from '../contracts/digest.ts';
import type { NewProof, NewRelease, Release, ReleaseStart, Stage } from '../contracts/release.ts';
import { releaseId } from '../contracts/release-id.ts';
import { MitateError } from '../errors/index.ts';
import type { RunQueue } from '../orchestrator/queue/run-queue.ts';
import { unpackBundle } from '../orchestrator/release/bundle.ts';
import { codeDigest } from '../orchestrator/release/collect-code.ts';
import { placeCode } from '../orchestrator/release/place-code.ts';
import type { OpenStore } from '../store/open-store.ts';

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
  const { environment, stage, via, who, approver = null, branch = null } = arrival;
  const code = await verified(arrival);
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
  const runId = arrival.run ? await (await queue()).add(order) : null;
  const state = runId === null ? 'landed' : 'queued';
  const told = { release: release.id, environment, stage, via, who, approver, branch, place: null };
  return { release, start: await store.releases.recordStart({ ...told, runId, state }) };
}

async function verified({ release, bundle }: Arrival) {
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

/** What was told before is not told twice. */
async function keepProofs(store: OpenStore, proofs: readonly NewProof[]): Promise<void> {
  for (const proof of proofs) {
    const { kind, subject, codeDigest: code, ci, who } = proof;
    const known = await store.releases.listProofs({ kind, subject });
    if (!known.some((each) => each.codeDigest === code && each.ci === ci && each.who === who))
      await store.releases.addProof(proof);
  }
}
