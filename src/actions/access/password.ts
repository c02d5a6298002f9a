import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { MitateError } from '../../errors/index.ts';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** OWASP's choice for 32 MB: N = 2^15, r = 8, p = 3; about 0.25 s. */
const cost = { N: 2 ** 15, r: 8, p: 3 };
const bytes = 32;

/** `scrypt$N$r$p$salt$hash`, base64. @throws USER_PASSWORD_WEAK */
export async function hashPassword(password: string): Promise<string> {
  const { length } = password;
  if (length < 12 || length > 1024) throw new MitateError('USER_PASSWORD_WEAK', { length });
  const salt = randomBytes(16);
  const hash = await derive(password.normalize('NFKC'), salt, bytes, withMemory(cost));
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

/** Takes the time of one hash, whether the password is right or not. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = stored.split('$');
  const expected = Buffer.from(hash!, 'base64');
  const options = withMemory({ N: Number(N), r: Number(r), p: Number(p) });
  const given = await derive(password.normalize('NFKC'), Buffer.from(salt!, 'base64'), expected.length, options);
  return timingSafeEqual(given, expected);
}

/** Node's default limit is just below what N = 2^15 needs. */
const withMemory = (options: typeof cost): ScryptOptions => ({ ...options, maxmem: 256 * options.N * options.r });
