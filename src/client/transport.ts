import { apiError } from './api-error.ts';

export interface ClientOptions {
  /** Of the server: `http://127.0.0.1:8080`. */
  url: string;
  /** API key or session token. Absent: the cookie of a signed-in person (browsers), or nothing (public endpoints). */
  key?: string | undefined;
  /** Of a person with roles in several; a key has its own. */
  project?: string | undefined;
  /** Default: the global one. */
  fetch?: typeof fetch | undefined;
  /** Sent with every request. */
  headers?: Record<string, string> | undefined;
}

export interface Call {
  query?: object | undefined;
  /** Sent as JSON. */
  json?: unknown;
  body?: Blob | FormData | Uint8Array<ArrayBuffer> | ArrayBuffer | undefined;
  headers?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Sends requests to one server. */
export interface Transport {
  /** @throws ApiError; TypeError when the server cannot be reached */
  send(method: Method, path: string, call?: Call): Promise<Response>;
  /** The answer's JSON. */
  ask<T>(method: Method, path: string, call?: Call): Promise<T>;
}

export function transport(options: ClientOptions): Transport {
  const base = options.url.replace(/\/+$/, '');
  const send: Transport['send'] = async (method, path, call = {}) => {
    // read at each call: tests and pages replace the global one
    const response = await (options.fetch ?? globalThis.fetch)(`${base}${path}${queryText(call.query)}`, {
      method,
      credentials: 'same-origin',
      headers: {
        ...common(options),
        ...(call.json !== undefined && { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.json !== undefined
        ? { body: JSON.stringify(call.json) }
        : call.body !== undefined && { body: call.body }),
      ...(call.signal && { signal: call.signal }),
    });
    if (!response.ok) throw await apiError(response);
    return response;
  };
  return {
    send,
    ask: async <T>(method: Method, path: string, call?: Call) => (await (await send(method, path, call)).json()) as T,
  };
}

function common({ key, project, headers }: ClientOptions): Record<string, string> {
  return {
    ...headers,
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(project !== undefined && { 'x-mitate-project': project }),
  };
}

function queryText(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}
