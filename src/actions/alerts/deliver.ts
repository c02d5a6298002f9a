import type { Logger } from '../../contracts/logger.ts';
import type { Delivery, DeliveryState, StoredChannel } from '../../contracts/loop/alert.ts';
import { isMitateError, toMitateError } from '../../errors/index.ts';
import { maxAttempts, pauseMs } from '../../feedback/channels/back-off.ts';
import { type Sending, sendMessage } from '../../feedback/channels/send.ts';
import type { DeliveryOutcome } from '../../store/alerts/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { withSecretsOf } from '../secrets/secret.ts';

/** Longer than any attempt: a delivery claimed for longer is sent again, because its process must be dead. */
const leaseMs = 120_000;
const batchSize = 10;
/** A tick claims no more after it, so that receivers that do not respond do not delay new alerts. */
const passMs = 30_000;

/**
 * Sends due messages, ten at a time. A failed one is retried with exponential back-off; after ten attempts, or a permanent error, it becomes a
 * dead letter. Delivery is at least once: messages of a killed process are sent again, with the same delivery id.
 * @param clock the current time: leases and signatures count from the moment of each attempt
 */
export async function deliverDue(
  store: Pick<OpenStore, 'alerts' | 'secrets'>,
  { clock, logger, channels }: { clock: () => Date; logger: Logger; channels: Sending },
): Promise<{ delivered: number; failed: number; dead: number }> {
  const counts = { delivered: 0, waiting: 0, dead: 0 };
  const until = clock().getTime() + passMs;
  for (let now = clock(); now.getTime() < until; now = clock()) {
    const claimed = await store.alerts.claimDeliveries({ now, leaseMs, limit: batchSize });
    if (claimed.length === 0) break;
    const known = new Map((await store.alerts.listChannels()).map((channel) => [channel.name, channel]));
    const outcomes = await Promise.all(
      claimed.map(async (delivery) => ({
        delivery,
        outcome: await attempt(store, delivery, known.get(delivery.channel), { clock, channels }),
      })),
    );
    for (const { delivery, outcome } of outcomes) {
      await store.alerts.finishDelivery(delivery, outcome);
      counts[outcome.state]++;
      if (outcome.error !== null) logOutcome(logger, delivery, outcome);
    }
  }
  return { delivered: counts.delivered, failed: counts.waiting, dead: counts.dead };
}

async function attempt(
  store: Pick<OpenStore, 'secrets'>,
  { id, body, attempts }: Delivery,
  channel: StoredChannel | undefined,
  { clock, channels }: { clock: () => Date; channels: Sending },
): Promise<DeliveryOutcome> {
  if (channel === undefined) return { state: 'dead', error: 'the channel was removed' };
  try {
    const message = { name: channel.name, channel: channel.definition, id, body, at: clock() };
    const error = await sendMessage(message, await withSecretsOf(store, channel.definition, channels));
    return { state: 'delivered', at: clock(), error };
  } catch (error) {
    return outcomeOf(error, attempts, clock());
  }
}

function outcomeOf(error: unknown, attempts: number, now: Date): DeliveryOutcome {
  const { message, details } = toMitateError(error);
  const { isFinal = false, retryAfterMs = null } = details as { isFinal?: boolean; retryAfterMs?: number | null };
  const isOver = isFinal || isMitateError(error, 'CHANNEL_ADDRESS_REFUSED') || attempts >= maxAttempts;
  if (isOver) return { state: 'dead', error: message };
  const pause = pauseMs(attempts, retryAfterMs, Math.random());
  return { state: 'waiting', nextAt: new Date(now.getTime() + pause), error: message };
}

const events = {
  delivered: 'message not delivered to all recipients',
  waiting: 'message not delivered; retrying',
  dead: 'message not delivered; now a dead letter',
} satisfies Record<DeliveryState, string>;

function logOutcome(logger: Logger, { id, channel, attempts }: Delivery, { state, error }: DeliveryOutcome): void {
  logger.warn(events[state], { delivery: id, channel, attempts, reason: error });
}
