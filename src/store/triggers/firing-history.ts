import { and, eq, gte, lte, max, sql } from 'drizzle-orm';
import type { FiringHistory } from '../../contracts/loop/trigger.ts';
import type { Queryable } from '../database/connect.ts';
import { feedback, firings } from '../database/feedback-schema.ts';
import { onlyRow } from '../database/only-row.ts';
import { trustedRows } from '../feedback/truth.ts';
import type { HistoryQuery } from './contract.ts';

/** What the limits of a trigger are checked against. Requires the lock on the trigger's row. */
export async function firingHistory(
  tx: Queryable,
  project: string,
  trigger: string,
  { now, reachMs, endpoint }: HistoryQuery,
): Promise<FiringHistory> {
  const fired = and(eq(firings.project, project), eq(firings.trigger, trigger), eq(firings.state, 'fired'));
  const near = await tx
    .select({ at: firings.at })
    .from(firings)
    .where(
      and(
        fired,
        gte(firings.at, new Date(now.getTime() - reachMs)),
        lte(firings.at, new Date(now.getTime() + reachMs)),
      ),
    );
  const [last] = await tx
    .select({ seq: max(firings.feedbackSeq) })
    .from(firings)
    .where(fired);
  return {
    fired: near.map(({ at }) => at),
    newLabels: await countLabelled(tx, project, endpoint, last?.seq ?? 0),
  };
}

/** Photos that were labelled since. */
async function countLabelled(
  tx: Queryable,
  project: string,
  endpoint: string | null,
  afterSeq: number,
): Promise<number> {
  const { rows } = await tx.execute<{ count: number }>(
    sql`select count(*)::int as count from (${trustedRows(project, endpoint, sql`l.seq > ${afterSeq}`)}) labelled`,
  );
  return onlyRow(rows).count;
}

export async function newestFeedback(tx: Queryable, project: string): Promise<number> {
  const [row] = await tx
    .select({ seq: max(feedback.seq) })
    .from(feedback)
    .where(eq(feedback.project, project));
  return row?.seq ?? 0;
}
