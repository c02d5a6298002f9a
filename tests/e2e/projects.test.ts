import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createUser } from '../../src/actions/access/user.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import { roleSchema, scopeSchema } from '../../src/contracts/access.ts';
import { paths, type RouteId } from '../../src/contracts/api/paths.ts';
import { auditedActions } from '../../src/contracts/audit.ts';
import { cases, password } from '../support/audited/cases.ts';
import { serveForCases } from '../support/audited/serve-for-cases.ts';
import { type HttpAsk, World } from '../support/audited/world.ts';
import type { Receiver } from '../support/receiver.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { localToken, type ServedApp } from '../support/served-app.ts';
import { smallPhoto } from '../support/small-photo.ts';
import { rowsOfProject, tableDigests } from '../support/table-digests.ts';
import { tester } from '../support/tester.ts';
import { unaudited } from '../support/unaudited.ts';

/** Of the project that has everything. */
const theirs = 'through-http';
const folder = new ScratchFolder();
let served: ServedApp;
let hooks: Receiver;
let world: World;
/** Of two projects that have nothing: one is only read. */
const strangers = new Map<string, { who: string; headers: Record<string, string> }[]>();

beforeAll(async () => {
  const opened = await serveForCases(folder);
  ({ served, hooks } = opened);
  const { uris } = opened;
  folder.write('notes.ts', 'export default 1;');
  world = await World.open('http', served, folder, uris);
  // the queue has its tables from the first run on
  await world.ask({ url: '/api/v1/runs', payload: { pipeline: 'notes.ts', parameters: {} } });
  strangers.set('writes', await strangersIn('writes', ['writes', 'default']));
  strangers.set('reads', await strangersIn('reads', ['reads']));
  await served.served.service.refresh();
}, 240_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await served[Symbol.asyncDispose]();
  await hooks[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** A key of each scope and a person of each role; keys also of the project `default`. */
async function strangersIn(project: string, ofKeys: readonly string[]) {
  const { store } = served.served;
  await unaudited(store).access.createProject({ name: project, description: '' });
  const found: { who: string; headers: Record<string, string> }[] = [{ who: 'nobody', headers: {} }];
  for (const scope of scopeSchema.options)
    for (const of of ofKeys)
      found.push({ who: `key ${scope} of ${of}`, headers: { 'x-api-key': await served.makeKey(scope, null, of) } });
  for (const role of roleSchema.options) {
    const name = `${role}-${project}`;
    await createUser(store.forProject(project), { name, password, role }, tester);
    const { token } = await signIn(name);
    found.push({ who: role, headers: { authorization: `Bearer ${token}`, 'x-mitate-project': project } });
  }
  return found;
}

async function signIn(name: string) {
  // ten a minute for each address
  const remoteAddress = `10.0.0.${strangers.size * 20 + name.length}`;
  const url = '/api/v1/sessions';
  return (await served.app.inject({ method: 'POST', url, payload: { name, password }, remoteAddress })).json();
}

const rowsOfTheirs = () => tableDigests(served.served.store, { project: theirs });

interface Ask extends Pick<HttpAsk, 'url' | 'payload'> {
  method: NonNullable<HttpAsk['method']> | 'GET';
  headers?: Record<string, string>;
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

let asked = 0;
async function answerTo({ method, url, payload, headers }: Ask, who: Record<string, string>) {
  const number = ++asked;
  const answer = await served.app.inject({
    method,
    url,
    // an address each: some routes answer 30 a minute
    remoteAddress: `10.1.${number >> 8}.${number & 255}`,
    headers: { ...headers, ...who },
    ...(payload !== undefined && { payload }),
  });
  return { status: answer.statusCode, type: String(answer.headers['content-type']).split(';')[0], body: answer.body };
}

let nothings = 0;
/** The same request about things that there are nowhere. */
function aboutNothing({ url, payload, ...ask }: Ask): Ask {
  const nowhere = `nowhere-${++nothings}`;
  const instead = (text: string) => {
    const known = names.find((name) => name === text || text.startsWith(`${name}@`));
    if (known !== undefined) return text.replace(known, nowhere);
    return text.replaceAll(uuid, '00000000-0000-7000-8000-000000000000').replaceAll(/[0-9a-f]{64}/g, 'f'.repeat(64));
  };
  const [path = '', query] = url.split('?');
  const parts = path.split('/').map((part) => {
    const [name = '', verb] = part.split(':');
    return `${instead(name)}${verb === undefined ? '' : `:${verb}`}`;
  });
  const isJson = payload !== undefined && typeof payload === 'object' && !Buffer.isBuffer(payload);
  const other = isJson
    ? JSON.parse(JSON.stringify(payload), (_, value) => (typeof value === 'string' ? instead(value) : value))
    : payload;
  return { ...ask, url: `${parts.join('/')}${query === undefined ? '' : `?${query}`}`, payload: other };
}

/** Of an answer, without names, and what differs from one answer to the next. */
function plain(body: string): string {
  return body
    .replaceAll(uuid, '<uuid>')
    .replaceAll(/[0-9a-f]{64}/g, '<digest>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '<minute>')
    .replaceAll(/mk_[\w-]+/g, '<key>')
    .replaceAll(/\b[0-9a-z]{16}\b/g, '<id>')
    .replaceAll(/"(seq|retryAfterS)":\d+/g, '')
    .replaceAll(/nowhere-\d+(?:-2)?/g, '<name>')
    .replaceAll(/[\w-]+/g, (word) => (names.includes(word.replace(/-2$/, '')) ? '<name>' : word));
}

/** A stream does not end: src/http/events.test.ts. */
const reads = Object.fromEntries(
  Object.entries(paths).filter(([id, path]) => path.startsWith('GET ') && id !== 'events.stream'),
);

/** What only their project has. */
const secrets = new Set<string>([theirs]);
function requireNothingOfTheirs(body: string, asked: Ask, what: string): void {
  const { payload = '' } = asked;
  const given = `${asked.url} ${Buffer.isBuffer(payload) ? payload.toString() : JSON.stringify(payload)}`;
  const leaked = [...secrets].filter((secret) => body.includes(secret) && !given.includes(secret));
  expect(leaked, what).toEqual([]);
}
/** All that is in rows of theirs: a superset of what their lists show. */
async function learnRows(): Promise<void> {
  for (const row of await rowsOfProject(served.served.store, theirs))
    for (const [id] of row.matchAll(uuid)) secrets.add(id);
}
async function learnLists(): Promise<void> {
  for (const path of Object.values(reads)) {
    const url = path.slice('GET '.length);
    if (url.includes('{')) continue;
    const headers = { authorization: `Bearer ${localToken}`, 'x-mitate-project': theirs };
    const answer = await served.app.inject({ url, headers });
    for (const [id] of answer.body.matchAll(uuid)) secrets.add(id);
  }
}

/** Names of theirs that the cases use, in paths and bodies. */
const names =
  `leaf unserved notes held gone m-ack m-resolve m-silence retried tried deploy promote rollback set traffic undeploy start abort approve refuse
  asked own disable enable run the-oak notify remove call made own ci old roses ${theirs}-mika ${theirs}-new ${theirs}`.split(
    /\s+/,
  );

async function compare(ask: Ask, project: string, what: string, except: readonly string[] = []): Promise<void> {
  // a release brings all that it names
  const nothing = what.startsWith('release.bring') ? ask : aboutNothing(ask);
  for (const { who, headers } of strangers.get(project)!) {
    if (except.includes(who)) continue;
    const [found, none] = [await answerTo(ask, headers), await answerTo(nothing, headers)];
    requireNothingOfTheirs(found.body, ask, `${what}: ${who}`);
    expect(found.status, `${what}: ${who}: ${found.body}`).toBeLessThan(500);
    const text = ({ status, type, body }: typeof found) => [status, type, type === 'image/png' ? '' : plain(body)];
    expect(text(found), `${what}: ${who}`).toEqual(text(none));
  }
}

/** Those that name nothing of a project, and those of people, whom a server has once. */
const ofNobody = [
  'label.name',
  'session.create',
  'session.end',
  'session.refuse',
  'project.create',
  'user.create',
  'release.webhook',
];
/** Nor is compared what takes the session of the person. */
const namesNothing = (action: string, { url, headers }: Ask) =>
  headers?.authorization !== undefined || (ofNobody.includes(action) && !url.startsWith('/api/v1/users/'));
const isOfServer = (action: string) => action.startsWith('user.') || action === 'session.end';

describe('two projects on one server', () => {
  const changing = auditedActions.flatMap((action) =>
    [cases[action]].flat().flatMap((one, i) => (one.http ? [[`${action} ${i}`, action, one] as const] : [])),
  );

  it.each(changing)(
    '%s: a stranger changes nothing, and learns no more than of what is nowhere',
    async (what, action, one) => {
      await one.before?.(world);
      const { method = 'POST', isAnonymous: _, status: __, ...rest } = await one.http!(world);
      const ask: Ask = { method, ...rest };
      if (!namesNothing(action, ask)) {
        // what was put into the database behind its back is on its timeline
        await served.served.service.refresh();
        const before = await rowsOfTheirs();
        await learnRows();
        await compare(ask, 'writes', what, isOfServer(action) ? ['key admin of default'] : []);
        expect(await rowsOfTheirs()).toEqual(before);
      }
      // it would have worked for those whose it is
      await world.ask(await one.http!(world));
      await one.after?.(world);
    },
    120_000,
  );

  const reading = Object.entries(reads) as [RouteId, string][];
  // nothing of theirs changes from here on
  let learned: Promise<void> | undefined;

  it.each(reading)(
    '%s: a stranger reads nothing',
    async (id, path) => {
      const template = path.slice('GET '.length);
      learned ??= Promise.all([learnRows(), learnLists()]).then(() => {});
      await learned;
      const before = await rowsOfTheirs();
      const values = template.includes('{') ? await idsFor(id) : [''];
      expect(values, id).not.toEqual([]);
      // one of those that fork a process
      for (const value of values.slice(0, id === 'triggers.dryRun' ? 1 : 5)) {
        const url = template.replaceAll(/\{\w+\}/g, value);
        const ask: Ask = { method: 'GET', url: `${url}${await queryOf(id)}` };
        await compare(ask, 'reads', `${id} ${value}`);
      }
      expect(await rowsOfTheirs()).toEqual(before);
    },
    120_000,
  );

  it.each([
    'requests.list',
    'feedback.list',
    'feedback.delay',
    'review.list',
    'monitors.list',
    'alerts.list',
    'promotions.list',
    'flywheel.spans',
  ] as const)('%s of an endpoint of theirs is that of an endpoint that is nowhere', async (id) => {
    const url = paths[id].slice('GET '.length);
    await compare({ method: 'GET', url: `${url}?endpoint=leaf` }, 'reads', id);
  });

  it('predictions on their endpoint are refused like those on one that is nowhere', async () => {
    for (const verb of ['predict', 'explain'])
      await compare({ method: 'POST', url: `/api/v1/endpoints/leaf:${verb}`, payload: { image: '' } }, 'reads', verb);
  });

  it('a project that one is not in is like one that is not', async () => {
    for (const { who, headers } of strangers.get('reads')!) {
      const ask: Ask = { method: 'GET', url: '/api/v1/endpoints' };
      const [found, none] = await Promise.all(
        [theirs, 'nowhere-0'].map((project) => answerTo(ask, { ...headers, 'x-mitate-project': project })),
      );
      expect(plain(found!.body), who).toBe(plain(none!.body));
      expect(found!.status).toBe(none!.status);
    }
  });

  it('metrics are of the project of the key; of all for an admin of the server', async () => {
    for (const { who, headers } of strangers.get('writes')!) {
      const { status, body } = await answerTo({ method: 'GET', url: '/metrics' }, headers);
      expect(body.includes(theirs), who).toBe(status === 200 && who === 'key admin of default');
    }
  });
});

async function queryOf(id: RouteId): Promise<string> {
  if (id === 'lineage.get') return `?of=${await anArtifact()}`;
  if (id === 'data.neighbours' || id === 'data.image') return `?data=${(await theirItems('data.list'))[0]?.id}`;
  if (id === 'search.find') return `?q=${(await theirItems('requests.list'))[0]?.publicId}`;
  return '';
}

const anArtifact = async () => String((await theirItems('artifacts.list'))[0]?.id ?? randomUUID());

async function theirItems(id: RouteId): Promise<Record<string, { name?: string }>[]> {
  const [method, url = ''] = paths[id].split(' ') as ['GET', string];
  const headers = { authorization: `Bearer ${localToken}`, 'x-mitate-project': theirs };
  const answer = (
    await served.app.inject({ method, url: `${url}${url.endsWith('queue') ? '' : '?limit=5'}`, headers })
  ).json();
  return answer.items ?? answer;
}

/** Ids of theirs for the path of a route. */
async function idsFor(id: RouteId): Promise<string[]> {
  const [group = ''] = id.split('.');
  const of = async (list: RouteId, field: string) =>
    (await theirItems(list)).map((item) => String(item[field]?.name ?? item[field]));
  if (id === 'runs.queue.get' || id === 'queue.get') return await of('runs.queue.list', 'id');
  if (id === 'artifacts.get') return [await anArtifact()];
  if (id === 'alerts.get' || group === 'alerts')
    return [...(await of('alerts.list', 'id')), ...(await of('alerts.list', 'monitor'))];
  if (['data.photo', 'data.image', 'data.neighbours'].includes(id)) return [sha256(await smallPhoto(0))];
  if (group === 'subjects') return ['the-oak'];
  if (group === 'pipelines') return await of('pipelines.list', 'pipeline');
  if (group === 'users') return await of('users.list', 'name');
  // not `made`, which is public
  if (id === 'endpoints.capture' || id === 'endpoints.offline') return ['leaf', 'unserved'];
  // path parameters share one value here: an endpoint of theirs, and no digest
  if (id === 'endpoints.offlineFile') return ['leaf'];
  if (group === 'models') return ['leaf', 'unserved', 'leaf@1'];
  if (group === 'triggers') return await of('triggers.list', 'trigger');
  if (group === 'monitors') return await of('monitors.list', 'monitor');
  if (group === 'releases') return (await theirItems('releases.list')).map((item) => String(item.id));
  if (group === 'golden') return await of('golden.list', 'set');
  const field = group === 'requests' ? 'publicId' : ['endpoints', 'channels'].includes(group) ? 'name' : 'id';
  return await of(`${group}.list` as RouteId, field);
}
