import type { Database } from '../database/connect.ts';

/** What every repository works with. */
export interface RepositoryContext {
  database: Database;
  /** Rows of other projects are not there. */
  project: string;
  now: () => Date;
  /** Absolute path -> what the database keeps, and back. */
  uris: UriCodec;
}

export interface UriCodec {
  encode(uri: string): string;
  decode(stored: string): string;
}
