import { dirname, resolve } from 'node:path';
import { sha256 } from '../../codecs/digest.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { NewRelease, Proof, Release } from '../../contracts/release.ts';
import { releaseId } from '../../contracts/release-id.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { MitateError } from '../../errors/index.ts';
import { absolutePlace } from '../../network/bucket/place.ts';
import { compilePipeline, definitionDigest } from '../../orchestrator/define/compile.ts';
import type { Pipeline } from '../../orchestrator/define/define-pipeline.ts';
import { loadPipeline } from '../../orchestrator/define/load-pipeline.ts';
import { packBundle } from '../../orchestrator/release/bundle.ts';
import { codeDigest, collectCode } from '../../orchestrator/release/collect-code.ts';
import { commitOf } from '../../orchestrator/release/commit-of.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** A release with everything that is sent when it is deployed. */
export interface ReleasedPipeline {
  release: Release;
  /** tar.gz. */
  bundle: Uint8Array;
  /** Tests of the same code. */
  proofs: Proof[];
}

/**
 * Makes a release of a pipeline that ran successfully here: definition, parameters, code and commit.
 * @throws RELEASE_NOT_RUN, RELEASE_IMPORT_UNKNOWN, RELEASE_FILE_OUTSIDE, RELEASE_TOO_LARGE, PIPELINE_FILE_INVALID
 */
export async function releasePipeline(
  store: Pick<OpenStore, 'audited' | 'releases' | 'listRuns' | 'listExecutions' | 'executionArtifacts'>,
  { file, environment, actor }: { file: string; environment: string; actor: Actor },
): Promise<ReleasedPipeline> {
  const source = resolve(file);
  const pipeline = await loadPipeline(source);
  const code = await collectCode(source);
  const frozen = {
    pipeline: pipeline.name,
    definitionDigest: definitionDigest(compilePipeline(pipeline)),
    codeDigest: codeDigest(code),
  };
  const run = await goodRun(store, frozen, { file, environment });
  const bundle = await packBundle(code);
  const parameters = givenParameters(pipeline, run);
  const fresh: NewRelease = {
    ...frozen,
    id: releaseId({ ...frozen, parameters }),
    gitCommit: await commitOf(
      source,
      code.files.map(({ path }) => path),
    ),
    parameters,
    runId: run.id,
    bundleDigest: sha256(bundle),
    environment,
    who: actor.name,
  };
  const release = await store.audited(({ releases }) => releases.add({ ...fresh, madeHere: true }, bundle), {
    actor,
    action: 'release.make',
    subject: fresh.id,
    details: { codeDigest: frozen.codeDigest },
  });
  return await releasedPipeline(store, release.id);
}

/** @throws RELEASE_UNKNOWN */
export async function releasedPipeline(store: Pick<OpenStore, 'releases'>, id: string): Promise<ReleasedPipeline> {
  const release = await store.releases.get(id);
  const bundle = release && (await store.releases.bundle(release.id));
  if (!release || !bundle) throw new MitateError('RELEASE_UNKNOWN', { id });
  const tests = await store.releases.listProofs({ kind: 'pipeline-test', subject: release.pipeline });
  return { release, bundle, proofs: tests.filter((proof) => proof.codeDigest === release.codeDigest).slice(0, 10) };
}

type Frozen = Pick<Release, 'pipeline' | 'definitionDigest' | 'codeDigest'>;

async function goodRun(
  store: Pick<OpenStore, 'listRuns' | 'listExecutions' | 'executionArtifacts'>,
  frozen: Frozen,
  place: { file: string; environment: string },
): Promise<RunRecord> {
  const runs = await store.listRuns({ pipeline: frozen.pipeline, state: 'succeeded', limit: 100 });
  const same = runs.filter((run) => run.definitionDigest === frozen.definitionDigest);
  const exact = same.filter((run) => run.codeDigest === frozen.codeDigest);
  for (const run of exact) if (await isBlessed(store, run.id)) return run;
  const reason = exact.length
    ? 'its model was not blessed'
    : same.length
      ? 'the code was changed since'
      : runs.length
        ? 'the definition was changed since'
        : 'it has not run well yet';
  throw new MitateError('RELEASE_NOT_RUN', { ...frozen, ...place, reason });
}

/** All verdicts of the run are positive, if it has any. */
export async function isBlessed(
  store: Pick<OpenStore, 'listExecutions' | 'executionArtifacts'>,
  runId: string,
): Promise<boolean> {
  for (const execution of await store.listExecutions(runId)) {
    const { outputs } = await store.executionArtifacts(execution.id);
    const verdicts = outputs.filter(({ artifact: { type } }) => type === 'ModelBlessing' || type === 'InfraBlessing');
    if (verdicts.some(({ artifact }) => artifact.properties.blessed === 0)) return false;
  }
  return true;
}

/** Without defaults, which the code has; the run made relative default paths absolute. */
function givenParameters({ parameters: definitions }: Pipeline, run: RunRecord): Record<string, unknown> {
  const base = run.source ? dirname(run.source) : '/';
  const given = Object.entries(run.parameters).filter(([name, value]) => {
    const { type, default: usual } = definitions[name] ?? {};
    if (value === null || value === undefined || value === usual) return false;
    return !(type === 'uri' && typeof usual === 'string' && absolutePlace(base, usual) === value);
  });
  return Object.fromEntries(given);
}
