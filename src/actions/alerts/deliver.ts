import type { Logger } from '../../contracts/logger.ts';
import type { Delivery, DeliveryState, StoredChannel } from '../../contracts/loop/alert.ts';
import { isMitateError, toMitateError } from '../../errors/index.ts';
import { maxAttempts, pauseMs } from '../../feedback/channels/back-off.ts';
import { type Sending, sendMessage } from '../../feedback/channels/send.ts';
import type { DeliveryOutcome } from '../../store/alerts/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Longer than any attempt: who holds a delivery after it is taken for dead, and it is sent again. */
const leaseMs = 120_000;
const together = 10;
/** A tick claims no more after it: receivers that do not answer keep no alert waiting that the next tick would raise. */
const passMs = 30_000;

/**
 * Sends what is due, ten at a time; what fails waits, doubled each time, and after ten attempts, or when it can never arrive, is a dead letter.
 * A killed sender's messages are sent again: at least once, each attempt with the delivery's id.
 * @param clock goes on while messages are on their way: leases and signatures count from the moment of each attempt
 */
export async function deliverDue(
  store: Pick<OpenStore, 'alerts'>,
  { clock, logger, channels }: { clock: () => Date; logger: Logger; channels: Sending },
): Promise<{ delivered: number; failed: number; dead: number }> {
  const counts = { delivered: 0, waiting: 0, dead: 0 };
  const until = clock().getTime() + passMs;
  for (let now = clock(); now.getTime() < until; now = clock()) {
    const claimed = await store.alerts.claimDeliveries({ now, leaseMs, limit: together });
    if (claimed.length === 0) break;
    const known = new Map((await store.alerts.listChannels()).map((channel) => [channel.name, channel]));
    const outcomes = await Promise.all(
      claimed.map(async (delivery) => ({
        delivery,
        outcome: await attempt(delivery, known.get(delivery.channel), { clock, channels }),
      })),
    );
    for (const { delivery, outcome } of outcomes) {
      await store.alerts.finishDelivery(delivery, outcome);
      counts[outcome.state]++;
      if (outcome.error !== null) say(logger, delivery, outcome);
    }
  }
  return { delivered: counts.delivered, failed: counts.waiting, dead: counts.dead };
}

async function attempt(
  { id, body, attempts }: Delivery,
  channel: StoredChannel | undefined,
  { clock, channels }: { clock: () => Date; channels: Sending },
): Promise<DeliveryOutcome> {
  if (channel === undefined) return { state: 'dead', error: 'the channel was removed' };
  try {
    const message = { name: channel.name, channel: channel.definition, id, body, at: clock() };
    const error = await sendMessage(message, channels);
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

const ends = {
  delivered: 'did not reach everybody',
  waiting: 'waits for another attempt',
  dead: 'is a dead letter',
} satisfies Record<DeliveryState, string>;

function say(logger: Logger, { id, channel, attempts }: Delivery, { state, error }: DeliveryOutcome): void {
  logger.warn(`a message ${ends[state]}`, { delivery: id, channel, attempts, reason: error });
}
