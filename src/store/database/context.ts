import type { Database } from './connect.ts';

/** What every repository works with. */
export interface RepositoryContext {
  database: Database;
  /** Rows of other projects are not there. */
  project: string;
  now: () => Date;
  /** The embedded database's files, which it does not sync itself; null with a server. */
  databaseDir: string | null;
  /** Absolute path -> what the database keeps, and back. */
  uris: UriCodec;
}

export interface UriCodec {
  encode(uri: string): string;
  decode(stored: string): string;
}
