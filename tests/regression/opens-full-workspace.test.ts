import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, constants } from 'node:zlib';
import { type Client, createClient } from 'mitate/client';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningCommand, Sandbox } from '../e2e/cli.ts';
import { BucketServer } from '../support/bucket-server.ts';
import { Receiver } from '../support/receiver.ts';

interface Answer {
  id: string;
  photo: string;
  device: string;
  label: string;
  /** P(unwell). */
  probability: number;
  model: { name: string; version: number };
  idempotencyKey: string | null;
}

/** Written when the workspace was made: its secrets, and the answers of its server. */
interface Expected {
  /** Just after the last tick. */
  at: string;
  keys: Record<'admin' | 'phone' | 'ops' | 'lost' | 'roses', string>;
  password: string;
  answers: Answer[];
  /** In the journal only: the server was killed before it had written them to the database. */
  late: Answer[];
  erased: string;
  runs: [first: string, second: string];
}

interface Run {
  state: string;
  blessed: boolean;
  pushed: { modelName: string; version: number }[];
  steps: { name: string; state: string; summary: string | null }[];
}

/** Probability of the label. */
const ofLabel = ({ label, probability }: Pick<Answer, 'label' | 'probability'>) =>
  label === 'unwell' ? probability : 1 - probability;

const sandbox = new Sandbox();
const endpoint = 'leaf-health';
const images = 'images=leaves/span-{SPAN}';
let old: Expected;
let bucket: BucketServer;
let slack: Receiver;
let server: RunningCommand;
let url: string;
let admin: Client;
let phone: Client;

beforeAll(async () => {
  const packed = readFileSync(new URL('./workspaces/0.1.0-full.tar.br', import.meta.url));
  const tar = brotliDecompressSync(packed, { params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 } });
  const { status, stderr } = spawnSync('tar', ['-xf', '-', '-C', sandbox.path], { input: tar });
  if (status !== 0) throw new Error(String(stderr));
  old = JSON.parse(readFileSync(sandbox.at('expected.json'), 'utf8')) as Expected;
  [bucket, slack] = await Promise.all([BucketServer.open(), Receiver.open()]);
  // the watched bucket as the old version last saw it
  for (const [i, name] of [
    'healthy/elm_healthy-00001',
    'healthy/elm_healthy-00011',
    'healthy/elm_healthy-00021',
  ].entries())
    bucket.put(`incoming/a/${i}.jpg`, photo(`golden/${name}.jpg`));
  bucket.put('incoming/a/3.jpg', photo(old.late[0]!.photo));
  bucket.put('incoming/b/4.jpg', photo(old.late[1]!.photo));
  server = sandbox.start(['serve', '--port', '0', '--json'], { env: environment() });
  const [line] = (await Promise.race([once(server.process.stdout!, 'data'), server.ended])) as [Buffer | string];
  const started = JSON.parse(String(line)) as { url: string; firstKey: string | null };
  expect(started.firstKey).toBeNull();
  url = started.url;
  admin = createClient({ url, key: old.keys.admin });
  phone = createClient({ url, key: old.keys.phone });
});
afterAll(async () => {
  server?.process.kill('SIGTERM');
  await server?.ended;
  await Promise.all([bucket?.[Symbol.asyncDispose](), slack?.[Symbol.asyncDispose]()]);
  sandbox[Symbol.dispose]();
});

const environment = () => ({
  ...bucket.env,
  MITATE_PROCESSES: '1',
  MITATE_CHANNEL_ALLOW: '127.0.0.1',
  MITATE_CHANNEL_TEAM_URL: slack.url(),
});
const photo = (path: string) => new Uint8Array(readFileSync(sandbox.at(path)));
const ask = async ({ photo: path, device }: Answer) =>
  (await phone.predict(endpoint, photo(path), { assignmentKey: device })).predictions[0]!;

async function json<T>(...args: string[]): Promise<T[]> {
  const { code, stdout, stderr } = await sandbox.start([...args, '--json'], { env: environment() }).ended;
  if (code !== 0) throw new Error(`mitate ${args.join(' ')} exited with ${code}: ${stderr}`);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
}

/** Seconds after the last tick of the old version, whatever the time is now. */
const later = (seconds: number) => new Date(Date.parse(old.at) + 1_000 * seconds).toISOString();

async function tick(now: string): Promise<void> {
  const parts = await json<{ part: string; error: unknown }>('tick', '--now', now);
  expect(parts.filter(({ error }) => error !== null)).toEqual([]);
}

/** By trigger, newest first. */
async function firings(): Promise<Record<string, string[]>> {
  const { items } = await admin.triggers.list();
  const each = items.map(async ({ trigger: { name } }) => {
    const { items: all } = await admin.triggers.firings(name);
    return [name, all.map(({ state, occasion }) => `${state} ${occasion}`)] as const;
  });
  return Object.fromEntries(await Promise.all(each));
}

it('keys and passwords still work; what was revoked or disabled does not', async () => {
  expect(await admin.me()).toMatchObject({ who: 'key:first-admin', permissions: expect.arrayContaining(['admin']) });
  expect((await createClient({ url, key: old.keys.ops }).me()).permissions).toContain('operate');
  await expect(phone.keys.list()).rejects.toMatchObject({ status: 403 });
  await expect(createClient({ url, key: old.keys.lost }).me()).rejects.toMatchObject({ code: 'ACCESS_KEY_INVALID' });
  const { items } = await createClient({ url, key: old.keys.roses }).endpoints.list();
  expect(items.map(({ name }) => name)).toEqual(['rose']);
  const { sessions } = createClient({ url });
  expect((await sessions.signIn('mika', old.password)).user.roles).toEqual({ default: 'approver' });
  await expect(sessions.signIn('gone', old.password)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' });
});

it('runs, model versions and the endpoint are there', async () => {
  const runs = (await admin.runs.list({ pipeline: 'leaf-health' })).items;
  expect(runs.map(({ state, error, source }) => [state, error?.code, source])).toEqual([
    ['failed', 'SOURCE_NOT_FOUND', '/srv/leaf/pipeline.ts'],
    ['succeeded', undefined, '/srv/leaf/pipeline.ts'],
    ['succeeded', undefined, '/srv/leaf/pipeline.ts'],
  ]);
  const { executions } = await admin.runs.get(old.runs[1]);
  expect(executions.map(({ step, state }) => `${step} ${state}`)).toHaveLength(10);
  expect(executions.flatMap(({ outputs }) => outputs.map(({ artifact: { type } }) => type)).sort()).toEqual(
    [
      'ExampleAnomalies',
      'Examples',
      'ExampleStatistics',
      'InfraBlessing',
      'Model',
      'Model',
      'ModelBlessing',
      'ModelEvaluation',
      'ModelRun',
      'PushedModel',
      'Schema',
      'TransformGraph',
    ].sort(),
  );
  const model = await admin.models.get('leaf-health');
  expect(
    model.versions.map(({ version, blessed, aliases, metrics }) => [version, blessed, aliases, metrics.auc]),
  ).toEqual([
    [2, true, ['champion'], 1],
    [1, true, [], 0.8444444444444444],
  ]);
  expect(model.timeline.map(({ alias, version, who }) => [alias, version, who])).toEqual([
    ['challenger', null, 'worker'],
    ['champion', 2, 'worker'],
    ['challenger', 2, 'root@leaf'],
    ['champion', 1, 'root@leaf'],
  ]);
  const served = await admin.endpoints.get(endpoint);
  expect(served.deployments).toMatchObject([{ version: 2, role: 'stable', traffic: 100 }]);
  expect(served.settings).toMatchObject({
    abstain: { low: 0.499, high: 0.501 },
    images: { policy: 'all' },
    imageRetentionDays: 0,
    review: { perDay: 10, randomShare: 0.5 },
  });
  const timeline = (await admin.endpoints.timeline(endpoint)).items.filter(({ action }) => action !== 'ready');
  expect(timeline.map(({ action, who, why }) => [action, who, why])).toEqual([
    ['promote', 'worker', '6 requests at 50 %, nothing against it'],
    ['deploy', 'worker', '16 logged requests replayed, nothing against it'],
    ['set', 'local:root', 'by hand'],
    ['set', 'key:first-admin', 'labels are coming'],
    ['deploy', 'root@leaf', `first version, run ${old.runs[0]}`],
  ]);
  const { artifacts } = await admin.lineage('leaf-health@2');
  expect(artifacts.map(({ type }) => type)).toEqual(expect.arrayContaining(['Examples', 'PromotionDecision']));
});

it('every answer is logged, also those that a killed server left in its journal', async () => {
  const { items } = await admin.requests.list({ limit: 100 });
  expect(items.map(({ publicId }) => publicId).sort()).toEqual(
    [...old.answers, ...old.late].map(({ id }) => id).sort(),
  );
  const logged = new Map(items.map((request) => [request.publicId, request]));
  for (const { id, label, probability, model, device } of [...old.answers, ...old.late]) {
    const request = logged.get(id)!;
    // version 0.1 logged P(unwell) as `probability`, whatever the label
    const numbers = { label, probability: expect.closeTo(ofLabel({ label, probability }), 5) };
    expect(request).toMatchObject({ ...numbers, positiveProbability: expect.closeTo(probability, 5) });
    expect(request.response).toMatchObject({ id, ...numbers, positiveProbability: probability, model });
    expect(request.imageKept).toBe(true);
    expect(request.attributes).toEqual({ device: Number(device.split('-')[1]) % 2 === 1 ? 'tablet' : 'phone' });
  }
  const { id, photo: path } = old.late[0]!;
  const kept = await (await admin.requests.photo(id)).arrayBuffer();
  const pixels = (bytes: Uint8Array | ArrayBuffer) => sharp(bytes).raw().toBuffer();
  expect((await pixels(kept)).equals(await pixels(photo(path)))).toBe(true);
  await expect(admin.requests.get(old.erased)).rejects.toMatchObject({ status: 404 });
});

it('feedback and the review queue are there', async () => {
  const entries = (await admin.feedback.list({ limit: 100 })).items;
  const count = (wanted: Partial<(typeof entries)[number]>) =>
    entries.filter((each) => Object.entries(wanted).every(([key, value]) => each[key as keyof typeof each] === value))
      .length;
  expect(entries).toHaveLength(22);
  expect(count({ source: 'csv', note: 'seen in the field', who: 'local:root' })).toBe(6);
  expect(count({ kind: 'label', source: 'queue', who: 'key:ops' })).toBe(1);
  expect(count({ kind: 'label', label: 'birch_rust', newClass: true })).toBe(1);
  const ninth = (await admin.feedback.list({ request: old.answers[9]!.id })).items;
  expect(ninth.map(({ kind, verdict, event, value, truth }) => [kind, verdict ?? event, value ?? truth])).toEqual([
    ['business', 'sold', 12.5],
    ['event', 'accept', null],
    ['verdict', 'right', 'unwell'],
  ]);
  const [waiting, done, skipped] = await Promise.all(
    (['waiting', 'done', 'skipped'] as const).map(async (state) => (await admin.review.list({ state })).items.length),
  );
  expect({ waiting, done, skipped }).toEqual({ waiting: 1, done: 2, skipped: 1 });
});

it('monitors, alerts, channels and deliveries are there', async () => {
  const watched = (await admin.monitors.list()).items;
  expect(watched).toHaveLength(18);
  const found = watched.flatMap(({ monitor, latest }) =>
    latest ? [[monitor.name, latest.state, latest.finding.statistic]] : [],
  );
  expect(found).toEqual([
    ['accuracy', 'breach', 0.5],
    ['unwell-share', 'breach', 1 / 6],
  ]);
  const byName = new Map(watched.map(({ monitor }) => [monitor.name, monitor]));
  expect(byName.get('accuracy')).toMatchObject({
    kind: 'measured-accuracy',
    parameters: { min: 0.999 },
    window: { by: 'count', count: 8 },
    slice: { attribute: 'device', value: 'tablet' },
  });
  expect(byName.get('leaf-health.positive-rate')).toMatchObject({ window: { by: 'time', days: 10 } });
  const alerts = (await admin.alerts.list()).items;
  expect(alerts.map(({ monitor, state, severity }) => [monitor, state, severity])).toEqual([
    ['unwell-share', 'open', 'warning'],
    ['accuracy', 'acknowledged', 'critical'],
  ]);
  expect(alerts[1]!.timeline.at(-1)).toMatchObject({
    who: 'local:root',
    what: expect.stringMatching(/labels are few$/),
  });
  const { deliveries } = await admin.alerts.get('unwell-share');
  expect(deliveries.map(({ channel, state, news }) => `${channel} ${state} ${news}`).sort()).toEqual([
    'pager dead opened',
    'team delivered opened',
  ]);
  expect((await admin.channels.dead('pager')).items).toHaveLength(2);
  await admin.channels.test('team');
  expect(slack.got).toHaveLength(1);
});

it('golden photos, flywheel spans, releases and the audit log are there', async () => {
  expect((await admin.golden.list()).items).toMatchObject([
    { set: 'held', photos: 9, labels: { healthy: 3, unwell: 6 } },
  ]);
  expect((await admin.flywheel.spans()).items).toMatchObject([
    { span: 1, folder: '/srv/leaf/leaves', photos: 11, labels: { healthy: 7, unwell: 4 }, leftOut: { 'new-class': 1 } },
  ]);
  const { release, starts } = await admin.releases.get('latest');
  expect(release).toMatchObject({ pipeline: 'leaf-health', environment: 'home', runId: old.runs[1] });
  expect(starts).toMatchObject([{ environment: 'home', via: 'command', state: 'queued' }]);
  const audit = (await admin.audit.list({ limit: 100 })).items;
  // and the refused sign-in above
  expect(audit.filter(({ action }) => action !== 'session.refuse')).toHaveLength(49);
  const wanted = [
    ['local:root', 'user.create', 'mika'],
    ['local:root', 'trigger.create', 'drifted'],
    ['key:first-admin', 'endpoint.set', 'leaf-health'],
    ['local:root', 'alert.ack', 'accuracy'],
    ['key:phone', 'feedback.add', old.answers[9]!.id],
  ];
  expect(audit.map(({ who, action, subject }) => [who, action, subject])).toEqual(expect.arrayContaining(wanted));
});

it('a photo gets the answer that it got before', async () => {
  const byChampion = [...old.answers, ...old.late].filter(({ model: { version } }) => version === 2);
  expect(byChampion).toHaveLength(8);
  for (const before of byChampion) {
    const { label, positiveProbability, model } = await ask(before);
    expect({ label, model }).toEqual({ label: before.label, model: before.model });
    expect(Math.abs(positiveProbability! - before.probability)).toBeLessThan(1e-4);
  }
  const { prediction, completenessError } = await phone.explain(endpoint, photo(byChampion[0]!.photo));
  expect(Math.abs(prediction.positiveProbability! - byChampion[0]!.probability)).toBeLessThan(1e-4);
  expect(Math.abs(completenessError)).toBeLessThan(0.1);
  const once = old.answers.find(({ idempotencyKey }) => idempotencyKey !== null)!;
  const options = {
    assignmentKey: once.device,
    attributes: { device: 'tablet' },
    idempotencyKey: once.idempotencyKey!,
  };
  expect((await phone.predict(endpoint, photo(once.photo), options)).predictions[0]).toMatchObject({
    id: once.id,
    probability: expect.closeTo(ofLabel(once), 9),
    positiveProbability: once.probability,
    model: { version: 1 },
  });
});

it('finished steps come from the cache, although the folder has moved', async () => {
  const [run] = await json<Run>('run', 'pipeline.ts', '--param', images);
  expect(run).toMatchObject({ state: 'succeeded', blessed: true, pushed: [{ modelName: 'leaf-health', version: 2 }] });
  const cached = run!.steps.filter(({ state }) => state === 'cached').map(({ name }) => name);
  expect(cached.sort()).toEqual(
    ['statistics-gen', 'schema-gen', 'example-validator', 'transform', 'trainer', 'infra-validator'].sort(),
  );
});

it('triggers and a promotion continue where they were', async () => {
  const before = await firings();
  const kinds = (texts: string[] = []) => texts.map((text) => /^\w+ [a-z]+/.exec(text)![0]);
  expect(Object.fromEntries(Object.entries(before).map(([name, all]) => [name, kinds(all)]))).toEqual({
    arrived: ['fired folder'],
    'by-hand': ['fired demand'],
    careful: ['held alert'],
    drifted: ['fired alert'],
    'each-minute': ['skipped schedule', 'fired schedule'],
    patient: ['held folder'],
    resting: [],
    shipped: ['fired release'],
    told: ['held call'],
    worse: ['fired result'],
  });
  const queued = async () =>
    (await admin.runs.queue.list()).map(({ trigger }) => trigger.replace('trigger ', '')).sort();
  expect(await queued()).toEqual(['arrived', 'by-hand', 'drifted', 'each-minute', 'shipped', 'worse']);
  const [started, ended] = (await admin.promotions.list()).items;
  expect(ended).toMatchObject({ version: 2, championVersion: 1, state: 'promoted' });
  expect(started).toMatchObject({
    version: 1,
    championVersion: 2,
    state: 'waiting-for-approval',
    gate: 'beforeCanary',
  });
  expect(await admin.promotions.disagreements(started!.id)).toHaveLength(4);

  const { token } = await createClient({ url }).sessions.signIn('mika', old.password);
  await createClient({ url, key: token }).promotions.approve(started!.id, { why: 'looked at the photos' });
  bucket.put('incoming/b/5.jpg', photo('asked/unwell/elm_yellowing-00012.jpg'));
  bucket.put('incoming/b/6.jpg', photo('asked/unwell/elm_yellowing-00002.jpg'));
  await admin.triggers.notify('told', { photos: 2, key: 'upload-2' });
  expect(await admin.triggers.notify('told', { photos: 3, key: 'upload-1' })).toEqual({ noted: false });
  expect(await admin.triggers.run('by-hand', { key: 'monday' })).toMatchObject({
    occasion: 'demand:monday',
    who: 'local:root',
  });
  await tick(later(120));

  // nothing fires twice; calls from before and after add up; new photos in the bucket must look the same twice
  const moment = `${later(120).slice(0, 16)}:00.000Z`;
  expect(await firings()).toEqual({
    ...before,
    'each-minute': [`skipped schedule:${moment}`, ...before['each-minute']!],
    told: expect.arrayContaining(['fired call:upload-1']),
  });
  const [told] = (await admin.triggers.firings('told', { state: 'fired' })).items;
  expect(told).toMatchObject({ evidence: { photos: 5, calls: 2 }, error: null });
  const [skipped] = (await admin.triggers.firings('each-minute')).items;
  expect(skipped!.evidence).toMatchObject({ from: new Date(Date.parse(moment) - 60_000).toISOString(), missed: 1 });

  // the same keys go to a canary as before; this one is version 1, which answered every photo once
  await until('the canary is ready', async () => {
    const { deployments } = await admin.endpoints.get(endpoint);
    const { items } = await admin.endpoints.timeline(endpoint, { limit: 1 });
    return deployments.length === 2 && items[0]!.action === 'ready';
  });
  const again = old.answers.slice(16);
  const toCanary: string[] = [];
  let last = '';
  for (const { device, photo: path, model } of again) {
    const { id, positiveProbability, deployment } = await ask({ device, photo: path } as Answer);
    last = id;
    expect(deployment.role).toBe(model.version === 2 ? 'canary' : 'stable');
    if (deployment.role !== 'canary') continue;
    toCanary.push(device);
    const first = old.answers.slice(0, 16).find((answer) => answer.photo === path)!;
    expect(Math.abs(positiveProbability! - first.probability)).toBeLessThan(1e-4);
  }
  expect(toCanary).toHaveLength(6);
  await until('the last answer is in the log', async () => {
    const { items } = await admin.requests.list({ limit: 1 });
    return items[0]!.publicId === last;
  });
  await tick(later(140));
  const promotion = await admin.promotions.get(started!.id);
  expect(promotion.decisions.map(({ state }) => state)).toEqual([
    'replaying',
    'waiting-for-approval',
    'canary',
    'promoted',
  ]);
  expect(promotion.approvals).toMatchObject([{ who: 'user:mika', before: 'beforeCanary', verdict: 'approved' }]);
  // the old version's replay let 4 of 16 disagreements pass: the canary may differ as much
  const { checks } = promotion.decisions.at(-1)!.evidence as { checks: { numbers: Record<string, number> }[] };
  expect(checks.find(({ numbers }) => 'atLeast' in numbers)!.numbers.limit).toBe(0.25);
  const [arrived] = (await admin.triggers.firings('arrived')).items;
  expect(arrived).toMatchObject({ state: 'fired', evidence: { photos: 2, all: 7 }, error: null });
  expect(await queued()).toEqual([
    'arrived',
    'arrived',
    'by-hand',
    'drifted',
    'each-minute',
    'shipped',
    'told',
    'worse',
  ]);
});

it('a new span retrains the model; every photo is embedded again, by the present resampler', async () => {
  const { id } = old.late[0]!;
  await phone.feedback.add({ id, kind: 'label', label: 'unwell' });
  const [span] = await json<{ span: number; photos: number }>(
    ...['flywheel', 'export', '--endpoint', endpoint, '--to', 'leaves', '--base', 'leaves/span-0'],
  );
  expect(span!.span).toBe(2);
  const [run] = await json<Run>('run', 'pipeline.ts', '--param', images, '--require-blessing');
  expect(run).toMatchObject({ state: 'succeeded', blessed: true, pushed: [{ modelName: 'leaf-health', version: 3 }] });
  const [photos, cached = 0] = run!.steps
    .find(({ name }) => name === 'transform')!
    .summary!.match(/\d+/g)!
    .map(Number);
  // The old version resampled with libvips: its embeddings are not mixed with ours.
  expect([photos! > 71, cached]).toEqual([true, 0]);
  expect((await admin.promotions.list()).items[0]).toMatchObject({
    version: 3,
    championVersion: 1,
    state: 'replaying',
  });
});

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await isSo()); await sleep(50))
    if (Date.now() > end) throw new Error(`${what}: not within 20 s`);
}
