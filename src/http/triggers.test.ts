import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { type Client, createClient } from '../client/index.ts';

const folder = new ScratchFolder();
let served: ServedApp;
let key: string;
let operator: Client;

beforeAll(async () => {
  mkdirSync(join(folder.path, 'photos'));
  writeFileSync(join(folder.path, 'leaf.ts'), '');
  served = await ServedApp.open([], { env: { MITATE_PIPELINES: folder.path } });
  await unaudited(served.served.store).endpoints.createEndpoint('leaf', { who: 'test', why: '' });
  key = await served.makeKey('operate');
  operator = createClient({ url: served.url, key });
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const nightly = {
  name: 'nightly',
  pipeline: 'leaf.ts',
  when: { kind: 'schedule', cron: '0 3 * * *', timeZone: 'Asia/Tokyo' },
} as const;

describe('triggers over HTTP', () => {
  it('are made, run, listed with what they fired, switched off and removed; each change is in the audit log', async () => {
    expect(await operator.triggers.create(nightly)).toMatchObject({
      pipeline: join(folder.path, 'leaf.ts'),
      coolDown: '6h',
      flywheel: null,
      isEnabled: true,
      who: expect.stringMatching(/^key:/),
    });
    const fired = await operator.triggers.run('nightly', { key: 'release-7' });
    expect(fired).toMatchObject({ state: 'fired', occasion: 'demand:release-7', run: null });
    expect((await operator.triggers.run('nightly', { key: 'release-7' })).runId).toBe(fired.runId);
    expect(await operator.runs.queue.get(fired.runId!)).toMatchObject({ state: 'queued', trigger: 'trigger nightly' });
    const old = await served.ask('GET', `/api/v1/queue/${fired.runId}`, { headers: { 'x-api-key': key } });
    expect(old.json()).toEqual(await operator.runs.queue.get(fired.runId!));
    expect(old.headers).toMatchObject({
      deprecation: '@1795996800',
      link: `</api/v1/runs/queue/${fired.runId}>; rel="successor-version"`,
    });
    expect((await operator.triggers.list()).items).toMatchObject([{ trigger: { name: 'nightly' }, firings: [fired] }]);
    expect((await operator.triggers.firings('nightly')).items).toHaveLength(1);
    const { next } = await operator.triggers.get('nightly');
    expect(new Date(next!).getUTCHours()).toBe(18);
    expect(await operator.triggers.disable('nightly')).toMatchObject({ isEnabled: false });
    await expect(operator.triggers.run('nightly')).rejects.toMatchObject({ status: 409, code: 'TRIGGER_OFF' });
    expect(await operator.triggers.enable('nightly')).toMatchObject({ isEnabled: true });
    await operator.triggers.remove('nightly');
    await expect(operator.triggers.get('nightly')).rejects.toMatchObject({ status: 404, code: 'TRIGGER_UNKNOWN' });
    const audit = await served.served.store.access.listAudit({ limit: 20 });
    expect(audit.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['create', 'run', 'disable', 'enable', 'remove'].map((verb) => `trigger.${verb}`)),
    );
  });

  it('with a flywheel are run by a worker: the server reads no photos, and nobody waits for it', async () => {
    await operator.triggers.create({ ...nightly, name: 'flies', flywheel: { to: 'spans', endpoint: 'leaf' } });
    const fired = await operator.triggers.run('flies');
    expect(fired).toMatchObject({ state: 'fired', enqueuedAt: null, error: null, run: null });
    await expect(operator.runs.queue.get(fired.runId!)).rejects.toMatchObject({ status: 404 });
  });

  it('look back', async () => {
    await operator.triggers.create({ ...nightly, name: 'looks-back' });
    const run = await operator.triggers.dryRun('looks-back', { last: '10d' });
    expect(run.fired).toHaveLength(10);
    await expect(operator.triggers.dryRun('looks-back', { last: 'ages' })).rejects.toMatchObject({ status: 400 });
  });

  it('are told of new photos, once a key', async () => {
    await operator.triggers.create({ ...nightly, name: 'fresh', when: { kind: 'new-data', folder: 'photos' } });
    expect(await operator.triggers.notify('fresh', { photos: 5, key: 'a' })).toEqual({ noted: true });
    expect(await operator.triggers.notify('fresh', { photos: 5, key: 'a' })).toEqual({ noted: false });
    await expect(operator.triggers.notify('fresh', { photos: 0 })).rejects.toMatchObject({ status: 400 });
    await expect(operator.triggers.notify('looks-back', { photos: 5 })).rejects.toMatchObject({
      status: 409,
      code: 'TRIGGER_TAKES_NO_CALLS',
    });
  });

  it.each([
    ['a file outside the pipelines folder', { pipeline: '/etc/passwd.ts' }, 'RUN_PIPELINE_OUTSIDE'],
    ['spans outside of it', { flywheel: { to: '/tmp/spans', endpoint: 'leaf' } }, 'PLACE_OUTSIDE'],
    ['a kind that there is not', { when: { kind: 'moon' } }, 'HTTP_REQUEST_INVALID'],
    ['a cron that is none', { when: { kind: 'schedule', cron: 'at noon' } }, 'TRIGGER_INVALID'],
    ['a cool-down that is no time', { coolDown: 'soon' }, 'HTTP_REQUEST_INVALID'],
  ])('refuses %s', async (_, change, code) => {
    const body = { ...nightly, name: 'x', ...change } as never;
    await expect(operator.triggers.create(body)).rejects.toMatchObject({ code });
  });

  it('are changed by those who operate, and seen by their project only', async () => {
    const predict = createClient({ url: served.url, key: served.key });
    await expect(predict.triggers.list()).rejects.toMatchObject({ status: 403 });
    await expect(predict.triggers.create(nightly)).rejects.toMatchObject({ status: 403 });
    await expect(predict.triggers.run('looks-back')).rejects.toMatchObject({ status: 403 });
    await unaudited(served.served.store).access.createProject({ name: 'team', description: '' });
    const key = await served.makeKey('operate', null, 'team');
    const team = createClient({ url: served.url, key, project: 'team' });
    expect((await team.triggers.list()).items).toEqual([]);
    await expect(team.triggers.run('looks-back')).rejects.toMatchObject({ code: 'TRIGGER_UNKNOWN' });
  });
});
