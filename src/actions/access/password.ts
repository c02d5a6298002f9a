import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { MitateError } from '../../errors/index.ts';
import { Semaphore } from '../../processes/semaphore.ts';

const scrypted = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** OWASP's choice for 32 MB: N = 2^15, r = 8, p = 3; about 0.25 s. */
const cost = { N: 2 ** 15, r: 8, p: 3 };
const bytes = 32;

/** Each takes 32 MB and one of Node's four threads for files; the journal needs the others. */
const atOnce = 2;
/** 5 s of work. */
const mostWaiting = 40;
const permits = new Semaphore(atOnce);
let open = 0;

/** `scrypt$N$r$p$salt$hash`, base64. @throws USER_PASSWORD_WEAK, SIGN_IN_BUSY */
export async function hashPassword(password: string): Promise<string> {
  const { length } = password;
  if (length < 12 || length > 1024) throw new MitateError('USER_PASSWORD_WEAK', { length });
  const salt = randomBytes(16);
  const hash = await derive(password, salt, bytes, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

/** Takes the time of one hash, whether the password is right or not. @throws SIGN_IN_BUSY */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = stored.split('$');
  const expected = Buffer.from(hash!, 'base64');
  const { length } = expected;
  const given = await derive(password, Buffer.from(salt!, 'base64'), length, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(given, expected);
}

async function derive(password: string, salt: Buffer, length: number, options: typeof cost): Promise<Buffer> {
  if (open >= atOnce + mostWaiting) throw new MitateError('SIGN_IN_BUSY', { retryAfterS: 5 });
  open++;
  // Node's default limit is just below what N = 2^15 needs
  const withMemory = { ...options, maxmem: 256 * options.N * options.r };
  return await permits.run(() => scrypted(password.normalize('NFKC'), salt, length, withMemory)).finally(() => open--);
}
