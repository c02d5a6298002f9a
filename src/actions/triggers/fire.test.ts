import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BucketServer } from '../../../tests/support/bucket-server.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { someone, tester } from '../../../tests/support/tester.ts';
import { unaudited } from '../../../tests/support/unaudited.ts';
import { resolveConfig } from '../../config/config.ts';
import { silentLogger } from '../../contracts/logger.ts';
import { monitorSchema } from '../../contracts/loop/monitor.ts';
import type { TriggerInput } from '../../contracts/loop/trigger.ts';
import { Random } from '../../math/stats/random.ts';
import { openRunQueue, type RunQueue } from '../../orchestrator/queue/run-queue.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { dryRunTrigger } from './dry-run.ts';
import { fireTriggers } from './fire.ts';
import { notifyTrigger, runTrigger } from './run.ts';
import { createTrigger, showTrigger, switchTrigger } from './trigger.ts';
import { watchedEvent } from './watched-event.ts';
import { readWatchedFolder } from './watched-folder.ts';

const folder = new ScratchFolder();
const pipelines = join(folder.path, 'pipelines');
const config = resolveConfig({
  flags: { workspace: join(folder.path, 'workspace') },
  env: { MITATE_PIPELINES: pipelines, MITATE_DATA_ROOTS: pipelines },
  cwd: folder.path,
  isTty: false,
});
const at = (day: number, hour = 0, minute = 0) => new Date(Date.UTC(2026, 2, day, hour, minute));
let all: OpenStore;
let queue: RunQueue;

beforeAll(async () => {
  mkdirSync(pipelines);
  writeFileSync(join(pipelines, 'leaf.ts'), '');
  all = await openStore({ workspace: config.workspace, serves: true });
  queue = await openRunQueue(all, { logger: silentLogger });
});
afterAll(async () => {
  await queue?.[Symbol.asyncDispose]();
  await all?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** A project of its own, with an endpoint, for each test. */
async function project(): Promise<OpenStore> {
  const name = `p-${v7()}`;
  await unaudited(all).access.createProject({ name, description: '' });
  const store = all.forProject(name);
  await unaudited(store).endpoints.createEndpoint('leaf', { who: 'test', why: '' });
  return store;
}

const make = (store: OpenStore, wish: Omit<TriggerInput, 'name' | 'pipeline'>, now = at(1)) =>
  createTrigger(store, { name: 'again', pipeline: 'leaf.ts', ...wish }, { actor: tester, now, config, cwd: pipelines });
const fire = (store: OpenStore, now: Date, enqueue: RunQueue['add'] = (order) => queue.add(order)) =>
  fireTriggers(config, store, { now, logger: silentLogger, enqueue });
const waiting = async (store: OpenStore) => (await queue.waiting(store.project)).map(({ id }) => id);
const statesOf = async (store: OpenStore) =>
  (await store.triggers.listFirings()).toReversed().map(({ state }) => state);

const finding = {
  state: 'breach' as const,
  statistic: 1,
  p: 0,
  threshold: 0,
  interval: null,
  said: 'everything moved',
  movers: [],
  details: {},
};
async function openAlert({ alerts }: OpenStore, openedAt: Date, monitor = 'embedding-drift') {
  const alert = await alerts.openAlert(
    {
      id: v7(),
      monitor,
      kind: 'embedding-drift',
      endpoint: 'leaf',
      since: openedAt,
      openedAt,
      lastSeenAt: openedAt,
      resultSeq: 1,
      windowStart: openedAt,
      windowEnd: openedAt,
      finding,
      remedy: '',
      timeline: [],
    },
    [],
  );
  return alert!;
}
const resolveAlert = async ({ alerts }: OpenStore, id: string, resolvedAt: Date) =>
  await alerts.changeAlert((await alerts.getAlert(id))!, { state: 'resolved', resolvedAt }, [], resolvedAt);

describe('a trigger', () => {
  it('fires once for an alert, whoever and how many ask at once', async () => {
    const store = await project();
    await make(store, { when: { kind: 'drift', endpoint: 'leaf' } });
    await openAlert(store, at(2));
    await using other = await openStore({ workspace: config.workspace, attach: true, project: store.project });
    const decided = await Promise.all([store, other, store, other, store].map((each) => fire(each, at(2, 1))));
    const fired = decided.flat();
    expect(fired).toMatchObject([{ state: 'fired', why: 'alert from embedding-drift: everything moved' }]);
    expect(await waiting(store)).toEqual([fired[0]!.runId]);
    expect(await fire(store, at(3))).toEqual([]);
    const order = await queue.find(store.project, fired[0]!.runId!);
    expect(order).toMatchObject({ source: join(pipelines, 'leaf.ts'), trigger: 'trigger again', who: 'trigger:again' });
  });

  it('is held while it cools down, and fires then; and not for what is over by then', async () => {
    const store = await project();
    await make(store, { when: { kind: 'drift', endpoint: 'leaf' }, coolDown: '6h' });
    const first = await openAlert(store, at(2));
    await fire(store, at(2));
    await resolveAlert(store, first.id, at(2, 1));
    const second = await openAlert(store, at(2, 2));
    expect(await fire(store, at(2, 2))).toMatchObject([{ state: 'held', runId: null }]);
    // nothing new is written while it is held for the same reason
    expect(await fire(store, at(2, 3))).toEqual([]);
    expect(await fire(store, at(2, 6))).toMatchObject([{ state: 'fired' }]);
    await resolveAlert(store, second.id, at(2, 7));
    const third = await openAlert(store, at(2, 8));
    await fire(store, at(2, 8));
    await resolveAlert(store, third.id, at(2, 9));
    expect(await fire(store, at(2, 12))).toEqual([]);
    expect(await statesOf(store)).toEqual(['fired', 'fired', 'skipped']);
    expect(await waiting(store)).toHaveLength(2);
  });

  it('on a schedule fires no moment again when the clock is set back by hours, nor one that was answered for while it was ahead', async () => {
    const store = await project();
    await make(store, {
      when: { kind: 'schedule', cron: '0 * * * *', timeZone: 'UTC' },
      coolDown: '1m',
      dailyBudget: 24,
    });
    const moments = async (hours: readonly number[]) => {
      const fired = [];
      for (const hour of hours) fired.push(...(await fire(store, at(2, hour, 1))));
      return fired.filter(({ state }) => state === 'fired').map(({ occasion }) => occasion.slice('schedule:'.length));
    };
    const hourly = (...hours: number[]) => hours.map((hour) => at(2, hour).toISOString());
    expect(await moments([1, 2, 3])).toEqual(hourly(1, 2, 3));
    expect(await moments([0, 1, 2, 3])).toEqual([]);
    expect(await moments([8, 4, 5, 6, 7, 8])).toEqual(hourly(8));
    expect(await moments([9])).toEqual(hourly(9));
    expect(await waiting(store)).toHaveLength(5);
  });

  it('whose process died before, or while, its run was queued, has that run queued once', async () => {
    const store = await project();
    await make(store, { when: { kind: 'drift', endpoint: 'leaf' } });
    await openAlert(store, at(2));
    const [fired] = await fire(store, at(2), async () => {
      throw new Error('killed before');
    });
    expect(await waiting(store)).toEqual([]);
    expect((await showTrigger(store, 'again', { now: at(2), last: 1 })).firings[0]!.error).not.toBeNull();
    await fire(store, at(2, 0, 1), async (order) => {
      await queue.add(order);
      throw new Error('killed after');
    });
    await fire(store, at(2, 0, 2));
    await fire(store, at(2, 0, 3));
    expect(await waiting(store)).toEqual([fired!.runId]);
    const [firing] = await store.triggers.listFirings();
    expect(firing).toMatchObject({ enqueuedAt: at(2, 0, 2), error: null });
  });

  it('on a schedule fires once for each moment, and says what it missed', async () => {
    const store = await project();
    await make(store, { when: { kind: 'schedule', cron: '0 3 * * *' } });
    expect(await fire(store, at(1, 2, 59))).toEqual([]);
    await Promise.all([fire(store, at(1, 3)), fire(store, at(1, 3)), fire(store, at(1, 3, 1))]);
    expect(await fire(store, at(1, 2))).toEqual([]);
    const [late] = await fire(store, at(4, 12));
    expect(late).toMatchObject({ state: 'fired', evidence: { missed: 2 } });
    expect(await waiting(store)).toHaveLength(2);
    expect((await showTrigger(store, 'again', { now: at(4, 12), last: 9 })).next).toEqual(at(5, 3));
  });

  it('that has too few labels lets a moment of its schedule go by', async () => {
    const store = await project();
    await make(store, { when: { kind: 'schedule', cron: '0 3 * * *' }, minNewLabels: 2 });
    const say = async (count: number) =>
      await unaudited(store).feedback.add(
        Array.from({ length: count }, () => ({
          request: v7(),
          endpoint: 'leaf',
          kind: 'label' as const,
          label: 'healthy',
          truth: 'healthy',
          newClass: false,
          verdict: null,
          event: null,
          value: null,
          source: 'api' as const,
          who: 'test',
          note: null,
          requestAt: at(1),
          at: at(1),
          idempotencyKey: null,
        })),
      );
    await say(1);
    expect(await fire(store, at(1, 3))).toMatchObject([{ state: 'skipped' }]);
    await say(1);
    expect(await fire(store, at(1, 4))).toEqual([]);
    expect(await fire(store, at(2, 3))).toMatchObject([{ state: 'fired', evidence: { newLabels: 2 } }]);
    await say(1);
    expect(await fire(store, at(3, 3))).toMatchObject([{ state: 'skipped', evidence: { newLabels: 1 } }]);
  });

  it('on new data fires once photos have arrived whole, for those that no run has seen', async () => {
    const store = await project();
    const photos = join(folder.path, `photos-${v7()}`);
    mkdirSync(join(photos, 'healthy'), { recursive: true });
    const put = (name: string) => writeFileSync(join(photos, 'healthy', name), name);
    put('old.jpg');
    await make(store, { when: { kind: 'new-data', folder: photos, minPhotos: 2 }, coolDown: '1s' });
    expect(await fire(store, at(2, 0, 0))).toEqual([]);
    put('a.jpg');
    put('notes.txt');
    expect(await fire(store, at(2, 0, 1))).toEqual([]);
    expect(await fire(store, at(2, 0, 2))).toEqual([]);
    put('b.png');
    expect(await fire(store, at(2, 0, 3))).toEqual([]);
    expect(await fire(store, at(2, 0, 4))).toMatchObject([{ state: 'fired', evidence: { photos: 2, all: 3 } }]);
    expect(await fire(store, at(2, 0, 5))).toEqual([]);
    expect(await waiting(store)).toHaveLength(1);
  });

  it('watches a bucket as it watches a folder; a copy of the same photo is not new', async () => {
    await using server = await BucketServer.open();
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
    try {
      const store = await project();
      server.put('photos/healthy/old.jpg', 'old');
      await make(store, { when: { kind: 'new-data', folder: 's3://leaves/photos', minPhotos: 2 }, coolDown: '1s' });
      server.put('photos/healthy/old.jpg', 'old', at(9));
      server.put('photos/healthy/a.jpg', 'a');
      server.put('photos/healthy/notes.txt', 'a');
      for (const minute of [1, 2]) expect(await fire(store, at(2, 0, minute))).toEqual([]);
      server.put('photos/healthy/b.jpg', 'b');
      expect(await fire(store, at(2, 0, 3))).toEqual([]);
      expect(await fire(store, at(2, 0, 4))).toMatchObject([
        { state: 'fired', why: '2 new photo(s) in s3://leaves/photos', evidence: { photos: 2, all: 3 } },
      ]);
      expect(await fire(store, at(2, 0, 5))).toEqual([]);
      // a storage that hangs must not hold the tick, which alerts wait for
      server.interfere = () => true;
      const hangs = readWatchedFolder('again', 's3://leaves/photos', { timeoutMs: 100 });
      await expect(hangs).rejects.toMatchObject({ code: 'BUCKET_UNREACHABLE' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('that is told of new data adds up what it is told, once a key', async () => {
    const store = await project();
    await make(store, { when: { kind: 'new-data', minPhotos: 10 } });
    const tell = (photos: number, key: string) =>
      notifyTrigger(store, 'again', { photos, key, actor: someone('key:ci'), now: at(2) });
    expect(await Promise.all([tell(6, 'a'), tell(6, 'a'), tell(6, 'a')])).toHaveLength(3);
    expect(await fire(store, at(2))).toEqual([]);
    expect(await tell(4, 'b')).toBe(true);
    expect(await fire(store, at(2))).toMatchObject([{ state: 'fired', evidence: { photos: 10, calls: 2 } }]);
    expect(await tell(4, 'b')).toBe(false);
    expect(await fire(store, at(3))).toEqual([]);
  });

  it('runs when somebody asks, once a key and whatever its limits, and that counts', async () => {
    const store = await project();
    await make(store, { when: { kind: 'drift', endpoint: 'leaf' } });
    const ask = (key: string) =>
      runTrigger(config, store, 'again', {
        actor: someone('key:ci'),
        key,
        now: at(2),
        logger: silentLogger,
        enqueue: (order) => queue.add(order),
      });
    const [first, same, other] = [await ask('a'), await ask('a'), await ask('ab')];
    expect(same.runId).toBe(first.runId);
    expect(await waiting(store)).toEqual([first.runId, other.runId]);
    await openAlert(store, at(2, 1));
    expect(await fire(store, at(2, 1))).toMatchObject([{ state: 'held' }]);
  });

  it('for releases, run by hand, runs what was released and not what lies in the pipelines folder', async () => {
    const store = await project();
    await make(store, { when: { kind: 'release', environment: 'prod' } });
    const ask = () =>
      runTrigger(config, store, 'again', {
        actor: someone('key:ci'),
        now: at(2),
        logger: silentLogger,
        enqueue: (order) => queue.add(order),
      });
    await expect(ask()).rejects.toMatchObject({ code: 'TRIGGER_NO_RELEASE' });
    const started = {
      stage: 'production',
      via: 'webhook',
      who: 'webhook:mika',
      approver: null,
      branch: 'main',
    } as const;
    for (const [release, environment] of [
      ['leaf-1', 'prod'],
      ['leaf-2', 'dev'],
    ] as const)
      await unaudited(store).releases.recordStart({
        ...started,
        release,
        environment,
        place: null,
        runId: null,
        state: 'landed',
      });
    expect(await ask()).toMatchObject({ evidence: { release: 'leaf-1', environment: 'prod' } });
  });

  it('that is off does nothing, and what came meanwhile is not new when it is on again', async () => {
    const store = await project();
    await make(store, { when: { kind: 'schedule', cron: '0 * * * *' } });
    await switchTrigger(store, 'again', { actor: tester, isEnabled: false, now: at(1, 0, 30) });
    expect(await fire(store, at(1, 5))).toEqual([]);
    await switchTrigger(store, 'again', { actor: tester, isEnabled: true, now: at(1, 5, 30) });
    expect(await fire(store, at(1, 5, 59))).toEqual([]);
    expect(await fire(store, at(1, 6))).toMatchObject([{ state: 'fired', evidence: { missed: 0 } }]);
    const off = { actor: tester, isEnabled: false, now: at(2) };
    await switchTrigger(store, 'again', off);
    const call = { actor: tester, now: at(2), photos: 1 };
    await expect(notifyTrigger(store, 'again', call)).rejects.toMatchObject({ code: 'TRIGGER_OFF' });
  });

  it('whose folder cannot be looked at says so until it can, and is turned on only when it can', async () => {
    const store = await project();
    const photos = join(folder.path, `photos-${v7()}`);
    mkdirSync(photos);
    await make(store, { when: { kind: 'new-data', folder: photos } });
    rmSync(photos, { recursive: true });
    const problem = async () => (await showTrigger(store, 'again', { now: at(2), last: 1 })).trigger.problem;
    await fire(store, at(2));
    await fire(store, at(2, 0, 1));
    expect(await problem()).toMatchObject({ code: 'TRIGGER_FOLDER_MISSING', since: at(2).toISOString() });
    const turn = (isEnabled: boolean) => switchTrigger(store, 'again', { actor: tester, isEnabled, now: at(2, 1) });
    await turn(false);
    await expect(turn(true)).rejects.toMatchObject({ code: 'TRIGGER_FOLDER_MISSING' });
    expect(await fire(store, at(2, 2))).toEqual([]);
    expect((await store.triggers.getTrigger('again'))!.isEnabled).toBe(false);
    mkdirSync(photos);
    await turn(true);
    await fire(store, at(2, 3));
    expect(await problem()).toBeNull();
  });

  it('remembers the photos of a run also when who fired it died before, or looked at the same time', async () => {
    const store = await project();
    const photos = join(folder.path, `photos-${v7()}`);
    mkdirSync(photos);
    await make(store, { when: { kind: 'new-data', folder: photos, minPhotos: 2 }, coolDown: '1s' });
    const put = (name: string) => writeFileSync(join(photos, name), name);
    put('a.jpg');
    put('b.jpg');
    await fire(store, at(2));
    const slow = (await store.triggers.getTrigger('again'))!;
    const [fired] = await fire(store, at(2, 0, 1));
    expect(fired).toMatchObject({ state: 'fired', evidence: { photos: 2 } });
    // one died after it fired: what was remembered before still stands, and the next tick puts it right
    await store.triggers.rememberFolder('again', slow.memory!);
    expect(await fire(store, at(2, 0, 2))).toEqual([]);
    // another read the trigger before it fired, and looked when one more photo had come
    put('c.jpg');
    expect(await watchedEvent(store.triggers, slow, { folder: photos, minPhotos: 2 }, at(2, 0, 3))).toEqual([]);
    for (const minute of [4, 5, 6]) expect(await fire(store, at(2, 0, minute))).toEqual([]);
    put('d.jpg');
    await fire(store, at(2, 0, 7));
    expect(await fire(store, at(2, 0, 8))).toMatchObject([{ state: 'fired', evidence: { photos: 2, all: 4 } }]);
  });

  it('sees photos behind links, and nothing that an operating system or a tool left', async () => {
    const store = await project();
    const [photos, elsewhere] = [join(folder.path, `photos-${v7()}`), join(folder.path, `real-${v7()}`)];
    for (const each of ['@eaDir', '.trash', 'healthy']) mkdirSync(join(photos, each), { recursive: true });
    mkdirSync(elsewhere);
    await make(store, { when: { kind: 'new-data', folder: `${photos}/` } });
    for (const path of ['@eaDir/thumb.jpg', '.trash/a.jpg', 'healthy/.new-a.jpg', 'healthy/notes.txt'])
      writeFileSync(join(photos, path), 'x');
    symlinkSync(join(elsewhere, 'gone.jpg'), join(photos, 'healthy', 'broken.jpg'));
    for (const minute of [1, 2]) expect(await fire(store, at(2, 0, minute))).toEqual([]);
    writeFileSync(join(elsewhere, 'a.jpg'), 'x');
    symlinkSync(join(elsewhere, 'a.jpg'), join(photos, 'healthy', 'a.jpg'));
    await fire(store, at(2, 0, 3));
    expect(await fire(store, at(2, 0, 4))).toMatchObject([{ state: 'fired', evidence: { photos: 1 } }]);
  });

  it('that is removed leaves nothing to one that is made under its name', async () => {
    const store = await project();
    await make(store, { when: { kind: 'new-data', minPhotos: 10 } });
    await notifyTrigger(store, 'again', { photos: 9, key: 'old', actor: someone('key:ci'), now: at(2) });
    await unaudited(store).triggers.removeTrigger('again');
    await make(store, { when: { kind: 'new-data', minPhotos: 10 } });
    await notifyTrigger(store, 'again', { photos: 1, key: 'new', actor: someone('key:ci'), now: at(2) });
    expect(await fire(store, at(2))).toEqual([]);
  });

  it('that is turned off before its run could be queued has none', async () => {
    const store = await project();
    await make(store, { when: { kind: 'schedule', cron: '0 3 * * *' } });
    await fire(store, at(1, 3), async () => {
      throw new Error('no queue');
    });
    await switchTrigger(store, 'again', { actor: tester, isEnabled: false, now: at(1, 4) });
    await fire(store, at(1, 5));
    expect(await waiting(store)).toEqual([]);
    const [firing] = await store.triggers.listFirings();
    expect(firing).toMatchObject({ evidence: { dropped: 'its trigger was turned off' } });
  });

  it('of drift fires when it is turned on, for an alert that is still open', async () => {
    const store = await project();
    await make(store, { when: { kind: 'drift', endpoint: 'leaf' } });
    await switchTrigger(store, 'again', { actor: tester, isEnabled: false, now: at(2) });
    await openAlert(store, at(3));
    const over = await openAlert(store, at(3), 'gone');
    await resolveAlert(store, over.id, at(4));
    await switchTrigger(store, 'again', { actor: tester, isEnabled: true, now: at(5) });
    expect(await fire(store, at(5, 1))).toMatchObject([{ state: 'fired', why: expect.not.stringContaining('gone') }]);
  });

  it('that cannot be asked stops no other', async () => {
    const store = await project();
    const gone = join(folder.path, `gone-${v7()}`);
    mkdirSync(gone);
    await make(store, { when: { kind: 'new-data', folder: gone } });
    rmSync(gone, { recursive: true });
    const wish = { name: 'z-hourly', pipeline: 'leaf.ts', when: { kind: 'schedule', cron: '0 * * * *' } } as const;
    await createTrigger(store, wish, { actor: tester, now: at(1), config, cwd: pipelines });
    expect(await fire(store, at(1, 1))).toMatchObject([{ trigger: 'z-hourly', state: 'fired' }]);
  });

  it.each([1, 2])('would have fired when it did, hour by hour, whatever alerts came and went (%i)', async (seed) => {
    const store = await project();
    const random = new Random(`alerts ${seed}`);
    await make(store, { when: { kind: 'drift', endpoint: 'leaf' }, coolDown: '5h', dailyBudget: 3 });
    const open: string[] = [];
    const fired: Date[] = [];
    for (let hour = 1; hour <= 100; hour++) {
      const now = at(1, hour);
      if (open.length > 0 && random.float() < 0.3) await resolveAlert(store, open.shift()!, now);
      if (random.float() < 0.25) open.push((await openAlert(store, now, `monitor-${hour}`)).id);
      if ((await fire(store, now)).some(({ state }) => state === 'fired')) fired.push(now);
    }
    const run = await dryRunTrigger(store, 'again', { now: at(1, 100), lastMs: 100 * 3_600_000 });
    expect(run.fired.map((each) => each.at)).toEqual(fired);
    expect(fired.length).toBeGreaterThan(5);
  });

  it('would not have fired for photos that lay there before', async () => {
    const store = await project();
    const photos = join(folder.path, `photos-${v7()}`);
    mkdirSync(photos);
    const put = (name: string, changed: Date) => {
      writeFileSync(join(photos, name), name);
      utimesSync(join(photos, name), changed, changed);
    };
    for (let i = 0; i < 5; i++) put(`old-${i}.jpg`, at(1));
    await make(store, { when: { kind: 'new-data', folder: photos, minPhotos: 2 } });
    for (const [name, day] of [
      ['a', 10],
      ['b', 12],
      ['c', 20],
      ['d', 20],
    ] as const)
      put(`${name}.jpg`, at(day));
    const run = await dryRunTrigger(store, 'again', { now: at(25), lastMs: 20 * 86_400_000 });
    expect(run.fired).toEqual([
      { at: at(12), why: '2 new photo(s)' },
      { at: at(20), why: `2 new photo(s) since ${at(12).toISOString()}` },
    ]);
  });

  it('would have fired for the accuracy of any monitor that measures it, however many others there are', async () => {
    const store = await project();
    const { monitors } = unaudited(store);
    const kinds = { all: 'measured-accuracy', tomato: 'measured-accuracy', noise: 'latency' } as const;
    for (const [name, kind] of Object.entries(kinds))
      await monitors.createMonitor(monitorSchema.parse({ name, kind, endpoint: 'leaf' }), { who: 'test', at: at(1) });
    const add = (monitor: keyof typeof kinds, day: number, accuracy: number) =>
      monitors.addResult({
        monitor,
        kind: kinds[monitor],
        endpoint: 'leaf',
        state: 'breach',
        windowStart: at(day - 1),
        windowEnd: at(day),
        finding: { ...finding, statistic: accuracy },
        at: at(day, 1),
      });
    for (const day of [3, 5]) {
      await add('tomato', day, 0.7);
      await add('all', day, 0.95);
    }
    await make(store, { when: { kind: 'performance', endpoint: 'leaf', below: 0.9, certain: false }, coolDown: '1h' });
    const run = await dryRunTrigger(store, 'again', { now: at(10), lastMs: 9 * 86_400_000 });
    expect(run.fired.map((each) => each.at)).toEqual([at(3, 1), at(5, 1)]);
  });

  it('is not looked back on over more moments than a server has time for', async () => {
    const store = await project();
    await make(store, { when: { kind: 'schedule', cron: '* * * * *' } });
    const back = dryRunTrigger(store, 'again', { now: at(20), lastMs: 365 * 86_400_000 });
    await expect(back).rejects.toMatchObject({ code: 'TRIGGER_LOOK_BACK_TOO_LONG' });
  });

  it('would have fired in the past as it does now', async () => {
    const store = await project();
    await make(store, { when: { kind: 'drift', endpoint: 'leaf' }, coolDown: '2d' });
    for (const day of [2, 3, 10]) {
      const { id } = await openAlert(store, at(day));
      await resolveAlert(store, id, at(day + 1));
    }
    const run = await dryRunTrigger(store, 'again', { now: at(20), lastMs: 15 * 86_400_000 });
    expect(run.fired).toEqual([{ at: at(10), why: 'alert from embedding-drift: everything moved' }]);
    const month = await dryRunTrigger(store, 'again', { now: at(20), lastMs: 30 * 86_400_000 });
    expect(month.fired.map((each) => each.at)).toEqual([at(2), at(10)]);
    expect(month.kept.map((each) => each.at)).toEqual([at(3)]);
    expect(await waiting(store)).toEqual([]);
  });
});

describe('a trigger is refused', () => {
  const drift = { kind: 'drift', endpoint: 'leaf' } as const;
  it.each<[string, Partial<TriggerInput>, string]>([
    ['without a name', { name: '' }, 'TRIGGER_INVALID'],
    ['with a name that is a path', { name: '../x' }, 'TRIGGER_INVALID'],
    ['with a cron of four fields', { when: { kind: 'schedule', cron: '0 3 * *' } }, 'TRIGGER_INVALID'],
    ['with a moment that never comes', { when: { kind: 'schedule', cron: '0 0 31 2 *' } }, 'TRIGGER_INVALID'],
    ['in no time zone', { when: { kind: 'schedule', cron: '0 3 * * *', timeZone: 'Mars' } }, 'TRIGGER_INVALID'],
    ['with a cool-down that is no time', { coolDown: 'soon' }, 'TRIGGER_INVALID'],
    ['with a budget of nothing', { dailyBudget: 0 }, 'TRIGGER_INVALID'],
    ['with fewer labels than none', { minNewLabels: -1 }, 'TRIGGER_INVALID'],
    ['for an endpoint that there is not', { when: { kind: 'drift', endpoint: 'rose' } }, 'ENDPOINT_UNKNOWN'],
    ['for a monitor that there is not', { when: { ...drift, monitors: ['moon'] } }, 'TRIGGER_INVALID'],
    ['for an accuracy above all', { when: { kind: 'performance', endpoint: 'leaf', below: 2 } }, 'TRIGGER_INVALID'],
    ['on a folder that there is not', { when: { kind: 'new-data', folder: 'nowhere' } }, 'TRIGGER_FOLDER_MISSING'],
    ['on a folder of others', { when: { kind: 'new-data', folder: '/nowhere' } }, 'PLACE_OUTSIDE'],
    ['for a pipeline that never ran', { pipeline: 'rose' }, 'RUN_PIPELINE_UNKNOWN'],
    ['for a file outside the folder', { pipeline: '../outside.ts' }, 'RUN_PIPELINE_OUTSIDE'],
  ])('%s', async (_, change, code) => {
    const wish = { name: 'again', pipeline: 'leaf.ts', when: drift, ...change } as TriggerInput;
    const store = await project();
    const made = createTrigger(store, wish, { actor: tester, now: at(1), config });
    await expect(made).rejects.toMatchObject({ code });
    expect(await store.triggers.listTriggers()).toEqual([]);
  });

  it('when there is one of its name; and others do not see it', async () => {
    const store = await project();
    await make(store, { when: { kind: 'demand' } });
    await expect(make(store, { when: { kind: 'demand' } })).rejects.toMatchObject({ code: 'TRIGGER_EXISTS' });
    const other = await project();
    await expect(showTrigger(other, 'again', { now: at(1), last: 1 })).rejects.toMatchObject({
      code: 'TRIGGER_UNKNOWN',
    });
    await expect(unaudited(other).triggers.removeTrigger('again')).rejects.toMatchObject({ code: 'TRIGGER_UNKNOWN' });
    const call = { actor: tester, now: at(1), photos: 1 };
    await expect(notifyTrigger(store, 'again', call)).rejects.toMatchObject({ code: 'TRIGGER_TAKES_NO_CALLS' });
  });
});
