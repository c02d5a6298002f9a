import { join } from 'node:path';
import { readSignature } from '../../artifacts/model/model-files.ts';
import type { Config } from '../../config/index.ts';
import type { Blessing } from '../../contracts/artifacts/blessing.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { Deployment } from '../../contracts/endpoint.ts';
import { promotedPlan } from '../../contracts/endpoint-plan.ts';
import type { AliasChange, ModelVersion } from '../../contracts/model.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireBlessed } from '../models/blessed.ts';
import { findModel } from '../models/find-model.ts';
import { resolveModel } from '../models/resolve-model.ts';
import type { EndpointWork } from './endpoint.ts';
import { findChallenger, planOf } from './plans.ts';

export interface ModelDetails {
  version: ModelVersion;
  signature: Signature;
  /** Paths of the model card. */
  card: string;
  versions: ModelVersion[];
  timeline: AliasChange[];
  deployments: Deployment[];
}

/** One version with its history. `reference`: `name`, `name@3`, `name@champion`. */
export async function showModel(
  store: Pick<OpenStore, 'findVersion' | 'listModels' | 'listVersions' | 'aliasTimeline' | 'listDeployments'>,
  reference: string,
): Promise<ModelDetails> {
  const version = await findModel(store, reference);
  const deployments = await store.listDeployments();
  return {
    version,
    signature: await readSignature(version.artifactUri),
    card: join(version.artifactUri, 'model-card.md'),
    versions: await store.listVersions(version.name),
    timeline: await store.aliasTimeline(version.name),
    deployments: deployments.filter(({ modelName }) => modelName === version.name),
  };
}

/**
 * Makes a version (default: the challenger) the champion, and gives it the stable traffic of the endpoints that serve the model, in one
 * transaction. @throws MODEL_NOT_FOUND, MODEL_NO_CHALLENGER, MODEL_PROMOTION_UNBLESSED, DEPLOYMENT_NOT_READY
 */
export async function promoteModel(
  work: EndpointWork,
  reference: string,
  { force }: { force: boolean },
): Promise<ModelVersion> {
  const [, challenging] = /^([^@]+)(?:@challenger)?$/.exec(reference) ?? [];
  const version = await (challenging === undefined
    ? findModel(work.store, reference)
    : findChallenger(work.store, challenging));
  requireBlessed(version, force);
  return await crown(work, version, 'model.promote');
}

/** Makes the previous champion the champion again. @throws MODEL_NOT_FOUND, MODEL_NO_EARLIER_CHAMPION, DEPLOYMENT_NOT_READY */
export async function rollbackModel(work: EndpointWork, name: string): Promise<ModelVersion> {
  const current = await findModel(work.store, `${name}@champion`);
  const timeline = await work.store.aliasTimeline(name, 'champion');
  const before = timeline.find(({ version }) => version !== null && version !== current.version)?.version;
  if (before === undefined || before === null) throw new MitateError('MODEL_NO_EARLIER_CHAMPION', { name });
  return await crown(work, await findModel(work.store, `${name}@${before}`), 'model.rollback');
}

/** Loads and checks what the endpoints that serve the model would run, before anything changes. */
async function crown(
  { store, gate, actor, why }: EndpointWork,
  { name, version }: ModelVersion,
  action: 'model.promote' | 'model.rollback',
): Promise<ModelVersion> {
  for (const endpoint of await store.endpoints.listEndpoints()) {
    const plan = planOf(endpoint);
    if (plan.some((each) => each.role === 'stable' && each.modelName === name))
      await gate.prepare(store.project, promotedPlan(plan, { modelName: name, version }));
  }
  const change = { name, alias: 'champion', version, who: actor.name, why };
  const details = { version, why };
  await store.audited((within) => within.setAlias(change), { actor, action, subject: name, details });
  return await findModel(store, `${name}@${version}`);
}

/** Which version an alias pointed to at that time. @throws MODEL_NO_ALIAS_THEN */
export async function modelAt(
  store: Pick<OpenStore, 'aliasAt' | 'findVersion' | 'listModels'>,
  name: string,
  alias: string,
  at: Date,
): Promise<ModelVersion> {
  const version = await store.aliasAt(name, alias, at);
  if (version === null) throw new MitateError('MODEL_NO_ALIAS_THEN', { name, alias, at: at.toISOString() });
  return await findModel(store, `${name}@${version}`);
}

/** Boots a model in a new process and decides whether it may serve; every check with value and threshold. */
export async function validate(config: Config, reference: string, signal: AbortSignal): Promise<Blessing> {
  const { uri } = await resolveModel(config, reference);
  // loads ONNX Runtime, which a server that lists models does without
  const { validateModel } = await import('../../pipeline/infra-validator/validate-model.ts');
  return await validateModel(uri, { signal });
}
