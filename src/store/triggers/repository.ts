import { and, asc, eq, sql } from 'drizzle-orm';
import type { StoredTrigger } from '../../contracts/loop/trigger.ts';
import { MitateError } from '../../errors/index.ts';
import type { RepositoryContext } from '../database/context.ts';
import { firings, triggers } from '../database/feedback-schema.ts';
import { inTime } from '../feedback/in-time.ts';
import { trustedRows } from '../feedback/truth.ts';
import type { TriggerStore } from './contract.ts';
import { firingDecider } from './decide-firing.ts';
import { firingRepository } from './firings.ts';

export function triggerRepository(context: RepositoryContext): TriggerStore {
  const { database, project } = context;
  const mine = eq(triggers.project, project);
  const named = (name: string) => and(mine, eq(triggers.name, name));

  return {
    ...firingRepository(context),
    decideFiring: firingDecider(context),

    async createTrigger(wanted, { who, at, memory, isConfined = false }) {
      const definition = { ...wanted, isConfined };
      const [row] = await database
        .insert(triggers)
        .values({ project, name: definition.name, definition, since: at, createdAt: at, who, memory })
        .onConflictDoNothing()
        .returning();
      if (row === undefined) throw new MitateError('TRIGGER_EXISTS', { trigger: definition.name });
      return toTrigger(row);
    },

    async enableTrigger(name, isEnabled, at) {
      const wasOff = sql`(${triggers.definition} ->> 'isEnabled') = 'false'`;
      const [row] = await database
        .update(triggers)
        .set({
          definition: sql`jsonb_set(${triggers.definition}, '{isEnabled}', ${JSON.stringify(isEnabled)}::jsonb)`,
          since: isEnabled
            ? sql`case when ${wasOff} then ${at.toISOString()}::timestamptz else ${triggers.since} end`
            : triggers.since,
        })
        .where(named(name))
        .returning();
      if (row === undefined) throw new MitateError('TRIGGER_UNKNOWN', { trigger: name });
      return toTrigger(row);
    },

    async removeTrigger(name) {
      await database.transaction(async (tx) => {
        const removed = await tx.delete(triggers).where(named(name)).returning({ name: triggers.name });
        if (removed.length === 0) throw new MitateError('TRIGGER_UNKNOWN', { trigger: name });
        await tx
          .update(firings)
          .set({ state: 'skipped', why: 'the trigger was removed' })
          .where(and(eq(firings.project, project), eq(firings.trigger, name), eq(firings.state, 'held')));
      });
    },

    async getTrigger(name) {
      const [row] = await database.select().from(triggers).where(named(name));
      return row ? toTrigger(row) : null;
    },

    async listTriggers() {
      const rows = await database.select().from(triggers).where(mine).orderBy(asc(triggers.name));
      return rows.map(toTrigger);
    },

    async rememberFolder(name, memory, expected) {
      const text = expected && JSON.stringify(expected);
      const asExpected =
        expected === undefined ? undefined : sql`${triggers.memory} is not distinct from ${text}::jsonb`;
      await database
        .update(triggers)
        .set({ memory })
        .where(and(named(name), asExpected));
    },

    async labelMoments({ endpoint, from, to }) {
      const { rows } = await database.execute<{ at: string }>(sql`
        select t.first_at as at from (${trustedRows(project, endpoint, inTime(sql`l.at`, from, to))}) t
        where ${inTime(sql`t.first_at`, from, to)} order by t.first_at`);
      return rows.map(({ at }) => new Date(at));
    },
  };
}

function toTrigger({ definition, since, createdAt, who, memory }: typeof triggers.$inferSelect): StoredTrigger {
  return {
    ...definition,
    isConfined: definition.isConfined ?? false,
    since,
    createdAt,
    who,
    memory,
    problem: memory?.problem ?? null,
  };
}
