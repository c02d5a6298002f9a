import type { OpenStore } from '../../src/store/open-store.ts';

/** Columns that change by themselves: of sessions and keys in batches, some seconds later, `runs` every 15 s while one goes on. */
const unasked: Record<string, string> = {
  sessions: 'last_used_at',
  api_keys: 'last_used_at',
  runs: 'heartbeat_at',
};

interface Table {
  name: string;
  /** Has a column `project`. */
  of: boolean;
}

async function tablesOf({ connection: { pool } }: OpenStore): Promise<Table[]> {
  const { rows } = await pool.query<Table>(
    `select t.table_name as name, exists (select from information_schema.columns c where c.table_schema = 'public'
       and c.table_name = t.table_name and c.column_name = 'project') as of
     from information_schema.tables t where t.table_schema = 'public' and t.table_type = 'BASE TABLE'
     union all select 'mitate_queue.job', false where to_regclass('mitate_queue.job') is not null`,
  );
  return rows;
}

/** Rows of a project, and people whose names begin with it. */
function isOf(project: string, { name, of }: Table): string {
  if (of) return `project = '${project}'`;
  if (name === 'users') return `name like '${project}%'`;
  return name.endsWith('.job') ? `data ->> 'project' = '${project}'` : 'false';
}

/** A digest of the rows of each table; of one project, those of its rows and of people whose names begin with it. */
export async function tableDigests(
  store: OpenStore,
  { project, except = [] }: { project?: string; except?: readonly string[] } = {},
): Promise<Record<string, string>> {
  const where = (table: Table) => (project === undefined ? 'true' : isOf(project, table));
  const text = (name: string) => (name in unasked ? `(to_jsonb(t) - '${unasked[name]}')::text` : 't::text');
  const queries = (await tablesOf(store))
    .filter(({ name }) => !except.includes(name))
    .map(
      (table) =>
        `select '${table.name}' as name, md5(coalesce(string_agg(${text(table.name)}, '|' order by ${text(table.name)}), '')) as digest from ${table.name} t where ${where(table)}`,
    );
  const { rows } = await store.connection.pool.query<{ name: string; digest: string }>(queries.join(' union all '));
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

/** What the rows of a project say, one text a row. */
export async function rowsOfProject(store: OpenStore, project: string): Promise<string[]> {
  const queries = (await tablesOf(store)).map(
    (table) => `select t::text as row from ${table.name} t where ${isOf(project, table)}`,
  );
  const { rows } = await store.connection.pool.query<{ row: string }>(queries.join(' union all '));
  return rows.map(({ row }) => row);
}
