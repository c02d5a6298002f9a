import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../codecs/digest.ts';
import { type Signature, signatureSchema } from '../../contracts/artifacts/signature.ts';
import { firstIssue, MitateError } from '../../errors/index.ts';

/** Folder of a Model artifact with the files for serving. */
export const servingFolder = 'Format-Serving';

/** `Format-Serving/signature.json` of a Model artifact. @throws MODEL_FILE_MISSING, MODEL_SIGNATURE_INVALID */
export async function readSignature(modelUri: string): Promise<Signature> {
  const bytes = await readServing(modelUri, 'signature.json');
  const file = join(servingFolder, 'signature.json');
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new MitateError('MODEL_SIGNATURE_INVALID', { file, reason: 'it is not JSON' }, { cause });
  }
  const parsed = signatureSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new MitateError('MODEL_SIGNATURE_INVALID', { file, reason: firstIssue(parsed.error) });
}

/**
 * Bytes of one file of `Format-Serving/`, read once, checked against the sha256 in the signature.
 * @throws MODEL_SIGNATURE_INVALID, MODEL_FILE_MISSING, MODEL_DIGEST_MISMATCH
 */
export async function readModelFile(modelUri: string, signature: Signature, name: string): Promise<Uint8Array> {
  const expected = signature.files[name];
  const file = join(servingFolder, name);
  if (expected === undefined)
    throw new MitateError('MODEL_SIGNATURE_INVALID', { file, reason: `it has no sha256 of ${name}` });
  const bytes = await readServing(modelUri, name);
  const actual = sha256(bytes);
  if (actual !== expected) throw new MitateError('MODEL_DIGEST_MISMATCH', { file, expected, actual });
  return bytes;
}

/** Bytes. @throws MODEL_FILE_MISSING */
export async function modelFileSize(modelUri: string, name: string): Promise<number> {
  try {
    return (await stat(join(modelUri, servingFolder, name))).size;
  } catch (cause) {
    throw new MitateError('MODEL_FILE_MISSING', { uri: modelUri, file: join(servingFolder, name) }, { cause });
  }
}

async function readServing(modelUri: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(modelUri, servingFolder, name));
  } catch (cause) {
    throw new MitateError('MODEL_FILE_MISSING', { uri: modelUri, file: join(servingFolder, name) }, { cause });
  }
}
