import { and, asc, desc, eq, gt, lte, not, or, sql } from 'drizzle-orm';
import type { Delivery } from '../../contracts/loop/alert.ts';
import { eqIf } from '../database/conditions.ts';
import type { Queryable } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { deliveries } from '../database/feedback-schema.ts';
import type { AlertStore, NewDelivery } from './contract.ts';

type DeliveryMethods = Pick<
  AlertStore,
  'listDeliveries' | 'countDead' | 'claimDeliveries' | 'finishDelivery' | 'retryDead'
>;

function toDelivery({ project: _, ...delivery }: typeof deliveries.$inferSelect): Delivery {
  return delivery;
}

/** No pause is longer than an hour: what waits for longer was written before the clock was set back. */
const furthestMs = 2 * 3_600_000;

/** Part of the transaction that changes the alert. */
export async function queueDeliveries(
  tx: Queryable,
  { project, alert, at }: { project: string; alert: string; at: Date },
  messages: readonly NewDelivery[],
): Promise<void> {
  if (messages.length === 0) return;
  const fresh = { project, alert, state: 'waiting' as const, attempts: 0, createdAt: at, nextAt: at };
  await tx.insert(deliveries).values(messages.map((each) => ({ ...each, ...fresh })));
}

/** Messages about one alert on one channel are sent in order: a later one waits for the earlier ones. */
const isFirst = sql`not exists (
  select 1 from ${deliveries} as earlier
  where earlier.project = ${deliveries.project} and earlier.alert = ${deliveries.alert} and earlier.channel = ${deliveries.channel}
    and earlier.state = 'waiting'
    and (earlier.created_at, earlier.id) < (${deliveries.createdAt}, ${deliveries.id}))`;

/** A later message about the alert exists: sending its opening now would report it as open. */
const isOvertaken = sql`exists (
  select 1 from ${deliveries} as later
  where later.project = ${deliveries.project} and later.alert = ${deliveries.alert} and later.channel = ${deliveries.channel}
    and later.state = 'delivered'
    and (later.created_at, later.id) > (${deliveries.createdAt}, ${deliveries.id}))`;

export function deliveryRepository({ database, project }: RepositoryContext): DeliveryMethods {
  const mine = eq(deliveries.project, project);
  return {
    async listDeliveries({ state, alert, channel, limit = 100 } = {}) {
      const rows = await database
        .select()
        .from(deliveries)
        .where(
          and(mine, eqIf(deliveries.state, state), eqIf(deliveries.alert, alert), eqIf(deliveries.channel, channel)),
        )
        .orderBy(desc(deliveries.createdAt), desc(deliveries.id))
        .limit(limit);
      return rows.map(toDelivery);
    },

    countDead: () => database.$count(deliveries, and(mine, eq(deliveries.state, 'dead'))),

    async claimDeliveries({ now, leaseMs, limit }) {
      const isDue = or(lte(deliveries.nextAt, now), gt(deliveries.nextAt, new Date(now.getTime() + furthestMs)));
      const due = database
        .select({ id: deliveries.id })
        .from(deliveries)
        .where(and(mine, eq(deliveries.state, 'waiting'), isDue, isFirst))
        .orderBy(asc(deliveries.nextAt))
        .limit(limit)
        .for('update', { skipLocked: true });
      const rows = await database
        .update(deliveries)
        .set({ attempts: sql`${deliveries.attempts} + 1`, nextAt: new Date(now.getTime() + leaseMs) })
        // an array is evaluated once: a subquery may be evaluated for each row
        .where(sql`${deliveries.id} = any(array(${due}))`)
        .returning();
      return rows.map(toDelivery);
    },

    async finishDelivery({ id, attempts }, outcome) {
      const ended =
        outcome.state === 'delivered'
          ? { state: outcome.state, deliveredAt: outcome.at, nextAt: null, lastError: outcome.error }
          : {
              state: outcome.state,
              nextAt: outcome.state === 'waiting' ? outcome.nextAt : null,
              lastError: outcome.error,
            };
      await database
        .update(deliveries)
        .set(ended)
        .where(and(mine, eq(deliveries.id, id), eq(deliveries.attempts, attempts), eq(deliveries.state, 'waiting')));
    },

    async retryDead({ channel, id }, at) {
      const rows = await database
        .update(deliveries)
        .set({ state: 'waiting', attempts: 0, nextAt: at })
        .where(
          and(
            mine,
            eq(deliveries.state, 'dead'),
            eqIf(deliveries.channel, channel),
            id === undefined ? not(isOvertaken) : eq(deliveries.id, id),
          ),
        )
        .returning({ id: deliveries.id });
      return rows.length;
    },
  };
}
