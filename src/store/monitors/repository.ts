import { and, asc, desc, eq, gte, isNull, sql } from 'drizzle-orm';
import { type Monitor, type MonitorResult, monitorSchema, type StoredMonitor } from '../../contracts/loop/monitor.ts';
import { MitateError } from '../../errors/index.ts';
import { eqIf, gtIf, ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { monitorNulls, monitorResults, monitors } from '../database/feedback-schema.ts';
import type { MonitorStore, NullKey } from './contract.ts';
import { windowMethods } from './windows.ts';

export function monitorRepository(context: RepositoryContext): MonitorStore {
  const { database, project } = context;
  const live = and(eq(monitors.project, project), isNull(monitors.removedAt));
  const named = (name: string) => and(live, eq(monitors.name, name));
  const nullOf = ({ reference, kind, parameters, size }: NullKey) =>
    and(
      eq(monitorNulls.reference, reference),
      eq(monitorNulls.kind, kind),
      eq(monitorNulls.parameters, parameters),
      eq(monitorNulls.size, size),
    );

  return {
    ...windowMethods(context),

    async createMonitor(definition, { who, at }) {
      const { name, endpoint } = definition;
      const fresh = { endpoint, definition, createdAt: at, who, removedAt: null };
      const [row] = await database
        .insert(monitors)
        .values({ project, name, ...fresh })
        .onConflictDoUpdate({
          target: [monitors.project, monitors.name],
          set: fresh,
          setWhere: sql`${monitors.removedAt} is not null`,
        })
        .returning();
      if (row === undefined) throw new MitateError('MONITOR_EXISTS', { monitor: name });
      return toMonitor(row);
    },

    async addMissing(definitions, { who, at }) {
      if (definitions.length === 0) return [];
      const rows = await database
        .insert(monitors)
        .values(definitions.map((definition) => rowOf(definition, { project, who, createdAt: at })))
        .onConflictDoNothing()
        .returning({ name: monitors.name });
      return rows.map(({ name }) => name);
    },

    async setMonitor(name, { isEnabled }) {
      const [row] = await database
        .update(monitors)
        .set({ definition: sql`${monitors.definition} || ${JSON.stringify({ isEnabled })}::jsonb` })
        .where(named(name))
        .returning();
      if (row === undefined) throw new MitateError('MONITOR_UNKNOWN', { monitor: name });
      return toMonitor(row);
    },

    async removeMonitor(name, at) {
      const rows = await database.update(monitors).set({ removedAt: at }).where(named(name)).returning();
      if (rows.length === 0) throw new MitateError('MONITOR_UNKNOWN', { monitor: name });
    },

    async getMonitor(name) {
      const [row] = await database.select().from(monitors).where(named(name));
      return row ? toMonitor(row) : null;
    },

    async listMonitors({ endpoint } = {}) {
      const rows = await database
        .select()
        .from(monitors)
        .where(and(live, eqIf(monitors.endpoint, endpoint)))
        .orderBy(asc(monitors.name));
      return rows.map(toMonitor);
    },

    async addResult(result) {
      const [row] = await database
        .insert(monitorResults)
        .values({ ...result, project })
        .onConflictDoNothing()
        .returning();
      return row ? toResult(row) : null;
    },

    async listResults({ monitor, endpoint, after, before, from, limit = 100 } = {}) {
      const rows = await database
        .select()
        .from(monitorResults)
        .where(
          and(
            eq(monitorResults.project, project),
            eqIf(monitorResults.monitor, monitor),
            eqIf(monitorResults.endpoint, endpoint),
            gtIf(monitorResults.seq, after),
            ltIf(monitorResults.seq, before),
            from && gte(monitorResults.windowEnd, from),
          ),
        )
        .orderBy(desc(monitorResults.seq))
        .limit(limit);
      return rows.map(toResult);
    },

    async latestResults() {
      // by the index, one per monitor: `distinct on` would read every result at each scrape of /metrics
      const newest = database
        .select()
        .from(monitorResults)
        .where(and(eq(monitorResults.project, project), eq(monitorResults.monitor, monitors.name)))
        .orderBy(desc(monitorResults.seq))
        .limit(1)
        .as('newest');
      const rows = await database
        .select()
        .from(monitors)
        .innerJoinLateral(newest, sql`true`)
        .where(live)
        .orderBy(asc(monitors.name));
      return rows.map((row) => toResult(row.newest));
    },

    async getNull(key) {
      const [row] = await database.select().from(monitorNulls).where(nullOf(key));
      return row ? Float64Array.from(row.statistics) : null;
    },

    async putNull(key, statistics, at) {
      await database
        .insert(monitorNulls)
        .values({ ...key, statistics: [...statistics], at })
        .onConflictDoUpdate({
          target: [monitorNulls.reference, monitorNulls.kind, monitorNulls.parameters, monitorNulls.size],
          set: { statistics: [...statistics], at },
        });
    },
  };
}

function rowOf(definition: Monitor, made: { project: string; who: string; createdAt: Date }) {
  const { name, endpoint } = definition;
  return { name, endpoint, definition, ...made };
}

function toMonitor({ definition, createdAt, who }: typeof monitors.$inferSelect): StoredMonitor {
  return { ...monitorSchema.parse(definition), createdAt, who };
}

function toResult({ project: _, ...row }: typeof monitorResults.$inferSelect): MonitorResult {
  return row;
}
