import { modelFileSize, readModelFile } from '../../artifacts/model/model-files.ts';
import { readDriftReference, readTrainingFiles } from '../../artifacts/model/read-served-model.ts';
import { sha256 } from '../../codecs/digest.ts';
import type { OfflineModel } from '../../contracts/api/endpoints.ts';
import type { DriftReference } from '../../contracts/artifacts/drift-reference.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { EndpointSettings } from '../../contracts/endpoint.ts';
import { MitateError } from '../../errors/index.ts';

/** The version that answers, and how. */
interface Stable {
  model: { name: string; version: number | null; uri: string; signature: Signature };
  settings: EndpointSettings;
}

/** Older models were trained on the pixels of libvips, which no browser has. */
export const isForDevices = ({ preprocess }: Signature) => preprocess.resampler !== undefined;

const modelFile = 'model.onnx';

/**
 * What a device needs to answer as the endpoint does. It names no training photo: `ids` stay here.
 * @throws ENDPOINT_NOT_OFFLINE, MODEL_FILE_MISSING, MODEL_REFERENCE_INVALID
 */
export async function offlineModel(endpoint: string, stable: Stable): Promise<OfflineModel> {
  requireOffline(endpoint, stable);
  const { name, version, uri, signature } = stable.model;
  const { reference, rows, detector } = await trainingFiles(stable.model);
  const { labels, task, threshold, thresholdRule, labelSets, preprocess, embeddingSize } = signature;
  const { settings } = stable;
  return {
    endpoint,
    model: { name, version },
    signature: { labels, task, threshold, thresholdRule, labelSets, preprocess, embeddingSize },
    settings: {
      abstain: settings.abstain,
      threshold: settings.threshold,
      outOfDistribution: settings.outOfDistribution,
      unlike: settings.unlike,
      refuseAbove: settings.refuseAbove,
    },
    files: {
      model: { sha256: signature.files[modelFile]!, bytes: await modelFileSize(uri, modelFile) },
      rows: rows && fileOf(rows),
      detector: detector && fileOf(detector),
    },
    reference: reference && { distribution: reference.distribution, projection: axesOf(reference) },
  };
}

/** The bytes with that digest. @throws as `offlineModel`, ENDPOINT_FILE_UNKNOWN, MODEL_DIGEST_MISMATCH */
export async function offlineFile(endpoint: string, stable: Stable, digest: string): Promise<Uint8Array> {
  requireOffline(endpoint, stable);
  const { uri, signature } = stable.model;
  if (signature.files[modelFile] === digest) return await readModelFile(uri, signature, modelFile);
  const { rows, detector } = await trainingFiles(stable.model);
  const found = [rows, detector].find((bytes) => bytes && sha256(bytes) === digest);
  if (found) return found;
  throw new MitateError('ENDPOINT_FILE_UNKNOWN', { endpoint, sha256: digest });
}

function requireOffline(endpoint: string, { model: { signature }, settings: { offline } }: Stable): void {
  if (offline && isForDevices(signature)) return;
  const reason = offline ? 'its model is too old for devices' : 'its setting `offline` is off';
  throw new MitateError('ENDPOINT_NOT_OFFLINE', { endpoint, reason });
}

async function trainingFiles({ uri, signature }: Stable['model']) {
  const reference = await readDriftReference(uri);
  if (!reference) return { reference, rows: null, detector: null };
  return { reference, ...(await readTrainingFiles(uri, reference, signature.embeddingSize)) };
}

const axesOf = ({ projection: { rows, size, seed } }: DriftReference) => ({ rows, size, seed });
const fileOf = (bytes: Uint8Array) => ({ sha256: sha256(bytes), bytes: bytes.length });
