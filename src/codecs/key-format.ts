import { randomBytes } from 'node:crypto';
import { sha256 } from './digest.ts';

/** A new API key, `mk_<id>_<secret>`: the database stores `hash`, `key` is shown once. */
export function newKey(): { id: string; key: string; hash: string } {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { id, key: `mk_${id}_${secret}`, hash: sha256(secret) };
}

/** Id of a key and the hash of its secret; null for malformed text. */
export function readKey(key: string): { id: string; hash: string } | null {
  const [, id, secret] = /^mk_([0-9a-f]{16})_([\w-]{43})$/.exec(key) ?? [];
  return id === undefined || secret === undefined ? null : { id, hash: sha256(secret) };
}
