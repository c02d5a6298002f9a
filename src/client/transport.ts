import { type PathNames, paths, type RouteId } from '../contracts/api/paths.ts';
import type { AnswerOf, BodyOf, QueryOf } from '../contracts/api/routes.ts';
import { apiError } from './api-error.ts';

export interface ClientOptions {
  /** Of the server: `http://127.0.0.1:8080`. */
  url: string;
  /** API key or session token. Absent: the cookie of a signed-in user (browsers), or none (public endpoints). */
  key?: string | undefined;
  /** For users with roles in several; a key has its own. */
  project?: string | undefined;
  /** Default: the global one. */
  fetch?: typeof fetch | undefined;
  /** Sent with every request. */
  headers?: Record<string, string> | undefined;
}

export interface Call<I extends RouteId> {
  query?: QueryOf<I> | undefined;
  /** Sent as JSON. */
  json?: BodyOf<I> | undefined;
  /** Sent as it is, instead of JSON. */
  body?: Blob | FormData | Uint8Array<ArrayBuffer> | ArrayBuffer | undefined;
  headers?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
}

/** Calls routes of one server. Both throw ApiError; TypeError when the server cannot be reached. */
export interface Transport {
  /** @param names values of the path, in its braces @returns the JSON of the response; nothing of 204 */
  ask<I extends RouteId>(id: I, names: Record<PathNames<I>, string>, call?: Call<I>): AnswerOf<I>;
  file<I extends RouteId>(id: I, names: Record<PathNames<I>, string>, call?: Call<I>): Promise<Blob>;
}

export function transport(options: ClientOptions): Transport {
  const base = options.url.replace(/\/+$/, '');
  const send = async <I extends RouteId>(id: I, names: Record<PathNames<I>, string>, call: Call<I> = {}) => {
    const [method = '', path = ''] = paths[id].split(' ');
    const { query, headers, signal, body = bodyOf(method, call.json) } = call;
    const isJson = typeof body === 'string';
    // read at each call: tests and pages replace the global one
    const response = await (options.fetch ?? globalThis.fetch)(`${base}${fill(path, names)}${queryText(query)}`, {
      method,
      credentials: 'same-origin',
      headers: { ...common(options), ...(isJson && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    if (!response.ok) throw await apiError(response);
    return response;
  };
  return {
    ask: <I extends RouteId>(id: I, names: Record<PathNames<I>, string>, call?: Call<I>) =>
      send(id, names, call).then((response) => (response.status === 204 ? undefined : response.json())) as AnswerOf<I>,
    file: async (id, names, call) => await (await send(id, names, call)).blob(),
  };
}

function bodyOf(method: string, json: unknown = {}): string | undefined {
  return method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify(json);
}

function fill(path: string, names: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ''));
}

function common({ key, project, headers }: ClientOptions): Record<string, string> {
  return {
    ...headers,
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(project !== undefined && { 'x-mitate-project': project }),
  };
}

function queryText(query: unknown): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}
