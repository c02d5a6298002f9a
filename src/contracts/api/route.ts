import type { z } from 'zod';
import type { ErrorCode } from '../../errors/index.ts';
import type { Permission } from '../access.ts';
import type { PathNames, RouteId } from './paths.ts';

/** Input and output of a route; its method and path are in `paths`. */
export interface Route {
  summary: string;
  description?: string;
  /** One of these permissions is enough; `server-admin`: admin of the project `default`. Absent: the handler decides. */
  needs?: readonly (Permission | 'server-admin')[];
  /** Needs neither key nor session: a sign-in, or a signed body. */
  isOpen?: true;
  params?: z.ZodObject;
  query?: z.ZodType;
  /** JSON; `text/csv`: a stream. */
  body?: z.ZodType | 'text/csv';
  /** Other media types of the body than JSON: their OpenAPI schemas. */
  uploads?: Readonly<Record<string, object>>;
  /** Default 1 MiB. */
  bodyLimitBytes?: number;
  /** Requests per IP address. Default: only those of `AppLimits`. */
  limitPerMinute?: number;
  /** Default 200. */
  status?: 200 | 201 | 202 | 204 | 303;
  /** JSON, or the media types of a file. */
  answer: z.ZodType | readonly string[];
  /** With `?format=csv`, the items as CSV: a column for each of these fields. */
  csv?: readonly string[];
  /** Specific to the route; `route-schema.ts` adds those of access, rate limits and malformed requests. */
  errors?: readonly ErrorCode[];
  /** An older path, kept for one minor version: its responses have `Deprecation` and `Link` headers. `since`: ISO 8601 date. */
  deprecated?: { since: string; successor: RouteId };
}

/** Routes of some groups: `RouteIn<'runs'>` is `runs.list`, `runs.get`, ... */
export type RouteIn<Group extends string> = Extract<RouteId, `${Group}.${string}`>;

/** A route per id; path parameters are described by name. */
export type Routes<I extends RouteId> = {
  [K in I]: Route &
    ([PathNames<K>] extends [never] ? { params?: never } : { params: z.ZodObject<Record<PathNames<K>, z.ZodType>> });
};
