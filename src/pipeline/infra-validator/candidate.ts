import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelFile, readSignature } from '../../artifacts/model/model-files.ts';
import { sha256 } from '../../codecs/digest.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { type WarmupRequest, warmupFile, warmupRequestSchema } from '../../contracts/artifacts/warmup.ts';
import { firstIssue, MitateError } from '../../errors/index.ts';

/** The files of a model folder, each sha256 checked. */
export interface Candidate {
  signature: Signature;
  model: Uint8Array;
  explainer: Uint8Array | undefined;
}

/** @throws MODEL_FILE_MISSING, MODEL_SIGNATURE_INVALID, MODEL_DIGEST_MISMATCH */
export async function readCandidate(modelUri: string): Promise<Candidate> {
  const signature = await readSignature(modelUri);
  const model = await readModelFile(modelUri, signature, 'model.onnx');
  let explainer: Uint8Array | undefined;
  for (const name of Object.keys(signature.files).filter((name) => name !== 'model.onnx')) {
    const bytes = await readModelFile(modelUri, signature, name);
    if (name === 'explain.onnx') explainer = bytes;
  }
  return { signature, model, explainer };
}

export interface Warmup {
  image: Uint8Array;
  /** As computed at training, in the order of the labels. */
  probabilities: number[];
}

/** @throws INFRA_WARMUP_INVALID */
export async function readWarmup(modelUri: string, signature: Signature): Promise<Warmup[]> {
  const text = await readFile(join(modelUri, warmupFile), 'utf8').catch((cause: Error) => {
    throw invalid(cause.message, cause);
  });
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) throw invalid('it is empty');
  return lines.map((line, i) => decode(parseRequest(line, i + 1), signature, i + 1));
}

function parseRequest(line: string, number: number): WarmupRequest {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw invalid(`line ${number} is not JSON`, cause);
  }
  const parsed = warmupRequestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalid(`line ${number}: ${firstIssue(parsed.error)}`);
}

function decode(
  { image, sha256: expected, probabilities }: WarmupRequest,
  signature: Signature,
  number: number,
): Warmup {
  const bytes = new Uint8Array(Buffer.from(image, 'base64'));
  const labels = signature.labels.length;
  if (sha256(bytes) !== expected) throw invalid(`line ${number}: the photo is not ${expected}`);
  if (probabilities.length !== labels)
    throw new MitateError('INFRA_LABELS_MISMATCH', { expected: labels, got: probabilities.length });
  return { image: bytes, probabilities };
}

function invalid(reason: string, cause?: unknown): MitateError<'INFRA_WARMUP_INVALID'> {
  return new MitateError('INFRA_WARMUP_INVALID', { reason }, { cause });
}
