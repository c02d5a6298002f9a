import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createKey } from '../../../src/actions/access/key.ts';
import { createUser } from '../../../src/actions/access/user.ts';
import { createChannel } from '../../../src/actions/alerts/channel.ts';
import { setSecret } from '../../../src/actions/secrets/secret.ts';
import { sha256 } from '../../../src/codecs/digest.ts';
import { hookSignatureHeader, signHook } from '../../../src/codecs/signed-hook.ts';
import { newTotpSecret, totpCode } from '../../../src/codecs/totp.ts';
import type { AuditedAction } from '../../../src/contracts/audit.ts';
import type { DeploymentPlan } from '../../../src/contracts/endpoint.ts';
import { silentLogger } from '../../../src/contracts/logger.ts';
import { monitorSchema } from '../../../src/contracts/loop/monitor.ts';
import { promotionPolicySchema } from '../../../src/contracts/loop/promotion.ts';
import { type Trigger, triggerSchema } from '../../../src/contracts/loop/trigger.ts';
import { releaseId } from '../../../src/contracts/release-id.ts';
import { openRunQueue } from '../../../src/orchestrator/queue/run-queue.ts';
import { packBundle } from '../../../src/orchestrator/release/bundle.ts';
import { codeDigest } from '../../../src/orchestrator/release/collect-code.ts';
import { smallPhoto } from '../small-photo.ts';
import { tester } from '../tester.ts';
import { unaudited } from '../unaudited.ts';
import type { HttpAsk, World } from './world.ts';

/** How one act is done through each door; a door that is absent has no way to it. */
export interface Case {
  before?(world: World): Promise<void>;
  cli?(world: World): readonly string[];
  /** The command loads a pipeline file: it needs a process of its own. */
  isSpawned?: true;
  /** On standard input. */
  input?: string;
  http?(world: World): HttpAsk | Promise<HttpAsk>;
  after?(world: World): Promise<void>;
  /** Of the row; the door's own when it is absent. */
  project?: string;
}

export const hookSecret = 'a-secret-of-at-least-32-characters';
export const password = 'correct horse battery';
const why = 'test';
const made = { who: 'test', at: new Date(0) };
/** What `before` made, for the doors: a case runs through one at a time. */
let id = '';

const openAlert = (monitor: string) => async (world: World) => {
  const [at, times] = [new Date(), { windowStart: new Date(0), windowEnd: new Date(1) }];
  const numbers = { statistic: 0.5, p: null, threshold: 0.3, interval: null };
  const finding = { state: 'breach' as const, ...numbers, said: 'it moved', movers: [], details: {} };
  const about = { monitor, kind: 'label-drift', endpoint: 'leaf', resultSeq: 1, remedy: 'look', timeline: [] };
  const alert = { ...about, ...times, finding, id: randomUUID(), since: at, openedAt: at, lastSeenAt: at };
  await world.store.alerts.openAlert(alert, []);
};

const hook = { kind: 'webhook', url: 'https://hooks.example/alerts', secretEnv: 'MITATE_CHANNEL_SECRET' };
const addChannel =
  (name: string, url: (world: World) => string = () => hook.url) =>
  async (world: World) => {
    await createChannel(world.store, name, { ...hook, url: url(world) }, { actor: tester, now: new Date() });
  };
/** Where the test receives messages; set by the test. */
export const receiver = { url: '' };

const stable: DeploymentPlan = { modelName: 'leaf', version: 1, role: 'stable', traffic: 100 };
const withCanary: DeploymentPlan[] = [
  { ...stable, traffic: 90 },
  { modelName: 'leaf', version: 2, role: 'canary', traffic: 10 },
];
const endpointWith =
  (name: string, ...plans: DeploymentPlan[][]) =>
  async ({ store }: World) => {
    await unaudited(store).endpoints.createEndpoint(name, { who: 'test', why });
    for (const plan of plans)
      await unaudited(store).endpoints.planEndpoint(name, plan, { action: 'deploy', who: 'test', why });
  };

const openPromotion = (endpoint: string, waits: boolean) => async (world: World) => {
  await endpointWith(endpoint, [stable])(world);
  const policy = promotionPolicySchema.parse({ approvals: { beforeCanary: { role: 'approver' } } });
  const about = { endpoint, modelName: 'leaf', version: 2, policy, who: 'test', why, at: new Date() };
  const { promotions } = unaudited(world.store);
  const opened = await promotions.open(about);
  id = opened.id;
  const decision = { who: 'worker', why, evidence: null, artifact: null };
  const waiting = { state: 'waiting-for-approval', step: -1, gate: 'beforeCanary', at: new Date(), decision } as const;
  if (waits) await promotions.move(id, opened.revision, waiting);
};

const addMonitor =
  (name: string) =>
  async ({ store }: World) => {
    await unaudited(store).monitors.createMonitor(
      monitorSchema.parse({ name, endpoint: 'leaf', kind: 'label-drift' }),
      made,
    );
  };

const addTrigger =
  (name: string, when: object, isEnabled = true) =>
  async ({ store, folder }: World) => {
    const trigger: Trigger = triggerSchema.parse({ name, pipeline: folder.at('notes.ts'), when, isEnabled });
    await unaudited(store).triggers.createTrigger(trigger, { ...made, memory: null });
  };
const demand = { kind: 'demand' };

const anUpload = async (world: World) =>
  ((await world.ask({ url: '/api/v1/uploads', payload: { name: 'greenhouse' } })) as { id: string }).id;

const queueItem = async (world: World) => {
  const [request] = await world.answered([Math.floor(Math.random() * 1e6)]);
  id = request!;
  const [end, start] = [new Date(), new Date(Date.now() - 1_000)];
  const fill = { endpoint: 'leaf', start, end, pictures: 1, drawn: 1, picked: 0, at: end };
  const item = { request: id, pixelsSha256: id, reason: 'random' as const, worth: 1, chance: 1 };
  await world.store.review.fill(fill, [item]);
};

const labelled = async (world: World) => {
  const [request] = await world.answered([1]);
  await world.ask({
    url: '/api/v1/feedback',
    payload: { feedback: [{ id: request, kind: 'label', label: 'healthy' }] },
  });
};

const importedData = async (world: World) => {
  for (let i = 0; i < 24; i++) world.folder.write(`photos/${i % 2 ? 'healthy' : 'spot'}/${i}.jpg`, await smallPhoto(i));
  await world.mitate(['data', 'import', world.folder.at('photos')]);
};
const aCorrection = async (_: World) => ({
  data: 'data-photos',
  photos: [{ sha256: sha256(await smallPhoto(0)), label: 'healthy' }],
});

const goldenPhoto = async ({ store }: World) => {
  const about = { set: 'gone', label: 'a', format: 'jpeg' as const, phash: '0'.repeat(16), thumbnail: '' };
  await unaudited(store).golden.addPhotos([
    { ...about, sha256: 'a'.repeat(64), request: null, imageSha256: null, who: 'test' },
  ]);
};

const nameOf = ({ project }: World) => `${project}-mika`;
const addUser = async (world: World) => {
  const known = await world.store.access.findUser(nameOf(world));
  if (known === null) await createUser(world.store, { name: nameOf(world), password, role: 'approver' }, tester);
};
let token = '';
const totpSecret = newTotpSecret();
const noTotp = async (world: World) => {
  await addSession(world);
  await unaudited(world.store).access.setTotp(nameOf(world), { secret: null, since: null });
};
const asThemselves = ({ project }: World) => ({ authorization: `Bearer ${token}`, 'x-mitate-project': project });
const addSession = async (world: World) => {
  await addUser(world);
  await unaudited(world.store).access.endSessions(nameOf(world));
  token = randomBytes(32).toString('base64url');
  const hash = sha256(token);
  id = hash.slice(0, 16);
  const expiresAt = new Date(Date.now() + 3_600_000);
  const session = { hash, user: nameOf(world), expiresAt, address: null, userAgent: null };
  await unaudited(world.store).access.createSession(session);
};
const user = (
  world: World,
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  payload?: object,
  path = '',
  headers?: Record<string, string>,
): HttpAsk => ({
  method,
  url: `/api/v1/users/${nameOf(world)}${path}`,
  ...(payload && { payload }),
  ...(headers && { headers }),
});
/** Of a person of the server's own project. */
const session = { url: '/api/v1/sessions', payload: { name: 'through-default-mika', password }, isAnonymous: true };

const runOf = async ({ store }: World, source: string | null) => {
  id = randomUUID();
  const about = { pipeline: 'notes', parameters: {}, seed: 1, definitionDigest: 'd'.repeat(64), source };
  await store.createRun({
    ...about,
    id,
    gitCommit: null,
    who: 'test',
    pid: null,
    trigger: 'demand',
    startedAt: new Date(),
  });
};
const runningRun = (world: World) => runOf(world, null);

const queuedRun = async ({ store, project, folder }: World) => {
  await using queue = await openRunQueue(store, { logger: silentLogger });
  const about = { project, source: folder.at('notes.ts'), parameters: {}, seed: null, who: 'test' };
  id = await queue.add({ ...about, trigger: 'api', isConfined: true });
};

async function releaseFile() {
  const code = { entry: 'notes.ts', files: [{ path: 'notes.ts', content: Buffer.from('export default 1;') }] };
  const bundle = await packBundle(code);
  const parameters = { text: 'hi' };
  const frozen = { pipeline: 'notes', definitionDigest: 'd'.repeat(64), codeDigest: codeDigest(code), parameters };
  const about = { gitCommit: null, runId: randomUUID(), bundleDigest: sha256(bundle), environment: 'dev', who: 'ci' };
  return { release: { ...frozen, id: releaseId(frozen), ...about }, bundle: bundle.toString('base64') };
}

const makeRelease = ['release', 'make', 'notes.ts'];
const madeRelease = async (world: World) => {
  await world.spawn(['run', 'notes.ts', '--param', 'text=hi']);
  await world.spawn(makeRelease);
};

const verbs = (of: string, verb: string, payload?: object): HttpAsk => ({
  url: `/api/v1/${of}:${verb}`,
  ...(payload && { payload }),
});

export const cases: Record<AuditedAction, Case | Case[]> = {
  'alert.ack': {
    before: openAlert('m-ack'),
    cli: () => ['alert', 'ack', 'm-ack', '--why', why],
    http: () => verbs('alerts/m-ack', 'ack', { why }),
  },
  'alert.resolve': {
    before: openAlert('m-resolve'),
    cli: () => ['alert', 'resolve', 'm-resolve', '--why', why],
    http: () => verbs('alerts/m-resolve', 'resolve', { why }),
  },
  'alert.silence': {
    before: openAlert('m-silence'),
    cli: () => ['alert', 'silence', 'm-silence', '--for', '3d', '--why', why],
    http: () => verbs('alerts/m-silence', 'silence', { until: new Date(Date.now() + 3 * 86_400_000), why }),
  },
  'channel.create': {
    cli: () => ['channel', 'create', 'made', '--kind', hook.kind, '--url', hook.url, '--secret-env', hook.secretEnv],
    http: () => ({ url: '/api/v1/channels', payload: { name: 'made', definition: hook } }),
  },
  'channel.remove': {
    before: addChannel('gone'),
    cli: () => ['channel', 'remove', 'gone'],
    http: () => ({ method: 'DELETE', url: '/api/v1/channels/gone' }),
  },
  'channel.retry': {
    before: addChannel('retried'),
    cli: () => ['channel', 'retry', 'retried'],
    http: () => verbs('channels/retried', 'retry', {}),
  },
  'channel.test': {
    before: addChannel('tried', () => receiver.url),
    cli: () => ['channel', 'test', 'tried'],
    http: () => verbs('channels/tried', 'test'),
  },
  'correction.add': {
    before: importedData,
    http: async (world) => ({ url: '/api/v1/corrections', payload: await aCorrection(world) }),
  },
  'correction.export': {
    before: importedData,
    http: ({ folder }) => ({ url: '/api/v1/corrections:export', payload: { to: folder.at('corrections.jsonl') } }),
  },
  'correction.revert': {
    before: async (world) => {
      await importedData(world);
      const answer = await world.ask({ url: '/api/v1/corrections', payload: await aCorrection(world) });
      id = (answer as { added: { id: string }[] }).added[0]!.id;
    },
    http: () => ({ url: `/api/v1/corrections/${id}:revert` }),
  },
  'label.name': [
    {
      // another one each time: it changes something each time
      cli: () => ['label', 'name', randomUUID(), '--en', 'Leaf rust', '--ja', 'さび病'],
      http: () => ({
        method: 'PATCH',
        url: '/api/v1/labels',
        payload: { names: { [randomUUID()]: { en: 'Leaf rust', ja: 'さび病' } } },
      }),
    },
    {
      before: async ({ folder }) => {
        folder.write('names.csv', `label,en,ja\n${randomUUID()},Leaf rust,さび病\n`);
      },
      cli: ({ folder }) => ['label', 'import', folder.at('names.csv')],
    },
  ],
  'data.relabel': {
    before: importedData,
    cli: ({ folder }) => ['data', 'relabel', 'spot/0.jpg', 'healthy', '--to', folder.at('relabelled.jsonl')],
  },
  'endpoint.create': {
    cli: () => ['endpoint', 'create', 'made', '--public', '--why', why],
    http: () => ({ url: '/api/v1/endpoints', payload: { name: 'made', settings: { public: true }, why } }),
  },
  'endpoint.delete': {
    before: endpointWith('gone'),
    cli: () => ['endpoint', 'remove', 'gone', '--why', why],
    http: () => ({ method: 'DELETE', url: `/api/v1/endpoints/gone?why=${why}` }),
  },
  'endpoint.deploy': {
    before: endpointWith('deploy'),
    cli: () => ['endpoint', 'deploy', 'deploy', 'leaf@1', '--force', '--why', why],
    http: () => verbs('endpoints/deploy', 'deploy', { model: 'leaf@1', force: true, why }),
  },
  'endpoint.promote': {
    before: endpointWith('promote', withCanary),
    cli: () => ['endpoint', 'promote', 'promote', 'leaf@2', '--why', why],
    http: () => verbs('endpoints/promote', 'promote', { model: 'leaf@2', why }),
  },
  'endpoint.rollback': {
    before: endpointWith('rollback', [stable], withCanary),
    cli: () => ['endpoint', 'rollback', 'rollback', '--why', why],
    http: () => verbs('endpoints/rollback', 'rollback', { why }),
  },
  'endpoint.set': {
    before: endpointWith('set'),
    cli: () => ['endpoint', 'set', 'set', '--public', '--why', why],
    http: () => ({ method: 'PATCH', url: '/api/v1/endpoints/set', payload: { settings: { public: true }, why } }),
  },
  'endpoint.traffic': {
    before: endpointWith('traffic', withCanary),
    cli: () => ['endpoint', 'traffic', 'traffic', 'leaf@2=20', '--why', why],
    http: () => verbs('endpoints/traffic', 'traffic', { traffic: { 'leaf@2': 20 }, why }),
  },
  'endpoint.undeploy': {
    before: endpointWith('undeploy', [stable]),
    cli: () => ['endpoint', 'undeploy', 'undeploy', '--all', '--why', why],
    http: () => verbs('endpoints/undeploy', 'undeploy', { model: null, why }),
  },
  'feedback.add': [
    {
      before: async (world) => {
        id = (await world.answered([2]))[0]!;
      },
      cli: () => ['feedback', 'add', id, '--label', 'healthy'],
      http: () => ({ url: '/api/v1/feedback', payload: { feedback: [{ id, kind: 'label', label: 'healthy' }] } }),
    },
    {
      before: async (world) => {
        id = (await world.answered([5]))[0]!;
      },
      http: () => ({ url: '/api/v1/endpoints/leaf/feedback', payload: { id, label: 'healthy' } }),
    },
  ],
  'feedback.import': {
    before: async (world) => {
      const ids = await world.answered([3, 4]);
      world.folder.write('labels.csv', `request_id,label\n${ids[0]},healthy\n${ids[1]},unwell\nnobody,unwell\n`);
    },
    cli: ({ folder }) => ['feedback', 'import', folder.at('labels.csv')],
    http: ({ folder }) => ({
      url: '/api/v1/feedback/import',
      payload: readFileSync(folder.at('labels.csv')),
      headers: { 'content-type': 'text/csv' },
    }),
  },
  'feedback.link': {
    before: async (world) => {
      id = (await world.answered([5]))[0]!;
    },
    cli: () => ['feedback', 'link', id, '--expires', '7d'],
    http: () => ({ url: '/api/v1/feedback/links', payload: { id, days: 7 } }),
  },
  'feedback.unlink': {
    before: async (world) => {
      id = (await world.answered([8]))[0]!;
    },
    cli: () => ['feedback', 'unlink', '--request', id],
    http: () => ({ url: '/api/v1/feedback/links:revoke', payload: { id } }),
  },
  'flywheel.export': {
    before: labelled,
    cli: ({ project }) => ['flywheel', 'export', '--endpoint', 'leaf', '--output', project],
    http: ({ project }) => ({ url: '/api/v1/flywheel/spans', payload: { endpoint: 'leaf', to: project } }),
  },
  'golden.add': {
    before: labelled,
    cli: () => ['golden', 'add', 'held', '--endpoint', 'leaf'],
    http: () => ({ url: '/api/v1/golden', payload: { set: 'held', endpoint: 'leaf' } }),
  },
  'golden.remove': [
    {
      before: goldenPhoto,
      cli: () => ['golden', 'remove', 'gone', 'a'.repeat(64)],
      http: () => ({ method: 'DELETE', url: `/api/v1/golden/gone/photos/${'a'.repeat(64)}` }),
    },
    {
      before: goldenPhoto,
      cli: () => ['golden', 'remove', 'gone'],
      http: () => ({ method: 'DELETE', url: '/api/v1/golden/gone' }),
    },
  ],
  'key.create': {
    cli: () => ['key', 'create', 'ci', '--scope', 'operate'],
    http: () => ({ url: '/api/v1/keys', payload: { name: 'ci', scope: 'operate' } }),
  },
  'key.revoke': {
    before: async ({ store }) => {
      await createKey(store, { name: 'gone', scope: 'predict', expiresAt: null }, tester);
    },
    cli: () => ['key', 'revoke', 'gone'],
    http: () => ({ method: 'DELETE', url: '/api/v1/keys/gone' }),
  },
  'key.rotate': {
    before: async ({ store }) => {
      await createKey(store, { name: 'old', scope: 'predict', expiresAt: null }, tester);
    },
    cli: () => ['key', 'rotate', 'old', '--overlap', '0s'],
    http: () => verbs('keys/old', 'rotate', { overlap: '0s' }),
  },
  'log.erase': {
    before: async (world) => {
      id = (await world.answered([6]))[0]!;
    },
    cli: () => ['log', 'erase', '--request', id, '--why', why, '--yes'],
  },
  'model.promote': {
    cli: () => ['model', 'promote', 'unserved@2', '--why', why],
    http: () => verbs('models/unserved', 'promote', { version: '2', why }),
  },
  'model.rollback': {
    before: async ({ store }) => {
      for (const version of [2, 1, 2])
        await unaudited(store).setAlias({ name: 'unserved', alias: 'champion', version, who: '', why });
    },
    cli: () => ['model', 'rollback', 'unserved', '--why', why],
    http: () => verbs('models/unserved', 'rollback', { why }),
  },
  'monitor.create': {
    cli: () => ['monitor', 'create', 'own', '--endpoint', 'leaf', '--kind', 'label-drift'],
    http: () => ({ url: '/api/v1/monitors', payload: { name: 'own', endpoint: 'leaf', kind: 'label-drift' } }),
  },
  'monitor.defaults': {
    cli: () => ['monitor', 'create', '--endpoint', 'leaf', '--defaults'],
    http: () => ({ url: '/api/v1/monitors:defaults', payload: { endpoint: 'leaf' } }),
  },
  'monitor.remove': {
    before: addMonitor('gone'),
    cli: () => ['monitor', 'remove', 'gone'],
    http: () => ({ method: 'DELETE', url: '/api/v1/monitors/gone' }),
  },
  'monitor.run': {
    before: addMonitor('asked'),
    cli: () => ['monitor', 'run', 'asked'],
    http: () => verbs('monitors/asked', 'run'),
  },
  'monitor.set': [
    {
      before: addMonitor('set'),
      cli: () => ['monitor', 'disable', 'set'],
      http: () => ({ method: 'PATCH', url: '/api/v1/monitors/set', payload: { isEnabled: false } }),
    },
    {
      cli: () => ['monitor', 'enable', 'set'],
      http: () => ({ method: 'PATCH', url: '/api/v1/monitors/set', payload: { isEnabled: true } }),
    },
  ],
  'preferences.set': {
    http: () => ({ method: 'PUT', url: '/api/v1/me/preferences', payload: { theme: 'dark' } }),
  },
  'project.create': {
    cli: ({ project }) => ['project', 'create', `${project}-too`, '--description', 'roses'],
    http: ({ project }) => ({ url: '/api/v1/projects', payload: { name: `${project}-too`, description: 'roses' } }),
  },
  'project.stage': { cli: ({ project }) => ['project', 'stage', project, 'test'] },
  'project.share-worker': { cli: ({ project }) => ['project', 'share-worker', project] },
  'promotion.abort': {
    before: openPromotion('abort', false),
    cli: () => ['promotion', 'abort', id, '--why', why],
    http: () => verbs(`promotions/${id}`, 'abort', { why }),
  },
  'promotion.approve': {
    before: openPromotion('approve', true),
    cli: () => ['promotion', 'approve', id, '--why', why],
    http: () => verbs(`promotions/${id}`, 'approve', { why }),
  },
  'promotion.refuse': {
    before: openPromotion('refuse', true),
    cli: () => ['promotion', 'refuse', id, '--why', why],
    http: () => verbs(`promotions/${id}`, 'refuse', { why }),
  },
  'promotion.start': {
    before: endpointWith('start', [stable]),
    cli: () => ['promotion', 'start', 'start', 'leaf@2', '--why', why],
    http: () => ({ url: '/api/v1/promotions', payload: { endpoint: 'start', model: 'leaf@2', why } }),
  },
  'release.bring': {
    before: async (world) => {
      if (world.door === 'cli') await madeRelease(world);
    },
    cli: () => ['deploy-pipeline', 'latest', '--env', 'there'],
    isSpawned: true,
    http: async () => ({
      url: '/api/v1/releases',
      payload: { ...(await releaseFile()), environment: 'there', stage: 'test' },
    }),
  },
  'release.deploy': {
    before: madeRelease,
    isSpawned: true,
    cli: () => ['deploy-pipeline', 'latest', '--env', 'there'],
  },
  'release.make': {
    before: (world) => world.spawn(['run', 'notes.ts', '--param', 'text=hi']),
    cli: () => makeRelease,
    isSpawned: true,
  },
  'release.webhook': {
    before: addUser,
    http: async (world) => {
      const about = { environment: 'there', stage: 'test', branch: 'main', approver: nameOf(world) };
      const body = Buffer.from(JSON.stringify({ ...(await releaseFile()), ...about, project: world.project }));
      const signed = signHook(hookSecret, { timestamp: Math.floor(Date.now() / 1_000), nonce: randomUUID() }, body);
      const headers = { 'content-type': 'application/json', [hookSignatureHeader]: signed };
      return { url: '/api/v1/webhooks/releases', payload: body, headers };
    },
  },
  'review.adjudicate': {
    before: queueItem,
    cli: () => ['review', 'adjudicate', id, 'healthy'],
    http: () => ({ url: `/api/v1/review/${id}/adjudicate`, payload: { label: 'healthy' } }),
  },
  'review.claim': {
    before: queueItem,
    cli: () => ['review', 'next', '--endpoint', 'leaf'],
    http: () => ({ url: '/api/v1/review/next', payload: { endpoint: 'leaf' } }),
  },
  'review.fill': {
    before: async (world) => {
      await world.answered([7]);
    },
    cli: () => ['review', 'fill', '--endpoint', 'leaf', '--budget', '1'],
    http: () => ({ url: '/api/v1/review/fill', payload: { endpoint: 'leaf', budget: 1 } }),
  },
  'review.label': {
    before: queueItem,
    cli: () => ['review', 'label', id, 'healthy'],
    http: () => ({ url: `/api/v1/review/${id}/label`, payload: { label: 'healthy' } }),
  },
  'review.skip': {
    before: queueItem,
    cli: () => ['review', 'skip', id],
    http: () => ({ url: `/api/v1/review/${id}/skip` }),
  },
  'review.undo': {
    before: async (world) => {
      await queueItem(world);
      await world.ask({ url: `/api/v1/review/${id}/label`, payload: { label: 'healthy' } });
    },
    http: () => ({ url: `/api/v1/review/${id}:undo` }),
  },
  'run.cancel': {
    before: runningRun,
    cli: () => ['runs', 'cancel', id],
    http: () => verbs(`runs/${id}`, 'cancel'),
    // nothing is erased while a run is at work
    after: ({ store }) => store.finishRun(id, 'cancelled', null),
  },
  'run.dequeue': [
    {
      before: queuedRun,
      cli: () => ['runs', 'queue', 'cancel', id],
      http: () => ({ method: 'DELETE', url: `/api/v1/runs/queue/${id}` }),
    },
    // the old path
    { before: queuedRun, http: () => ({ method: 'DELETE', url: `/api/v1/queue/${id}` }) },
  ],
  'run.enqueue': [
    { http: () => ({ url: '/api/v1/runs', payload: { pipeline: 'notes.ts', parameters: {} } }) },
    {
      before: (world) => runOf(world, world.folder.at('notes.ts')),
      http: () => ({ url: `/api/v1/runs/${id}:retry` }),
      after: ({ store }) => store.finishRun(id, 'failed', null),
    },
  ],
  'run.note': {
    before: runningRun,
    cli: () => ['runs', 'note', id, 'what it shows'],
    http: () => ({ method: 'PATCH', url: `/api/v1/runs/${id}`, payload: { note: 'what it shows' } }),
    after: ({ store }) => store.finishRun(id, 'cancelled', null),
  },
  'secret.rekey': { cli: () => ['secret', 'rekey', '--json'] },
  'secret.remove': {
    before: async ({ store }) => void (await setSecret(store, { name: 'MITATE_CHANNEL_GONE', value: 'value' }, tester)),
    cli: () => ['secret', 'remove', 'MITATE_CHANNEL_GONE'],
  },
  'secret.set': { cli: () => ['secret', 'set', 'MITATE_CHANNEL_NEW'], input: 'value\n' },
  'session.create': [
    { http: () => session, project: 'default' },
    {
      http: async ({ served }) => ({
        url: '/api/v1/sessions/key',
        payload: { key: await served.makeKey('predict') },
        isAnonymous: true,
      }),
      project: 'default',
    },
  ],
  'session.end': [
    {
      http: async (world) => {
        const { token } = await world.ask(session);
        const headers = { authorization: `Bearer ${token}`, 'x-mitate-project': 'default' };
        return { method: 'DELETE', url: '/api/v1/sessions/current', headers };
      },
      project: 'default',
    },
    {
      before: addSession,
      cli: (world) => ['user', 'sessions', nameOf(world), '--all'],
      http: (world) => user(world, 'DELETE', undefined, '/sessions'),
    },
    {
      before: addSession,
      cli: (world) => ['user', 'sessions', nameOf(world), '--end', id],
      http: (world) => user(world, 'DELETE', undefined, `/sessions/${id}`),
    },
  ],
  'session.refuse': {
    http: () => ({ ...session, payload: { ...session.payload, password: 'wrong' }, status: 401 }),
    project: 'default',
  },
  'trigger.create': {
    cli: () => ['trigger', 'create', 'made', '--pipeline', 'notes.ts', '--demand'],
    http: () => ({ url: '/api/v1/triggers', payload: { name: 'made', pipeline: 'notes.ts', when: demand } }),
  },
  'trigger.disable': {
    before: addTrigger('disable', demand),
    cli: () => ['trigger', 'disable', 'disable'],
    http: () => verbs('triggers/disable', 'disable'),
  },
  'trigger.enable': {
    before: addTrigger('enable', demand, false),
    cli: () => ['trigger', 'enable', 'enable'],
    http: () => verbs('triggers/enable', 'enable'),
  },
  'trigger.notify': {
    before: addTrigger('notify', { kind: 'new-data', folder: null, minPhotos: 9 }),
    cli: () => ['trigger', 'notify', 'notify', '--photos', '3'],
    http: () => verbs('triggers/notify', 'notify', { photos: 3 }),
  },
  'trigger.remove': {
    before: addTrigger('gone', demand),
    cli: () => ['trigger', 'remove', 'gone'],
    http: () => ({ method: 'DELETE', url: '/api/v1/triggers/gone' }),
  },
  'trigger.run': {
    before: addTrigger('run', demand),
    cli: () => ['trigger', 'run', 'run'],
    http: () => verbs('triggers/run', 'run', {}),
  },
  'upload.create': {
    http: () => ({ url: '/api/v1/uploads', payload: { name: 'greenhouse' } }),
  },
  'upload.finish': {
    before: async (world) => {
      id = await anUpload(world);
      const headers = { 'content-type': 'image/jpeg' };
      const url = `/api/v1/uploads/${id}/photos?path=healthy%2F1.jpg`;
      await world.ask({ method: 'PUT', url, payload: await smallPhoto(1), headers });
    },
    http: () => ({ url: `/api/v1/uploads/${id}:finish` }),
  },
  'upload.remove': {
    before: async (world) => {
      id = await anUpload(world);
    },
    http: () => ({ method: 'DELETE', url: `/api/v1/uploads/${id}` }),
  },
  'user.create': {
    cli: ({ project }) => ['user', 'create', `${project}-new`, '--role', 'viewer', '--password-stdin'],
    input: password,
    http: ({ project }) => ({ url: '/api/v1/users', payload: { name: `${project}-new`, password, role: 'viewer' } }),
  },
  'user.disable': {
    before: addUser,
    cli: (world) => ['user', 'disable', nameOf(world)],
    http: (world) => user(world, 'PATCH', { disabled: true }),
  },
  'user.enable': {
    before: addUser,
    cli: (world) => ['user', 'enable', nameOf(world)],
    http: (world) => user(world, 'PATCH', { disabled: false }),
  },
  'user.password': {
    before: addUser,
    cli: (world) => ['user', 'password', nameOf(world), '--password-stdin'],
    input: password,
    http: (world) => user(world, 'PATCH', { password }),
  },
  'user.totp': [
    {
      before: noTotp,
      cli: (world) => ['user', 'totp', nameOf(world), 'enable'],
    },
    { before: noTotp, http: (world) => user(world, 'POST', undefined, '/totp', asThemselves(world)) },
    {
      before: async (world) => {
        await noTotp(world);
        await unaudited(world.store).access.setTotp(nameOf(world), { secret: totpSecret, since: null });
      },
      http: (world) => {
        const code = totpCode(totpSecret, Math.floor(Date.now() / 30_000));
        return user(world, 'POST', { code }, '/totp:confirm', asThemselves(world));
      },
    },
    {
      before: async (world) => {
        await addUser(world);
        await unaudited(world.store).access.setTotp(nameOf(world), { secret: totpSecret, since: new Date() });
      },
      cli: (world) => ['user', 'totp', nameOf(world), 'disable'],
      http: (world) => user(world, 'POST', {}, '/totp:disable'),
    },
  ],
  'user.role': {
    before: addUser,
    cli: (world) => ['user', 'role', nameOf(world), 'labeller'],
    http: (world) => user(world, 'PUT', { role: 'labeller' }, '/role'),
  },
};
