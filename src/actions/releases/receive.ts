import { digestOf, sha256 } from '../../codecs/digest.ts';
import type { Stage } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { NewProof, NewRelease, ProofOrigin, Release, ReleaseStart, Workflow } from '../../contracts/release.ts';
import { releaseId } from '../../contracts/release-id.ts';
import { MitateError } from '../../errors/index.ts';
import { newId } from '../../orchestrator/launcher/ids.ts';
import type { RunQueue } from '../../orchestrator/queue/run-queue.ts';
import { unpackBundle } from '../../orchestrator/release/bundle.ts';
import { type Code, codeDigest } from '../../orchestrator/release/collect-code.ts';
import { placeCode } from '../../orchestrator/release/place-code.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { ReleaseStore } from '../../store/releases/contract.ts';
import { admit } from './admit.ts';

export interface Arrival {
  release: NewRelease;
  /** tar.gz. */
  bundle: Uint8Array;
  proofs: readonly NewProof[];
  environment: string;
  stage: Stage;
  /** Override those of the release. */
  parameters: Record<string, unknown>;
  /** False = stored only; a release trigger may run it. */
  run: boolean;
  via: ReleaseStart['via'];
  actor: Actor;
  approver?: string | null;
  branch?: string | null;
  /** Verified sender of a webhook. */
  workflow?: Workflow | null;
  byHand: boolean;
}

export interface Received {
  release: Release;
  start: ReleaseStart;
}

/**
 * Verifies the digests of a release and whether it may come here, stores it, and enqueues its run.
 * @throws RELEASE_DIGEST_MISMATCH, RELEASE_BUNDLE_INVALID, RELEASE_NEEDS_ADMIN, RELEASE_REFUSED, RELEASE_STAGE_WRONG
 */
export async function receiveRelease(
  store: OpenStore,
  queue: () => Promise<RunQueue>,
  arrival: Arrival,
): Promise<Received> {
  const code = await verifiedCode(arrival);
  await admit(store, queue, arrival.release, { actor: arrival.actor, signedFor: null });
  return await storeRelease(store, queue, arrival, code);
}

/** @param code as `verifiedCode` found it, of a release that was admitted @throws RELEASE_STAGE_WRONG */
export async function storeRelease(
  store: Pick<OpenStore, 'workspace' | 'audited' | 'project' | 'access'>,
  queue: () => Promise<RunQueue>,
  arrival: Arrival,
  code: Code,
): Promise<Received> {
  const { environment, stage, via, actor, approver = null, branch = null, workflow = null, byHand } = arrival;
  const stageIsSet = await isStageOf(store, arrival);
  const source = await placeCode(store.workspace.releases, code);
  const runs = arrival.run ? await queue() : null;
  return await store.audited(
    async (within) => {
      const brought = { ...arrival.release, environment, madeHere: false };
      const release = await within.releases.add(brought, arrival.bundle);
      await keepProofs(within.releases, arrival.proofs, workflow ? 'workflow' : 'sent');
      const shown = { stageIsSet, byHand, workflow };
      const said = { environment, stage, approver, branch };
      const place = { release: release.id, via, who: actor.name, place: null, ...said, ...shown };
      const runId = runs && newId();
      const state = runs ? 'queued' : 'landed';
      const start = await within.releases.recordStart({ ...place, runId, state });
      if (runs && runId !== null) {
        const parameters = { ...release.parameters, ...arrival.parameters };
        const isConfined = actor.door === 'http';
        const order = { project: store.project, source, parameters, seed: null, who: actor.name, isConfined };
        await runs.add({ ...order, id: runId, trigger: `release ${release.id}` }, within);
      }
      return { release, start };
    },
    ({ release, start: { runId } }) => ({
      actor,
      action: via === 'webhook' ? 'release.webhook' : 'release.bring',
      subject: release.id,
      details: { environment, runId, ...(branch !== null && { branch }) },
    }),
  );
}

/** Whether the project is set to the stage that the release is for; false = it has none. @throws RELEASE_STAGE_WRONG */
async function isStageOf(
  { access, project }: Pick<OpenStore, 'access' | 'project'>,
  { release, stage }: Arrival,
): Promise<boolean> {
  const expected = (await access.listProjects()).find(({ name }) => name === project)?.stage ?? null;
  if (expected !== null && expected !== stage)
    throw new MitateError('RELEASE_STAGE_WRONG', { release: release.id, stage, project, expected });
  return expected !== null;
}

/** The code of a bundle, after its digests are verified. @throws RELEASE_DIGEST_MISMATCH, RELEASE_BUNDLE_INVALID */
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

/** Stores new proofs only. They arrive newest first, and are stored in the order in which they were made. */
async function keepProofs(releases: ReleaseStore, proofs: readonly NewProof[], origin: ProofOrigin): Promise<void> {
  const digest = ({ codeDigest: code, ci, who, checks }: NewProof) => digestOf({ code, ci, who, checks });
  for (const proof of proofs.toReversed()) {
    const { kind, subject } = proof;
    const known = await releases.listProofs({ kind, subject });
    const isKnown = known.some((each) => digest(each) === digest(proof) && [origin, 'here'].includes(each.origin));
    if (!isKnown) await releases.addProof(proof, origin);
  }
}
