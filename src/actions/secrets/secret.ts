import type { ChannelConfig } from '../../config/channels.ts';
import type { Actor } from '../../contracts/actor.ts';
import { type Channel, channelVariables } from '../../contracts/loop/alert.ts';
import {
  releaseSecretName,
  type StoredSecret,
  secretNameSchema,
  shortestReleaseSecret,
} from '../../contracts/secret.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';

const longestValue = 16_384;

/** By name, without values. */
export async function listSecrets({ secrets }: Pick<OpenStore, 'secrets'>): Promise<StoredSecret[]> {
  return await secrets.list();
}

/** @returns whether it replaced one @throws SECRET_NAME_INVALID, SECRET_VALUE_INVALID, SECRET_KEY_WRONG */
export async function setSecret(
  { audited }: Pick<OpenStore, 'audited'>,
  { name, value }: { name: string; value: string },
  actor: Actor,
): Promise<{ name: string; replaced: boolean }> {
  if (!secretNameSchema.safeParse(name).success) throw new MitateError('SECRET_NAME_INVALID', { name });
  requireValue(name, value);
  const replaced = await audited(
    ({ secrets }) => secrets.set(name, value, actor.name),
    (replaced) => ({ actor, action: 'secret.set', subject: name, details: { replaced } }),
  );
  return { name, replaced };
}

function requireValue(name: string, value: string): void {
  const refuse = (reason: string) => new MitateError('SECRET_VALUE_INVALID', { name, reason });
  if (value === '') throw refuse('it is empty');
  if (value.length > longestValue) throw refuse(`it has more than ${longestValue} characters`);
  if (name === releaseSecretName && value.length < shortestReleaseSecret)
    throw refuse(`it has fewer than ${shortestReleaseSecret} characters`);
}

/** @throws SECRET_UNKNOWN */
export async function removeSecret({ audited }: Pick<OpenStore, 'audited'>, name: string, actor: Actor): Promise<void> {
  await audited(({ secrets }) => secrets.remove(name), { actor, action: 'secret.remove', subject: name });
}

/** Of all projects. A killed one leaves the old key beside the new one: both open. @throws SECRET_KEY_WRONG */
export async function rekeySecrets(
  { audited, secrets }: Pick<OpenStore, 'audited' | 'secrets'>,
  actor: Actor,
): Promise<number> {
  const count = await audited(
    ({ secrets }) => secrets.rekey(),
    (count) => ({ actor, action: 'secret.rekey', subject: 'all projects', details: { count } }),
  );
  await secrets.forgetOldKeys();
  return count;
}

/** The settings to send to a channel with: its secrets are those of the environment, else of its project. @throws SECRET_KEY_WRONG */
export async function withSecretsOf<C extends Pick<ChannelConfig, 'secrets'>>(
  { secrets }: Pick<OpenStore, 'secrets'>,
  channel: Channel,
  channels: C,
): Promise<C> {
  const stored = await secrets.values(channelVariables(channel).filter((name) => !channels.secrets[name]));
  return { ...channels, secrets: { ...channels.secrets, ...stored } };
}
