import type { Config } from '../config/index.ts';
import type { AccessMode } from './app.ts';

export interface ServeOptions {
  host: string;
  /** 0 = any free one. */
  port: number;
  access: AccessMode;
  /** Of the routes that name no endpoint. Default: the only one. */
  defaultEndpoint?: string | undefined;
}

export interface RunningServer {
  /** `http://host:port`. */
  readonly url: string;
  /** Of the first start in a workspace without keys: said once, kept nowhere. */
  readonly firstKey: string | null;
  /** Refuses new requests, answers those under way, closes everything. */
  close(): Promise<void>;
}
