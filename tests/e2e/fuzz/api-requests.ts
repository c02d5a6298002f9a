import type { Random } from '../../../src/math/stats/random.ts';
import { type Known, type Schema, sampleOf } from './from-schema.ts';
import { mutateBytes, mutateHeaders, mutateJson, oddText } from './mutate.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  schema: Schema;
}

interface Content {
  content?: Record<string, { schema: Schema }>;
}

/** An operation of the OpenAPI document. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content & { description: string }>;
  security?: [];
}

export interface ApiRequest {
  method: Operation['method'];
  url: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

/** Lone surrogates too: they become U+FFFD. */
const encoded = (value: unknown) =>
  [...Buffer.from(typeof value === 'object' ? JSON.stringify(value) : String(value))]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('');

/** `alerts` of `/api/v1/alerts/{alert}:ack`. */
export const resourceOf = (path: string): string => /^\/api\/v1\/(?:runs\/)?([a-z]+)/.exec(path)?.[1] ?? '';

/** Where answers have what a path calls otherwise. */
const places: Record<string, string[]> = {
  requests: ['requests.publicId'],
  review: ['review.request'],
  queue: ['runs.queueId', 'queue.id'],
};

/** Five of nine as the document says; in the others one part is what no schema has. */
export class ApiRequests {
  readonly #known: Known;
  readonly #photos: readonly Buffer[];

  constructor(known: Known, photos: readonly Buffer[]) {
    this.#known = known;
    this.#photos = photos;
  }

  of(random: Random, operation: Operation): ApiRequest {
    const spoilt = random.pick(['nothing', 'nothing', 'nothing', 'nothing', 'body', 'body', 'url', 'headers', 'bytes']);
    const sound = {
      method: operation.method,
      url: this.#url(random, operation, spoilt === 'url'),
      ...this.#body(random, operation, spoilt === 'body'),
    };
    if (spoilt === 'headers') return mutateHeaders(random, sound);
    if (spoilt === 'bytes' && sound.body !== null) return { ...sound, body: mutateBytes(random, sound.body) };
    return sound;
  }

  #url(random: Random, { path, parameters = [] }: Operation, isSpoilt: boolean): string {
    const spoilt = isSpoilt && parameters.length > 0 ? random.pick(parameters) : null;
    const resource = resourceOf(path);
    const value = (parameter: Parameter) => {
      const { name, schema } = parameter;
      if (parameter === spoilt) return oddText(random);
      if (resource === '') return sampleOf(random, schema, this.#known, [name === 'version' ? name : 'endpoints.name']);
      const names = [
        ...(places[resource] ?? []),
        `${resource}.${name}`,
        `${resource}.id`,
        `${resource}.name`,
        name,
        `${name}s.name`,
        `${name}s.id`,
      ];
      return sampleOf(random, schema, this.#known, parameter.in === 'path' ? names : names.slice(3));
    };
    let url = path;
    const query: string[] = [];
    // with a third of a dozen filters, hardly a list has anything in it
    const one = random.pick([3, 20]);
    for (const parameter of parameters) {
      const { name, required } = parameter;
      // an empty or dotted part of a path is another path
      if (parameter.in === 'path') url = url.replace(`{${name}}`, encoded(value(parameter)).replace(/^((%2e)*)$/, 'x'));
      else if (required || parameter === spoilt || random.int(one) === 0)
        query.push(`${name}=${encoded(value(parameter))}`);
    }
    if (isSpoilt && random.int(4) === 0) query.push(random.pick(['limit=1&limit=2', 'x', '__proto__=1', 'limit[]=1']));
    return query.length > 0 ? `${url}?${query.join('&')}` : url;
  }

  #body(
    random: Random,
    { method, path, requestBody }: Operation,
    isSpoilt: boolean,
  ): Pick<ApiRequest, 'headers' | 'body'> {
    if (path.endsWith('/import')) return { headers: { 'content-type': 'text/csv' }, body: this.#csv(random) };
    const json = requestBody?.content?.['application/json'];
    // of a model: a photo that is stored
    const isPhoto =
      method === 'POST' && (!path.startsWith('/api/v1/') || /endpoints\/.*:(predict|explain)$/.test(path));
    const photo = random.pick(this.#photos);
    if (isPhoto && random.int(2) === 0) return { headers: { 'content-type': 'image/jpeg' }, body: photo };
    if (json === undefined && !isPhoto && !isSpoilt) return { headers: {}, body: null };
    const b64 = photo.toString('base64');
    const tensor = {
      name: 'image',
      shape: [1],
      datatype: 'BYTES',
      parameters: { content_type: 'base64' },
      data: [b64],
    };
    const photos = { images: [b64], instances: [{ b64 }], inputs: [tensor] };
    const value = { ...(sampleOf(random, json?.schema ?? {}, this.#known, []) as object), ...(isPhoto && photos) };
    const sent = isSpoilt ? mutateJson(random, value) : value;
    return {
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(sent) ?? ''),
    };
  }

  #csv(random: Random): Buffer {
    const ids = [...this.#known.of('requests.publicId'), 'nobody', ''];
    const columns = random.pick(['request_id,label', 'id,label,note', 'request_id,verdict', 'x', 'label,label', '']);
    const rows = Array.from({ length: random.int(5) }, () => `${random.pick(ids)},${oddText(random)},"x"`);
    return Buffer.from([columns, ...rows].join(random.pick(['\n', '\r\n', '\n\n'])));
  }
}
