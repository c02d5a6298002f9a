import { and, count, desc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import type { Alert } from '../../contracts/loop/alert.ts';
import { severityOf } from '../../contracts/severity.ts';
import { eqIf, ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { alerts } from '../database/feedback-schema.ts';
import type { AlertStore } from './contract.ts';
import { queueDeliveries } from './deliveries.ts';

type AlertMethods = Pick<
  AlertStore,
  'listAlerts' | 'countUnresolved' | 'getAlert' | 'newestAlerts' | 'openAlert' | 'changeAlert'
>;

function toAlert({ project: _, ...alert }: typeof alerts.$inferSelect): Alert {
  return { ...alert, severity: severityOf(alert.kind) };
}

export function openedAlertRepository({ database, project }: RepositoryContext): AlertMethods {
  const mine = eq(alerts.project, project);
  return {
    async listAlerts({ states, endpoint, monitor, before, limit = 100 } = {}) {
      const rows = await database
        .select()
        .from(alerts)
        .where(
          and(
            mine,
            states === undefined ? undefined : inArray(alerts.state, [...states]),
            eqIf(alerts.endpoint, endpoint),
            eqIf(alerts.monitor, monitor),
            ltIf(alerts.seq, before),
          ),
        )
        .orderBy(desc(alerts.seq))
        .limit(limit);
      return rows.map(toAlert);
    },

    async countUnresolved() {
      const { endpoint, kind, state } = alerts;
      return await database
        .select({ endpoint, kind, state, count: count() })
        .from(alerts)
        .where(and(mine, ne(state, 'resolved')))
        .groupBy(endpoint, kind, state);
    },

    async getAlert(idOrMonitor) {
      const liveOfMonitor = and(eq(alerts.monitor, idOrMonitor), ne(alerts.state, 'resolved'));
      const [row] = await database
        .select()
        .from(alerts)
        .where(and(mine, or(eq(alerts.id, idOrMonitor), liveOfMonitor)))
        .limit(1);
      return row ? toAlert(row) : null;
    },

    async newestAlerts() {
      const rows = await database
        .selectDistinctOn([alerts.monitor])
        .from(alerts)
        .where(mine)
        .orderBy(alerts.monitor, desc(alerts.seq));
      return new Map(rows.map((row) => [row.monitor, toAlert(row)]));
    },

    async openAlert(alert, messages) {
      return await database.transaction(async (tx) => {
        const [row] = await tx
          .insert(alerts)
          .values({ ...alert, project, state: 'open' })
          .onConflictDoNothing()
          .returning();
        if (row === undefined) return null;
        await queueDeliveries(tx, { project, alert: alert.id, at: alert.openedAt }, messages);
        return toAlert(row);
      });
    },

    async changeAlert(read, { entry, ...change }, messages, at) {
      return await database.transaction(async (tx) => {
        const timeline = entry && sql`${alerts.timeline} || ${JSON.stringify([entry])}::jsonb`;
        const [row] = await tx
          .update(alerts)
          .set({ ...change, ...(timeline && { timeline }) })
          .where(
            and(
              mine,
              eq(alerts.id, read.id),
              eq(alerts.state, read.state),
              eq(alerts.resultSeq, read.resultSeq),
              sql`jsonb_array_length(${alerts.timeline}) = ${read.timeline.length}`,
            ),
          )
          .returning();
        if (row === undefined) return null;
        await queueDeliveries(tx, { project, alert: read.id, at }, messages);
        return toAlert(row);
      });
    },
  };
}
