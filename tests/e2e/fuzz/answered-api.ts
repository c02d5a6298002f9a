import type { Response } from 'light-my-request';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { sha256 } from '../../../src/codecs/digest.ts';
import type { PredictResponse } from '../../../src/contracts/served-prediction.ts';
import { Random } from '../../../src/math/stats/random.ts';
import { drawnPhotos } from '../../support/drawn-photos.ts';
import { ScratchFolder } from '../../support/scratch-folder.ts';
import { ServedApp } from '../../support/served-app.ts';
import { smallPhoto } from '../../support/small-photo.ts';
import { trainedModels } from '../../support/trained-models.ts';
import { type ApiRequest, ApiRequests, type Operation, resourceOf } from './api-requests.ts';
import { ApiWorld, type Caller, environment } from './api-world.ts';
import { Known } from './from-schema.ts';

const inFlight = 8;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Document = {
  paths: Record<string, Partial<Record<(typeof methods)[number], Omit<Operation, 'method' | 'path'>>>>;
};

/** Starts a process. */
const costly =
  /:(?:diff|compare|explain)$|\/models\/\{reference\}:predict$|\/(?:dry-run|agreement|spans|golden|maturity|report|neighbours|map|map\/requests|index)$|\/monitors\/\{name\}:run$|\/pipelines\/\{pipeline\}\/graph$|^POST \/api\/v1\/(?:runs|triggers)$/;
/** What takes long, and predictions, which answered-requests.ts has. */
const slow =
  /^POST (?!\/api\/v1\/)|^(?:POST|PATCH|DELETE) \/api\/v1\/endpoints|:(?:predict|run)$|\/(?:sessions|users|photos|suspicious|image|offline(?:\/\{sha256\})?|explanation|why)$/;
const nameOf = ({ method, path }: Operation) => `${method} ${path}`;
function weightOf(operation: Operation): number {
  const shown = nameOf(operation);
  if (costly.test(shown)) return 1;
  return slow.test(shown) ? 2 : 8;
}

function operationsOf({ paths }: Document): Operation[] {
  // a stream does not end
  const answering = Object.entries(paths).filter(([path]) => path !== '/api/v1/events');
  return answering.flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const found = item[method];
      return found ? [{ ...found, path, method: method.toUpperCase() as Operation['method'] }] : [];
    }),
  );
}

const checks = new WeakMap<object, z.ZodType>();
function checkOf(schema: object): z.ZodType {
  const check = checks.get(schema) ?? z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  checks.set(schema, check);
  return check;
}

/** In any protocol's shape. */
const codeOf = (body: string): string | undefined => /"(?:code|reason|error)":\s?"([A-Z][A-Z0-9_]+)/.exec(body)?.[1];

/** Of models that load, of deadlines that an endpoint sets, of the receiver of a test message; the document must list them. */
const isSaidOfOthers = (status: number) => status >= 502 && status <= 504;

/** What is wrong with an answer by the document; null = nothing. */
function faultOf({ responses }: Operation, asked: ApiRequest, answer: Response): string | null {
  const { statusCode: status, body } = answer;
  const said = `${status} ${body.slice(0, 400)}`;
  if (status === 304) return asked.headers['if-none-match'] === undefined ? said : null;
  if (status >= 500 && !isSaidOfOthers(status)) return said;
  const documented = responses[status];
  if (!documented) return `not a documented status: ${said}`;
  const code = codeOf(body);
  if (status >= 400 && code && !documented.description.split(', ').includes(code))
    return `not a documented code: ${said}`;
  const schema = documented.content?.['application/json']?.schema;
  if (!schema || !String(answer.headers['content-type']).startsWith('application/json')) return null;
  const { error } = checkOf(schema).safeParse(answer.json());
  return error ? `not as documented, ${JSON.stringify(error.issues.slice(0, 3))}: ${said}` : null;
}

/** Answers anybody who he is. */
const asksWho = '/api/v1/me';

/** Of the document; `server-admin` is an admin of the project `default`. */
function mayAsk({ path, description = '', security }: Operation, { permissions, isServerAdmin }: Caller): boolean {
  if (security !== undefined || path === asksWho) return true;
  const needs = /Permission: (.*)\./.exec(description)?.[1]?.match(/[a-z-]+(?=`)/g);
  if (needs === null || needs === undefined) return permissions.length > 0;
  return needs.some((need) => (need === 'server-admin' ? isServerAdmin : permissions.includes(need as never)));
}

function* textsOf(value: unknown, name = ''): Generator<[string, string]> {
  if (typeof value === 'string' && value.length <= 200) yield [name, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [member, inner] of Object.entries(value).slice(0, 40))
    yield* textsOf(inner, Array.isArray(value) ? name : member);
}

/** A server with one of everything, and so many requests by its OpenAPI document, eight at a time, from number `first` on. */
export function describeApiFuzz(requests: number, first = 0): void {
  describe(`requests ${first} to ${first + requests - 1}`, () => fuzz(requests, first));
}

function fuzz(requests: number, first: number): void {
  vi.setConfig({ hookTimeout: 240_000, testTimeout: 7_200_000 });
  const folder = new ScratchFolder();
  let api: ServedApp;
  let world: ApiWorld;
  let known: Known;
  let photos: Buffer[];
  let operations: Operation[];
  const answered = new Set<string>();
  /** Ids of the project that has everything. */
  const theirs = new Set<string>();

  beforeAll(async () => {
    const env = { ...environment, MITATE_PIPELINES: folder.path, MITATE_DATA_ROOTS: folder.path };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    folder.write('notes.ts', 'export default 1;');
    const uris = await trainedModels(folder.path, 2);
    api = await ServedApp.open([], { env, limits: { requestsAMinute: 1e9 } });
    world = await ApiWorld.open(api, folder, uris);
    known = new Known(world.kept);
    known.add('version', '1');
    known.add('version', '2');
    for (const name of ['data.examples', 'data', 'photos.data']) known.add(name, 'data-photos');
    for (const name of ['photos.sha256', 'sha256'])
      for (let i = 0; i < 4; i++) known.add(name, sha256(await smallPhoto(i)));
    known.add('subjects.subject', 'the-oak');
    known.add('key', world.steadyKey);
    known.add('to', folder.at('corrections.jsonl'));
    photos = (await drawnPhotos(8, { size: 64, labels: 2 })).map(({ bytes }) => Buffer.from(bytes));
    const whole = operationsOf((await api.app.inject('/api/v1/openapi.json')).json<Document>());
    operations = whole.flatMap((operation) => Array<Operation>(weightOf(operation)).fill(operation));
    for (let i = 0; i < 20; i++) await predict(world.callers[1]!.headers['x-api-key']!, photos[i % 8]!);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await api?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  async function predict(key: string, photo = photos[0]!): Promise<number> {
    const headers = { 'content-type': 'image/jpeg', 'x-api-key': key };
    const response = await api.app.inject({
      method: 'POST',
      url: '/api/v1/endpoints/leaf:predict',
      headers,
      payload: photo,
    });
    return response.json<PredictResponse>().predictions[0]!.probability;
  }

  /** Learns what an answer tells. @returns an id in it that belongs to a project which its caller may not enter */
  function foreignId({ path }: Operation, { project }: Caller, answer: Response): string | undefined {
    if (!String(answer.headers['content-type']).includes('json')) return undefined;
    for (const [name, text] of textsOf(answer.json())) {
      for (const each of [name, `${resourceOf(path)}.${name}`]) known.add(each, text);
      if (name !== 'id' || !uuid.test(text)) continue;
      if (project === 'through-http') theirs.add(text);
      else if (project === 'elsewhere' && theirs.has(text)) return text;
    }
    return undefined;
  }

  /** @returns what is wrong */
  async function askOne(number: number, made: ApiRequests): Promise<string | null> {
    const random = new Random(`fuzz api ${number}`);
    const [operation, caller] = [random.pick(operations), random.pick(world.asking)];
    const asked = made.of(random, operation);
    const { method, url, body } = asked;
    const headers = { ...caller.headers, ...asked.headers };
    // an address each: nobody is locked out for what the others try
    const remoteAddress = `10.${random.int(256)}.${random.int(256)}.${random.int(256)}`;
    const answer = await api.app.inject({ method, url, headers, remoteAddress, ...(body && { payload: body }) });
    const isDone = answer.statusCode < 300;
    const shown = nameOf(operation);
    if (isDone) answered.add(shown);
    if (asked.url.startsWith('/api/v1/sessions/current') && caller.name === 'session' && isDone) await world.signIn();
    const sent = `${url} ${JSON.stringify(asked.headers)} ${(body ?? '').toString('latin1').slice(0, 1_500)}`;
    const foreign = isDone ? foreignId(operation, caller, answer) : undefined;
    const isWithoutRight = isDone && asked.headers['x-api-key'] === undefined && !mayAsk(operation, caller);
    const fault =
      (foreign !== undefined && `the id ${foreign} is of another project`) ||
      (isWithoutRight && `done without permission: ${answer.body.slice(0, 300)}`) ||
      faultOf(operation, asked, answer);
    return fault && `request ${number}, ${shown} by ${caller.name}: ${fault}\n  ${sent}`;
  }

  it(`answers ${requests} requests by the OpenAPI document as it says, gives nobody what is not theirs, and works on`, async () => {
    const before = await predict(world.steadyKey);
    const made = new ApiRequests(known, photos);
    const faults: string[] = [];
    let next = first;
    const client = async () => {
      while (next < first + requests && faults.length < 20) {
        const fault = await askOne(next++, made);
        if (fault) faults.push(fault);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, client));
    expect(faults).toEqual([]);
    expect(await predict(world.steadyKey)).toBe(before);
    // a fuzz that few routes answer looks at little; some need a signature, a receiver or one endpoint alone
    const all = new Set(operations.map(nameOf));
    const unanswered = [...all].filter((each) => !answered.has(each));
    expect(unanswered.length / all.size, unanswered.join('\n')).toBeLessThan(requests < 20_000 ? 0.4 : 0.25);
  });
}
