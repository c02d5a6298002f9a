import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
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

/** A socket that connects to a path, whatever host and port the driver passes, once something listens there. */
class PathSocket extends Socket {
  readonly #path: string;
  readonly #listening: () => Promise<void>;
  constructor(path: string, listening: () => Promise<void>) {
    super();
    this.#path = path;
    this.#listening = listening;
  }
  override connect(): this {
    void this.#listening().then(() => this.destroyed || super.connect({ path: this.#path }));
    return this;
  }
}

function wrap(pool: pg.Pool): Connection {
  // the next query reports a connection that broke, idle or between two statements of a transaction
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return { pool, database: drizzle(pool, { schema }), [Symbol.asyncDispose]: () => pool.end() };
}

/** The embedded database, through its socket. */
export function connectSocket(path: string): Connection {
  const listening = listener(path);
  const stream = () => new PathSocket(path, listening);
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

/** Time for a database process that was killed to be replaced; after that, queries fail at once until it is. */
const replacedMs = 10_000;

/** PostgreSQL's SSLRequest. It gets an answer; a process that was just killed still accepts connections. */
const knock = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Waits while the process behind the socket is being replaced: its folder is then still there. */
function listener(path: string): () => Promise<void> {
  let deadSince: number | null = null;
  const listens = async () => {
    const probe = connect(path);
    try {
      probe.write(knock);
      return await Promise.race([once(probe, 'data').then(() => true), once(probe, 'close').then(() => false)]);
    } catch {
      return false;
    } finally {
      probe.destroy();
    }
  };
  return async () => {
    while (!(await listens())) {
      deadSince ??= performance.now();
      // connecting reports why
      if (!existsSync(dirname(path)) || performance.now() - deadSince > replacedMs) return;
      await wait(20);
    }
    deadSince = null;
  };
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
