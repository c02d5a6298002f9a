import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { getTableName } from 'drizzle-orm';
import type pg from 'pg';
import { linesOf } from '../../codecs/lines-of.ts';
import * as feedback from '../database/feedback-schema.ts';
import * as schema from '../database/schema.ts';

type Client = Pick<pg.PoolClient, 'query'>;

/** Every table comes after the tables that it references. */
const tables = [
  schema.projects,
  schema.runs,
  schema.pipelineDefinitions,
  schema.executions,
  schema.artifacts,
  schema.executionInputs,
  schema.executionOutputs,
  schema.modelVersions,
  schema.aliasChanges,
  schema.endpoints,
  schema.deployments,
  schema.endpointEvents,
  schema.apiKeys,
  schema.users,
  schema.userRoles,
  schema.sessions,
  schema.preferences,
  schema.secrets,
  schema.auditLog,
  schema.factRequests,
  schema.requestHours,
  schema.labelHours,
  schema.imageHolds,
  schema.tombstones,
  schema.journalPositions,
  feedback.feedback,
  feedback.linkRevocations,
  feedback.reviewItems,
  feedback.reviewFills,
  feedback.monitors,
  feedback.monitorResults,
  feedback.monitorNulls,
  feedback.alerts,
  feedback.channels,
  feedback.deliveries,
  feedback.triggers,
  feedback.firings,
  feedback.promotions,
  feedback.approvals,
  feedback.releases,
  feedback.releaseStarts,
  feedback.proofs,
  feedback.webhookNonces,
  feedback.corrections,
  feedback.labelNames,
  feedback.goldenExamples,
  feedback.flywheelSpans,
  feedback.flywheelPhotos,
];

export const tableNames: string[] = tables.map((table) => getTableName(table));

/** A restore signs nobody in, and journal positions belong to a journal that may have changed. */
const ofTheMoment: string[] = [schema.sessions, schema.journalPositions].map((table) => getTableName(table));

export const keptTableNames: string[] = tableNames.filter((name) => !ofTheMoment.includes(name));

const batch = 1_000;

export async function hasTable(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as there', [`public.${table}`]);
  return rows[0].there;
}

/** Column numbered by the database. */
async function numberedColumn(client: Client, table: string): Promise<string | undefined> {
  const { rows } = await client.query(
    `select column_name from information_schema.columns
     where table_schema = 'public' and table_name = $1 and column_default like 'nextval(%'`,
    [table],
  );
  return rows[0]?.column_name;
}

/** JSON Lines, in order of arrival. Inside the caller's transaction; constant memory. */
export async function exportTable(client: Client, table: string, file: string): Promise<void> {
  // millions of requests have no index on their number, and need no order
  const order = (await numberedColumn(client, table)) === 'seq' ? 'order by seq' : '';
  await client.query(`declare rows_of_table cursor for select row_to_json(t)::text as line from "${table}" t ${order}`);
  await using out = await open(file, 'w');
  for (;;) {
    const { rows } = await client.query(`fetch ${batch} from rows_of_table`);
    if (rows.length === 0) break;
    await out.appendFile(rows.map(({ line }: { line: string }) => `${line}\n`).join(''));
  }
  await client.query('close rows_of_table');
}

/** Replaces the rows of a table with the same schema. Inside the caller's transaction. */
export async function importTable(client: Client, table: string, file: string): Promise<void> {
  await client.query(`delete from "${table}"`);
  let lines: string[] = [];
  const flush = async () => {
    if (lines.length === 0) return;
    const records = `[${lines.join(',')}]`;
    await client.query(`insert into "${table}" select * from json_populate_recordset(null::"${table}", $1::json)`, [
      records,
    ]);
    lines = [];
  };
  for await (const line of linesOf(createReadStream(file, 'utf8'))) {
    lines.push(line);
    if (lines.length === batch) await flush();
  }
  await flush();
  const column = await numberedColumn(client, table);
  if (column === undefined) return;
  await client.query(
    `select setval(pg_get_serial_sequence('public.${table}', '${column}'), coalesce((select max(${column}) from "${table}"), 0) + 1, false)`,
  );
}
