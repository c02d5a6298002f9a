import { randomBytes } from 'node:crypto';
import { MitateError } from '../../errors/index.ts';
import type { AccessStore } from '../../store/access/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { openSession, type SignedIn, type SignInFrom } from './session.ts';
import { type CodeTries, useCode } from './totp.ts';

let nobody: Promise<string> | undefined;

/** Hash of no password: signing in as an unknown user takes as long as with a wrong password. */
function hashOfNobody(): Promise<string> {
  nobody ??= hashPassword(randomBytes(32).toString('hex'));
  return nobody;
}

/** @throws SIGN_IN_REFUSED, whatever was wrong; then SIGN_IN_CODE_NEEDED, SIGN_IN_CODE_WRONG, HTTP_RATE_LIMITED */
export async function signIn(
  { access, audited }: Pick<OpenStore, 'access' | 'audited'>,
  { name, password, code }: { name: string; password: string; code?: string | undefined },
  by: SignInFrom,
  { codes, now = new Date() }: { codes: CodeTries; now?: Date },
): Promise<SignedIn> {
  const found = await access.findUser(name);
  const isRight = await verifyPassword(password, found?.passwordHash ?? (await hashOfNobody()));
  if (found === null || !isRight || found.disabledAt !== null) throw new MitateError('SIGN_IN_REFUSED', {});
  const { passwordHash: _, ...user } = found;
  if (!user.secondFactor) return await openSession({ audited }, user, by, { how: 'password', now });
  if (code === undefined) throw new MitateError('SIGN_IN_CODE_NEEDED', {});
  const prove = (within: AccessStore) => useCode(within, name, code, { codes, now });
  return await openSession({ audited }, user, by, { how: 'password', now, prove });
}
