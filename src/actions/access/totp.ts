import { newTotpSecret, totpStepOf, totpUri } from '../../codecs/totp.ts';
import type { Actor } from '../../contracts/actor.ts';
import { MitateError } from '../../errors/index.ts';
import type { AccessStore } from '../../store/access/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireLocalUser } from './user.ts';

type Store = Pick<OpenStore, 'access' | 'audited'>;

/** Of a user, whose codes could be guessed: a million, three of them valid. */
export interface CodeTries {
  /** Counts as failed until it succeeds. @throws HTTP_RATE_LIMITED */
  attempt(name: string): void;
  succeeded(name: string): void;
}

export interface Proof {
  codes: CodeTries;
  now: Date;
}

/** Shown once. */
export interface NewTotp {
  secret: string;
  uri: string;
}

/**
 * A second factor for a user. `begun`: it counts once a code confirms that the app has the secret.
 * @throws USER_UNKNOWN, USER_OF_PROVIDER, TOTP_ON
 */
export async function setUpTotp(
  { access, audited }: Store,
  name: string,
  state: 'begun' | 'enabled',
  actor: Actor,
): Promise<NewTotp> {
  await requireLocalUser(access, name);
  const secret = newTotpSecret();
  const since = state === 'enabled' ? new Date() : null;
  await audited(
    async (within) => {
      if ((await within.access.findTotp(name))?.since) throw new MitateError('TOTP_ON', { name });
      await within.access.setTotp(name, { secret, since });
    },
    { actor, action: 'user.totp', subject: name, details: { state } },
  );
  return { secret, uri: totpUri(secret, name) };
}

/** @throws TOTP_ON, TOTP_OFF, SIGN_IN_CODE_WRONG, HTTP_RATE_LIMITED */
export async function confirmTotp(
  { audited }: Store,
  name: string,
  code: string,
  proof: Proof,
  actor: Actor,
): Promise<void> {
  await audited(
    async ({ access }) => {
      const found = await requireTotp(access, name);
      if (found.since !== null) throw new MitateError('TOTP_ON', { name });
      await access.setTotp(name, { secret: await access.totpSecret(name), since: proof.now });
      await useCode(access, name, code, proof);
    },
    { actor, action: 'user.totp', subject: name, details: { state: 'enabled' } },
  );
}

/** @param proof a code, from users themselves; an admin needs none @throws TOTP_OFF, SIGN_IN_CODE_WRONG, HTTP_RATE_LIMITED */
export async function disableTotp(
  { audited }: Store,
  name: string,
  proof: (Proof & { code: string }) | null,
  actor: Actor,
): Promise<void> {
  await audited(
    async ({ access }) => {
      const found = await requireTotp(access, name);
      if (proof !== null && found.since !== null) await useCode(access, name, proof.code, proof);
      await access.setTotp(name, { secret: null, since: null });
    },
    { actor, action: 'user.totp', subject: name, details: { state: 'disabled' } },
  );
}

async function requireTotp(access: AccessStore, name: string) {
  const found = await access.findTotp(name);
  if (found === null) throw new MitateError('TOTP_OFF', { name });
  return found;
}

/** Each code counts once. @throws SIGN_IN_CODE_WRONG, HTTP_RATE_LIMITED, TOTP_KEY_WRONG */
export async function useCode(access: AccessStore, name: string, code: string, { codes, now }: Proof): Promise<void> {
  codes.attempt(name);
  const secret = await access.totpSecret(name);
  const step = secret && totpStepOf(secret, code, now);
  if (!step || !(await access.useTotpStep(name, step))) throw new MitateError('SIGN_IN_CODE_WRONG', {});
  codes.succeeded(name);
}
