import { sql } from 'drizzle-orm';
import type { RepositoryContext } from '../database/context.ts';
import { onlyRow } from '../database/only-row.ts';
import type { RequestPartition, RequestStore } from './contract.ts';

const monthsAhead = 2;
const otherPartition = 'fact_requests_other';

type Methods = Pick<RequestStore, 'makePartitions' | 'listPartitions' | 'dropPartition'>;

export function partitionMethods({ database }: RepositoryContext): Methods {
  const listPartitions = async (): Promise<RequestPartition[]> => {
    const { rows } = await database.execute(sql`
      select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'fact_requests'::regclass order by c.relname`);
    return rows.map(({ name }) => partition(name as string)).sort((a, b) => Number(a.from ?? 0) - Number(b.from ?? 0));
  };

  return {
    listPartitions,

    async makePartitions(at) {
      const present = new Set((await listPartitions()).map(({ name }) => name));
      for (let ahead = 0; ahead <= monthsAhead; ahead++) {
        const month = monthAt(at.getUTCFullYear(), at.getUTCMonth() + ahead);
        if (!present.has(month.name)) await makePartition(month);
      }
    },

    async dropPartition(name) {
      const found = (await listPartitions()).find((one) => one.name === name && one.from !== null);
      if (found) await database.execute(sql.raw(`drop table "${found.name}"`));
    },
  };

  /** A partition cannot be created while the default partition has its rows: move them. */
  async function makePartition({ name, from, to }: Month): Promise<void> {
    const [first, after] = [from.toISOString(), to.toISOString()];
    await database.transaction(async (tx) => {
      await tx.execute(sql`lock table fact_requests in share row exclusive mode`);
      const there = await tx.execute(sql`select to_regclass(${name}) is not null as there`);
      if (onlyRow(there.rows).there) return;
      await tx.execute(
        sql.raw(`create temporary table moving on commit drop as
        select * from ${otherPartition} where logging_time >= '${first}' and logging_time < '${after}'`),
      );
      await tx.execute(
        sql.raw(`delete from ${otherPartition} where logging_time >= '${first}' and logging_time < '${after}'`),
      );
      await tx.execute(
        sql.raw(`create table "${name}" partition of fact_requests for values from ('${first}') to ('${after}')`),
      );
      await tx.execute(sql`insert into fact_requests select * from moving`);
    });
  }
}

type Month = RequestPartition & { from: Date; to: Date };

/** @param month from 0; 12 = January of the next year */
function monthAt(year: number, month: number): Month {
  const [from, to] = [new Date(Date.UTC(year, month)), new Date(Date.UTC(year, month + 1))];
  const name = `fact_requests_${from.getUTCFullYear()}_${String(from.getUTCMonth() + 1).padStart(2, '0')}`;
  return { name, from, to };
}

function partition(name: string): RequestPartition {
  const found = /^fact_requests_(\d{4})_(\d{2})$/.exec(name);
  return found ? monthAt(Number(found[1]), Number(found[2]) - 1) : { name, from: null, to: null };
}
