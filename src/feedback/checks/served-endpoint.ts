import { readSignature } from '../../artifacts/model/model-files.ts';
import { readChangedAnswers } from '../../artifacts/model/read-changed-answers.ts';
import { readReferenceObservations } from '../../artifacts/model/read-reference-observations.ts';
import type { ChangedAnswer } from '../../contracts/artifacts/reference-observation.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { Endpoint } from '../../contracts/endpoint.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import { isMitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** An endpoint with its stable version and that model's reference photos. */
export interface ServedEndpoint {
  endpoint: Endpoint;
  version: ModelVersion;
  /** When the version became the stable one. */
  since: Date;
  /** Read from the model's artifact on first use. */
  modelReference(): Promise<Observation[]>;
  /** Its answers to photos that were changed on purpose; empty for older models. */
  changedAnswers(): Promise<ChangedAnswer[]>;
  /** Null when the model's folder has none. */
  signature(): Promise<Signature | null>;
}

/** Null when the endpoint has no stable version. */
export async function openServed(
  store: Pick<OpenStore, 'endpoints' | 'findVersion'>,
  name: string,
): Promise<ServedEndpoint | null> {
  const endpoint = await store.endpoints.getEndpoint(name);
  const stable = endpoint?.deployments.find(({ role }) => role === 'stable');
  if (!endpoint || !stable) return null;
  const version = await store.findVersion(`${stable.modelName}@${stable.version}`);
  if (version === null) return null;
  let reference: Promise<Observation[]> | undefined;
  let signature: Promise<Signature | null> | undefined;
  let changed: Promise<ChangedAnswer[]> | undefined;
  const { abstain, threshold } = endpoint.settings;
  return {
    endpoint,
    version,
    since: stable.since,
    modelReference() {
      reference ??= readReferenceObservations(version.artifactUri, { abstain, threshold });
      return reference;
    },
    changedAnswers() {
      changed ??= readChangedAnswers(version.artifactUri);
      return changed;
    },
    signature() {
      signature ??= readSignature(version.artifactUri).catch((error: unknown) => {
        if (isMitateError(error, 'MODEL_FILE_MISSING')) return null;
        throw error;
      });
      return signature;
    },
  };
}
