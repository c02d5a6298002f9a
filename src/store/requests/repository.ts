import { and, asc, count, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import { ltIf } from '../database/conditions.ts';
import type { RepositoryContext } from '../database/context.ts';
import { onlyRow } from '../database/only-row.ts';
import { factRequests, journalPositions } from '../database/schema.ts';
import { conditions } from './conditions.ts';
import type { RequestFilter, RequestStore } from './contract.ts';
import { syncDatabase } from './durability.ts';
import { erasureMethods } from './erasure.ts';
import { ingestStatement } from './ingest.ts';
import { partitionMethods } from './partitions.ts';
import { type RequestRow, toLoggedRequest } from './row.ts';

/** `RequestStore` without the iterator, which `withScan` adds. */
type PagedRequests = Omit<RequestStore, 'scanRequests'> & {
  /** Oldest first, after a row. */
  requestPage(filter: RequestFilter, after: LoggedRequest | null): Promise<LoggedRequest[]>;
};

const pageRows = 1_000;

export function requestRepository(context: RepositoryContext): PagedRequests {
  const { database, project } = context;
  const matching = (filter: RequestFilter, ...more: (SQL | undefined)[]) =>
    and(eq(factRequests.project, project), ...conditions(project, filter), ...more);

  /** Rows of shadows, which have no response, are read with the response that the client got. */
  const toRequests = async (rows: readonly RequestRow[]): Promise<LoggedRequest[]> => {
    const { publicId, responsePayload } = factRequests;
    const shadowed = rows.flatMap((row) => (mayBeOlderShadow(row) ? [row.shadowOf] : []));
    const answers =
      shadowed.length === 0
        ? []
        : await database
            .select({ publicId, response: sql<string | null>`${responsePayload}[1]` })
            .from(factRequests)
            .where(inArray(publicId, shadowed));
    const responses = new Map(answers.map(({ publicId, response }) => [publicId, response]));
    return rows.map((row) => toLoggedRequest(row, row.shadowOf && responses.get(row.shadowOf)));
  };

  return {
    ...partitionMethods(context),
    ...erasureMethods(context),

    async ingest(source, rows, position) {
      const { rows: erased } = await database.execute(ingestStatement(source, rows, position));
      return erased as { project: string; image: string }[];
    },

    async journalPosition(source) {
      const [row] = await database.select().from(journalPositions).where(eq(journalPositions.source, source));
      return row ? { segment: row.segment, offset: row.offset } : null;
    },

    makeDurable: () => syncDatabase(context),

    async listRequests(filter = {}) {
      const rows = await database
        .select()
        .from(factRequests)
        .where(matching(filter, ltIf(factRequests.requestId, filter.before)))
        .orderBy(desc(factRequests.requestId))
        .limit(filter.limit ?? 100);
      return await toRequests(rows);
    },

    async countRequests(filter, most) {
      const found = database.select({ one: sql`1` }).from(factRequests).where(matching(filter)).limit(most).as('found');
      return onlyRow(await database.select({ count: count() }).from(found)).count;
    },

    async getRequest(publicId) {
      if (!isUuid(publicId)) return null;
      const [row] = await database
        .select()
        .from(factRequests)
        .where(matching({}, eq(factRequests.publicId, publicId)));
      return row ? ((await toRequests([row]))[0] ?? null) : null;
    },

    async requestPage(filter, after) {
      const { loggingTime, requestId } = factRequests;
      const beyond = after && sql`(${loggingTime}, ${requestId}) > (${after.loggingTime.toISOString()}, ${after.key})`;
      const rows = await database
        .select()
        .from(factRequests)
        .where(matching(filter, beyond ?? undefined))
        .orderBy(asc(loggingTime), asc(requestId))
        .limit(pageRows);
      return await toRequests(rows);
    },
  };
}

/** Adds the iterator. */
export function withScan({ requestPage, ...methods }: PagedRequests): RequestStore {
  return {
    ...methods,
    async *scanRequests(filter = {}) {
      let page: LoggedRequest[] = [];
      do {
        page = await requestPage(filter, page.at(-1) ?? null);
        if (page.length > 0) yield page;
      } while (page.length === pageRows);
    },
  };
}

const mayBeOlderShadow = (row: RequestRow): row is RequestRow & { shadowOf: string } =>
  row.shadowOf !== null && row.label !== null && row.positiveProbability === null;

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
