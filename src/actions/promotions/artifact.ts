import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../codecs/digest.ts';
import type { Promotion, PromotionState } from '../../contracts/loop/promotion.ts';
import { newId } from '../../orchestrator/launcher/ids.ts';
import { localArtifacts } from '../../store/artifacts/fs.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findModel } from '../models/find-model.ts';

export interface DecisionToKeep {
  state: PromotionState;
  why: string;
  who: string;
  evidence: unknown;
  at: Date;
}

const pipeline = 'promotion';

/** Publishes a decision as an artifact (`decision.json`) with both models as inputs, for `mitate lineage`. @returns its id @throws DISK_FULL */
export async function keepDecision(store: OpenStore, promotion: Promotion, decision: DecisionToKeep): Promise<string> {
  const { who, why, state, at } = decision;
  const step = stepName(promotion);
  const [runId, id] = [newId(at.getTime()), newId(at.getTime())];
  const model = await findModel(store, `${promotion.modelName}@${promotion.version}`);
  const baselineModel = await findModel(store, `${promotion.championName}@${promotion.championVersion}`);
  const read = Object.entries({ model, baselineModel });
  const inputs = read.map(([key, { artifactId }]) => ({ key, artifactId }));
  // as for a step, so that lineage leads from the models to the decision
  const keyParts = Object.fromEntries(read.map(([key, { artifactDigest }]) => [`input.${key}`, artifactDigest]));
  await store.createRun({ ...runOf(promotion), id: runId, who, startedAt: at });
  const execution = { id, runId, step, component: 'Promoter', cacheKey: null, keyParts, attempt: 0, startedAt: at };
  await store.startExecution(execution, inputs);
  const artifacts = localArtifacts(store.workspace.artifacts);
  const place = { pipeline, step, key: 'decision', executionId: id };
  const folder = await artifacts.stage(place);
  await writeFile(join(folder, 'decision.json'), `${JSON.stringify(decisionJson(promotion, decision), null, 2)}\n`);
  const { uri, digest, sizeBytes } = await artifacts.publish(place);
  const { modelName, version, endpoint } = promotion;
  const properties = { promotion: promotion.id, endpoint, model: modelName, version, state };
  const output = {
    id: newId(at.getTime()),
    key: 'decision',
    type: 'PromotionDecision' as const,
    uri,
    digest,
    sizeBytes,
    properties,
  };
  await store.completeExecution(id, { outputs: [output], intents: [], summary: why, who });
  await store.finishRun(runId, 'succeeded', null);
  return output.id;
}

/** Deletes the artifact of a decision that another process preceded. */
export async function dropDecision(
  store: Pick<OpenStore, 'getArtifact' | 'markDeleted' | 'workspace'>,
  artifactId: string,
): Promise<void> {
  const artifact = await store.getArtifact(artifactId);
  await store.markDeleted([artifactId]);
  if (artifact) await localArtifacts(store.workspace.artifacts).delete(artifact.uri);
}

function stepName({ state, step, policy, gate }: Promotion): string {
  if (state === 'canary') return `canary-${policy.canary.steps[step]}`;
  if (state === 'waiting-for-approval') return `approval-${gate}`;
  return state === 'replaying' ? 'replay' : state;
}

function runOf({ id, endpoint, modelName, version, policy }: Promotion) {
  return {
    pipeline,
    parameters: { promotion: id, endpoint, model: `${modelName}@${version}` },
    seed: 0,
    definitionDigest: sha256(JSON.stringify(policy)),
    source: null,
    gitCommit: null,
    pid: process.pid,
    trigger: 'promotion',
  };
}

function decisionJson(
  { id, endpoint, modelName, version, championName, championVersion, policy, ...before }: Promotion,
  decision: DecisionToKeep,
) {
  const { at, evidence, ...rest } = decision;
  return {
    promotion: id,
    endpoint,
    candidate: { name: modelName, version },
    champion: { name: championName, version: championVersion },
    from: before.state,
    ...rest,
    at: at.toISOString(),
    evidence,
    policy,
  };
}
