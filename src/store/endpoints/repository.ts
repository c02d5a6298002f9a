import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import {
  type Deployment,
  type Endpoint,
  type EndpointSettings,
  endpointSettingsSchema,
} from '../../contracts/endpoint.ts';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import type { RepositoryContext } from '../database/context.ts';
import { onlyRow } from '../database/only-row.ts';
import { endpoints } from '../database/schema.ts';
import { changePlan, lockEndpoint } from './change-plan.ts';
import type { EndpointStore } from './contract.ts';
import { listDeployments, stableFirst } from './deployments.ts';
import { appendEvent, planBefore, readEventsAt, readTimeline } from './events.ts';

/** Only explicit settings are stored, so that a new default reaches the other endpoints. */
type GivenSettings = Partial<EndpointSettings>;

const settingsOf = (given: GivenSettings): EndpointSettings => endpointSettingsSchema.parse(given);

type Row = typeof endpoints.$inferSelect;

export function endpointRepository({ database, project, now }: RepositoryContext): EndpointStore {
  const live = and(eq(endpoints.project, project), isNull(endpoints.deletedAt));
  const keyOf = (endpoint: string) => ({ project, endpoint });

  const touch = (tx: Queryable, name: string, at: Date): Promise<Row> => lockEndpoint(tx, keyOf(name), at);
  const read = async (tx: Queryable, row: Row): Promise<Endpoint> =>
    toEndpoint(row, await listDeployments(tx, keyOf(row.name)));

  return {
    async createEndpoint(name, { displayName, settings = {}, ...change }) {
      const at = now();
      const given = mergeSettings(name, {}, settings);
      return database.transaction(async (tx) => {
        const fresh = { displayName: displayName ?? null, settings: given, createdAt: at };
        const [row] = await tx
          .insert(endpoints)
          .values({ project, name, ...fresh })
          .onConflictDoUpdate({
            target: [endpoints.project, endpoints.name],
            set: { ...fresh, updatedAt: null, deletedAt: null },
            setWhere: isNotNull(endpoints.deletedAt),
          })
          .returning();
        if (row === undefined) throw new MitateError('ENDPOINT_EXISTS', { endpoint: name });
        await appendEvent(tx, keyOf(name), { ...change, at, action: 'create', before: null, after: given });
        return toEndpoint(row, []);
      });
    },

    async setEndpoint(name, settings, { unchangedSince, ...change }) {
      const at = now();
      return database.transaction(async (tx) => {
        const [found] = await tx
          .select({ updatedAt: endpoints.updatedAt })
          .from(endpoints)
          .where(and(live, eq(endpoints.name, name)))
          .for('update');
        const isChanged = found?.updatedAt?.getTime() !== unchangedSince?.getTime();
        if (unchangedSince !== undefined && found && isChanged)
          throw new MitateError('ENDPOINT_CHANGED', { endpoint: name });
        const { settings: before } = await touch(tx, name, at);
        const after = mergeSettings(name, before, settings);
        const rows = await tx
          .update(endpoints)
          .set({ settings: after })
          .where(and(live, eq(endpoints.name, name)))
          .returning();
        await appendEvent(tx, keyOf(name), { ...change, at, action: 'set', before, after });
        return read(tx, onlyRow(rows));
      });
    },

    async deleteEndpoint(name, change) {
      const at = now();
      await database.transaction(async (tx) => {
        const { deployments } = await read(tx, await touch(tx, name, at));
        if (deployments.length > 0)
          throw new MitateError('ENDPOINT_SERVES', { endpoint: name, deployments: deployments.length });
        await tx
          .update(endpoints)
          .set({ deletedAt: at })
          .where(and(live, eq(endpoints.name, name)));
        await appendEvent(tx, keyOf(name), { ...change, at, action: 'delete', before: null, after: null });
      });
    },

    async getEndpoint(name) {
      const [row] = await database
        .select()
        .from(endpoints)
        .where(and(live, eq(endpoints.name, name)));
      return row ? read(database, row) : null;
    },

    async listEndpoints() {
      const rows = await database.select().from(endpoints).where(live).orderBy(asc(endpoints.name));
      const all = await listDeployments(database, { project });
      return rows.map((row) =>
        toEndpoint(
          row,
          all.filter(({ endpoint }) => endpoint === row.name),
        ),
      );
    },

    async planEndpoint(name, plan, change) {
      const at = now();
      return database.transaction(async (tx) => read(tx, await changePlan(tx, keyOf(name), { ...change, plan, at })));
    },

    async noteEndpoint(name, { details, ...note }) {
      await appendEvent(database, keyOf(name), { ...note, at: now(), before: null, after: details });
    },

    endpointTimeline: (name, filter = {}) => readTimeline(database, keyOf(name), filter),

    eventsAt: (name, at) => readEventsAt(database, keyOf(name), at),

    previousPlan: (name) => planBefore(database, keyOf(name)),

    async endpointsRevision() {
      // including the count: a lower number may be committed after a higher one
      const { rows } = await database.execute<{ revision: string }>(sql`
        select count(*) || ':' || coalesce(max(seq), 0) as revision from endpoint_events
        where action not in ('refused', 'ready')`);
      return onlyRow(rows).revision;
    },
  };
}

function toEndpoint({ deletedAt: _, settings, ...row }: Row, deployments: Deployment[]): Endpoint {
  return {
    ...row,
    settings: settingsOf(settings),
    deployments: deployments.toSorted(stableFirst),
  };
}

/** `null` restores the default. @throws ENDPOINT_SETTING_INVALID */
function mergeSettings(
  endpoint: string,
  given: GivenSettings,
  change: { [K in keyof EndpointSettings]?: EndpointSettings[K] | null },
): GivenSettings {
  const merged = Object.fromEntries(Object.entries({ ...given, ...change }).filter(([, value]) => value !== null));
  const checked = endpointSettingsSchema.strict().safeParse(merged);
  if (checked.success) return merged;
  const [issue] = checked.error.issues;
  throw new MitateError('ENDPOINT_SETTING_INVALID', {
    endpoint,
    setting: issue?.path.join('.') || 'settings',
    reason: issue?.message ?? 'not valid',
  });
}
