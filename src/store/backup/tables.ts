import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { getTableName } from 'drizzle-orm';
import type pg from 'pg';
import * as schema from '../database/schema.ts';

type Client = Pick<pg.PoolClient, 'query'>;

/** Every table comes after those that it points to. */
export const tableNames: string[] = [
  schema.runs,
  schema.executions,
  schema.artifacts,
  schema.executionInputs,
  schema.executionOutputs,
  schema.modelVersions,
  schema.aliasChanges,
  schema.endpoints,
  schema.deployments,
].map((table) => getTableName(table));

const batch = 1_000;

export async function hasTable(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as there', [`public.${table}`]);
  return rows[0].there;
}

async function hasSequence(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query(
    `select 1 from information_schema.columns where table_schema = 'public' and table_name = $1 and column_name = 'seq'`,
    [table],
  );
  return rows.length > 0;
}

/** One JSON object a line, in order of arrival. Inside the caller's transaction; flat memory. */
export async function exportTable(client: Client, table: string, file: string): Promise<void> {
  const order = (await hasSequence(client, table)) ? 'order by seq' : '';
  await client.query(`declare rows_of_table cursor for select row_to_json(t)::text as line from "${table}" t ${order}`);
  await using out = await open(file, 'w');
  for (;;) {
    const { rows } = await client.query(`fetch ${batch} from rows_of_table`);
    if (rows.length === 0) break;
    await out.appendFile(rows.map(({ line }: { line: string }) => `${line}\n`).join(''));
  }
  await client.query('close rows_of_table');
}

/** Fills an empty table of the same schema. Inside the caller's transaction. */
export async function importTable(client: Client, table: string, file: string): Promise<void> {
  let lines: string[] = [];
  const flush = async () => {
    if (lines.length === 0) return;
    const records = `[${lines.join(',')}]`;
    await client.query(`insert into "${table}" select * from json_populate_recordset(null::"${table}", $1::json)`, [
      records,
    ]);
    lines = [];
  };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    lines.push(line);
    if (lines.length === batch) await flush();
  }
  await flush();
  if (!(await hasSequence(client, table))) return;
  await client.query(
    `select setval(pg_get_serial_sequence('public.${table}', 'seq'), coalesce((select max(seq) from "${table}"), 0) + 1, false)`,
  );
}
