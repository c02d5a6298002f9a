import type { StoredChannel } from '../../../contracts/loop/alert.ts';
import { isMitateError, type MitateError } from '../../../errors/index.ts';
import { checkChannel, type Sending } from '../../../feedback/channels/send.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { withSecretsOf } from '../../secrets/secret.ts';
import { asFound, type Found } from './finding.ts';

const checkMs = 5_000;

/** The channel's own checks, without a message; then its dead letters. */
export async function channelFinding(
  store: Pick<OpenStore, 'alerts' | 'secrets'>,
  { name, definition }: StoredChannel,
  channels: Sending,
): Promise<Found> {
  try {
    await checkChannel(name, definition, {
      ...(await withSecretsOf(store, definition, channels)),
      timeoutMs: checkMs,
    });
  } catch (error) {
    if (isMitateError(error, 'CHANNEL_SECRET_MISSING')) return secretMissing(error);
    return asFound(error, isMitateError(error, 'CHANNEL_SEND_FAILED') ? 'warn' : 'fail');
  }
  const dead = await store.alerts.listDeliveries({ channel: name, state: 'dead', limit: 100 });
  if (dead.length === 0) return `${definition.kind}, its settings are valid`;
  return {
    level: 'warn',
    said: `${dead.length === 100 ? '100 or more' : dead.length} of its messages could not be delivered.`,
    remedy: `See why with "mitate channel dead ${name}", then run: mitate channel retry ${name}`,
  };
}

/** The server and the worker may have it. */
function secretMissing({ code, message, details }: MitateError): Found {
  return {
    level: 'warn',
    said: `${code}: ${message}`,
    remedy: `Run: mitate secret set ${details.variable}. If the server and its workers have it in their environment, set it here too, to check it.`,
  };
}
