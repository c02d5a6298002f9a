import { dayMs } from '../../src/codecs/duration.ts';
import type { KeyPair } from '../../src/http/tls/key-pair.ts';
import { newPrivateKey, selfSign } from '../../src/http/tls/self-signed.ts';

export type { KeyPair };

/** A server's certificate that nobody but itself vouches for. @param names DNS names and IP addresses */
export function selfSigned(names: readonly string[], { isExpired = false } = {}): KeyPair {
  const key = newPrivateKey();
  const from = new Date(Date.now() - 2 * dayMs);
  const until = new Date(from.getTime() + (isExpired ? 1 : 30) * dayMs);
  const cert = selfSign(key, { names, from, until });
  return { cert, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
