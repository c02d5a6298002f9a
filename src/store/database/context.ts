import type { KeyRing } from '../secrets/key-ring.ts';
import type { Database } from './connect.ts';

/** What every repository works with. */
export interface RepositoryContext {
  database: Database;
  /** Repositories see no rows of other projects. */
  project: string;
  now: () => Date;
  /** Files of the embedded database, which does not sync them itself; null with a server. */
  databaseDir: string | null;
  /** Between an absolute path and its form in the database. */
  uris: UriCodec;
  /** Of stored secrets. */
  keyRing: KeyRing;
}

export interface UriCodec {
  encode(uri: string): string;
  decode(stored: string): string;
}
