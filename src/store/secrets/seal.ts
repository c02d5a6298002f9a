import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Where a secret belongs: one that is moved to another place does not open. */
export interface SecretPlace {
  project: string;
  name: string;
}

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const boundTo = ({ project, name }: SecretPlace) => Buffer.from(JSON.stringify(['mitate-secret/1', project, name]));

/** base64 of nonce, ciphertext and tag. */
export function seal(key: Uint8Array, place: SecretPlace, value: string): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce).setAAD(boundTo(place));
  return Buffer.concat([nonce, sealing.update(value, 'utf8'), sealing.final(), sealing.getAuthTag()]).toString(
    'base64',
  );
}

/** Null = not sealed with this key for this place. */
export function unseal(key: Uint8Array, place: SecretPlace, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < nonceBytes + tagBytes) return null;
  const end = bytes.length - tagBytes;
  const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(boundTo(place))
    .setAuthTag(bytes.subarray(end));
  try {
    return Buffer.concat([opening.update(bytes.subarray(nonceBytes, end)), opening.final()]).toString('utf8');
  } catch {
    return null;
  }
}
