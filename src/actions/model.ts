import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { Blessing } from '../contracts/blessing.ts';
import type { Signature } from '../contracts/signature.ts';
import { MitateError } from '../errors/index.ts';
import { readSignature } from '../inference/model-files.ts';
import { validateModel } from '../pipeline/infra-validator/validate-model.ts';
import type { AliasChange, Deployment, ModelVersion, Store } from '../store/store.ts';
import { findModel } from './find-model.ts';
import { resolveModel } from './resolve-model.ts';
import { withStore } from './with-store.ts';

export interface ModelDetails {
  version: ModelVersion;
  signature: Signature;
  /** Paths of the model card, for people. */
  card: string;
  versions: ModelVersion[];
  timeline: AliasChange[];
  deployments: Deployment[];
}

export interface Change {
  who: string;
  why: string;
}

/** One version with its history. `reference`: `name`, `name@3`, `name@champion`. */
export async function showModel(config: Config, reference: string): Promise<ModelDetails> {
  return await withStore(config, { attach: true }, (store) => modelDetails(store, reference));
}

export async function modelDetails(store: Store, reference: string): Promise<ModelDetails> {
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

/** Makes a version the champion, and gives it the stable traffic of the endpoints that serve the model, in one transaction. */
export async function promoteModel(
  config: Config,
  reference: string,
  { who, why, force }: Change & { force: boolean },
): Promise<ModelVersion> {
  return await withStore(config, { attach: true }, async (store) => {
    const version = await findModel(store, reference.includes('@') ? reference : `${reference}@challenger`);
    if (!version.blessed && !force) {
      throw new MitateError('MODEL_PROMOTION_UNBLESSED', { model: `${version.name}@${version.version}` });
    }
    await store.setAlias({ name: version.name, alias: 'champion', version: version.version, who, why });
    return await findModel(store, `${version.name}@${version.version}`);
  });
}

/** Makes the champion before this one the champion again. */
export async function rollbackModel(config: Config, name: string, change: Change): Promise<ModelVersion> {
  return await withStore(config, { attach: true }, async (store) => {
    const current = await findModel(store, `${name}@champion`);
    const timeline = await store.aliasTimeline(name, 'champion');
    const before = timeline.find(({ version }) => version !== null && version !== current.version)?.version;
    if (before === undefined || before === null) throw new MitateError('MODEL_NO_EARLIER_CHAMPION', { name });
    await store.setAlias({ name, alias: 'champion', version: before, ...change });
    return await findModel(store, `${name}@${before}`);
  });
}

/** Which version an alias pointed to at that time. */
export async function modelAt(config: Config, name: string, alias: string, at: Date): Promise<ModelVersion> {
  return await withStore(config, { attach: true }, async (store) => {
    const version = await store.aliasAt(name, alias, at);
    if (version === null) throw new MitateError('MODEL_NO_ALIAS_THEN', { name, alias, at: at.toISOString() });
    return await findModel(store, `${name}@${version}`);
  });
}

/** Boots a model in a fresh process and tells whether it may serve; every check with number and threshold. */
export async function validate(config: Config, reference: string, signal: AbortSignal): Promise<Blessing> {
  const { uri } = await resolveModel(config, reference);
  return await validateModel(uri, { signal });
}
