import { Socket } from 'node:net';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { MitateError } from '../../errors/index.ts';
import * as feedbackSchema from './feedback-schema.ts';
import * as servingSchema from './schema.ts';

const schema = { ...servingSchema, ...feedbackSchema };

export type Database = NodePgDatabase<typeof schema>;
/** A database or a transaction on it. */
export type Queryable = Pick<Database, 'select' | 'selectDistinctOn' | 'insert' | 'update' | 'delete' | 'execute'>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

export interface Connection extends AsyncDisposable {
  pool: pg.Pool;
  database: Database;
}

/** A socket that connects to a path, whatever host and port the driver passes. */
class PathSocket extends Socket {
  readonly #path: string;
  constructor(path: string) {
    super();
    this.#path = path;
  }
  override connect(): this {
    return super.connect({ path: this.#path });
  }
}

function wrap(pool: pg.Pool): Connection {
  // the next query reports an idle connection that broke
  pool.on('error', () => {});
  return { pool, database: drizzle(pool, { schema }), [Symbol.asyncDispose]: () => pool.end() };
}

/** The embedded database, through its socket. */
export function connectSocket(path: string): Connection {
  const stream = () => new PathSocket(path);
  // one connection: PGlite has one session
  return wrap(
    new pg.Pool({
      max: 1,
      idleTimeoutMillis: 0,
      allowExitOnIdle: true,
      user: 'postgres',
      database: 'postgres',
      ...{ stream },
    }),
  );
}

/** A PostgreSQL server, `postgres://user:password@host:port/name`. */
export function connectUrl(url: string): Connection {
  return wrap(new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 10_000, allowExitOnIdle: true }));
}

/** The URL without its password. */
export function publicUrl(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = '';
    parsed.search = '';
    return parsed.toString();
  } catch {
    return '(not a URL)';
  }
}

export async function checkReachable({ pool }: Connection, name: string): Promise<void> {
  try {
    await pool.query('select 1');
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const reason = [code, message].filter(Boolean).join(' ') || String(error);
    throw new MitateError('DATABASE_UNREACHABLE', { database: name, reason }, { cause: error });
  }
}
