import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { found } from '../../tests/support/found.ts';
import { writePhotoExamples } from '../../tests/support/photo-examples.ts';
import { Receiver } from '../../tests/support/receiver.ts';
import { halfBytes, writeReferenceModel } from '../../tests/support/reference-model.ts';
import { registerModel } from '../../tests/support/register-model.ts';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { raiseAlerts } from '../actions/alerts/raise.ts';
import { operations } from '../actions/workspace/operations.ts';
import { createClient } from '../client/index.ts';
import { silentLogger } from '../contracts/logger.ts';
import { Random } from '../math/stats/random.ts';
import { localImages } from '../store/images/image-store.ts';
import type { OpenStore } from '../store/open-store.ts';

type Client = ReturnType<typeof createClient>;

let served: ServedApp;
let store: OpenStore;
let [reader, operator, admin]: Client[] = [];
const scratch = new ScratchFolder();
const random = new Random('projections');
const direction = () => Float32Array.from({ length: 64 }, () => random.normal());
/** Of the training photos. */
let ids: string[];
const projections = Array.from({ length: 8 }, direction);
/** Ids of logged requests: of a photo that was kept and looks like the second training photo, and of one that was not and looks like the sixth. */
let moved: string[];

beforeAll(async () => {
  served = await ServedApp.open([], { env: { MITATE_CHANNEL_OPS: 'a secret of the operator' } });
  store = served.served.store;
  const client = (key: string) => createClient({ url: served.url, key });
  reader = client(served.key);
  operator = client(await served.makeKey('operate'));
  admin = client(await served.makeKey('admin'));
  const [drawn, [sent]] = await Promise.all([drawnPhotos(8), drawnPhotos(1, { seed: 9 })]);
  const [examples, uri] = [scratch.at('examples'), scratch.at('model')];
  ids = (await writePhotoExamples(examples, drawn)).map(({ sha256 }) => sha256);
  writeReferenceModel(uri, projections, ids);
  await registerModel(store, { name: 'leaf-health', uri, examples });
  moved = await logAnswers(sent!.bytes);
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

async function logAnswers(bytes: Uint8Array): Promise<string[]> {
  const records = [1, 5].map((row) =>
    requestRecord({ modelVersion: 1, projection: halfBytes(projections[row]!).toString('base64') }),
  );
  const rows = records.map((record, i) => JSON.stringify({ ...record, imageKept: i === 0 }));
  await store.requests.ingest('test', rows, { segment: 1, offset: 0 });
  await localImages(store.workspace.images).put('default', records[0]!.imageSha256!, bytes);
  return records.map(({ publicId }) => publicId);
}

async function opened(monitor: string, movers: string[] = []): Promise<string> {
  await found(store, { monitor, day: 1, movers, said: 'share of unwell 0.628 -> 0.941' });
  const raised = await raiseAlerts(store, { now: new Date('2026-03-02T00:00:00Z'), logger: silentLogger });
  return raised.find(({ alert }) => alert.monitor === monitor)!.alert.id;
}

describe('alerts over HTTP', () => {
  it('are listed, shown, acknowledged, silenced and resolved, each change under a name', async () => {
    const id = await opened('labels');
    expect((await operator!.alerts.list({ state: 'open', endpoint: 'leaf' })).items).toMatchObject([
      { id, monitor: 'labels', finding: { said: 'share of unwell 0.628 -> 0.941' }, since: '2026-03-01T00:00:00.000Z' },
    ]);
    expect(await operator!.alerts.ack('labels', { why: 'I look' })).toMatchObject({ id, state: 'acknowledged' });
    const until = new Date(Date.now() + 86_400_000).toISOString();
    expect(await operator!.alerts.silence(id, { until })).toMatchObject({ state: 'silenced', silencedUntil: until });
    expect(await operator!.alerts.resolve(id, { why: 'lamp changed' })).toMatchObject({ state: 'resolved' });
    const { alert } = await operator!.alerts.get(id);
    expect(alert.timeline.map(({ what }) => what)).toEqual([
      'opened: share of unwell 0.628 -> 0.941',
      'acknowledged: I look',
      `silenced until ${until}: over HTTP`,
      'resolved: lamp changed',
    ]);
    expect(alert.timeline.at(-1)!.who).toMatch(/^key:/);
    const audit = await store.access.listAudit({ limit: 3 });
    expect(audit.map(({ action, subject }) => [action, subject])).toEqual([
      ['alert.resolve', id],
      ['alert.silence', id],
      ['alert.ack', id],
    ]);
    expect((await operator!.alerts.list({ state: 'open' })).items).toEqual([]);
  });

  it('come in pages', async () => {
    for (const monitor of ['a', 'b', 'c']) await opened(monitor);
    const first = await operator!.alerts.list({ state: 'open', limit: 2 });
    const rest = await operator!.alerts.list({ state: 'open', limit: 2, cursor: first.nextCursor! });
    const counted = (await operations(served.served.store)).alerts.filter(({ state }) => state === 'open');
    expect(counted.reduce((total, { count }) => total + count, 0)).toBe(first.items.length + rest.items.length);
    expect([...first.items, ...rest.items].map(({ monitor }) => monitor)).toEqual(['c', 'b', 'a']);
    expect(rest.nextCursor).toBeNull();
  });

  it('refuse what is not there, is over, or may not be', async () => {
    await expect(operator!.alerts.get('none')).rejects.toMatchObject({ status: 404, code: 'ALERT_UNKNOWN' });
    const past = operator!.alerts.silence('a', { until: '2020-01-01T00:00:00Z' });
    await expect(past).rejects.toMatchObject({ status: 400, code: 'ALERT_SILENCE_INVALID' });
    await operator!.alerts.resolve('b');
    await expect(operator!.alerts.resolve('b')).rejects.toMatchObject({ status: 404 });
    await expect(reader!.alerts.list()).rejects.toMatchObject({ status: 403 });
    await expect(reader!.alerts.photos('a')).rejects.toMatchObject({ status: 403 });
  });

  it('show the photos that moved them beside the training photos nearest to them', async () => {
    const id = await opened('photos', [...moved, '00000000-0000-7000-8000-000000000000']);
    const { photos: shown } = await operator!.alerts.photos(id);
    expect(shown.map(({ requestId, isKept }) => [requestId, isKept])).toEqual([
      [moved[0], true],
      [moved[1], false],
    ]);
    expect(shown.map(({ nearest }) => nearest[0]!.id)).toEqual([ids[1], ids[5]]);
    for (const { nearest } of shown) {
      expect(new Set(nearest.map(({ id }) => id)).size).toBe(3);
      expect(nearest.every(({ label, isKept }) => label !== null && isKept)).toBe(true);
    }
    const png = Buffer.from(await (await operator!.alerts.grid(id)).arrayBuffer());
    const { format, width, height } = await sharp(png).metadata();
    expect({ format, width, height }).toEqual({ format: 'png', width: 4 + 4 * 164 + 12, height: 4 + 2 * 164 });
    // a drawn leaf has many colours, a photo that is gone is grey
    expect(await colours(png, { left: 4, top: 4 })).toBeGreaterThan(100);
    expect(await colours(png, { left: 4, top: 168 })).toBe(1);
    expect(await colours(png, { left: 180, top: 168 })).toBeGreaterThan(100);
  });

  it('say why there is no photo to show', async () => {
    const none = await opened('none');
    await expect(operator!.alerts.grid(none)).rejects.toMatchObject({ status: 404, code: 'ALERT_NO_PHOTOS' });
    expect(await operator!.alerts.photos(none)).toEqual({ photos: [] });
    const unkept = await opened('unkept', [moved[1]!]);
    await expect(operator!.alerts.grid(unkept)).rejects.toThrow('did not keep them');
  });
});

async function colours(png: Buffer, place: { left: number; top: number }): Promise<number> {
  const raw = await sharp(png)
    .extract({ ...place, width: 160, height: 160 })
    .raw()
    .toBuffer();
  return new Set(Array.from({ length: 160 * 160 }, (_, i) => raw.readUIntBE(3 * i, 3))).size;
}

describe('channels over HTTP', () => {
  const definition = { kind: 'webhook', url: 'https://example.com/', secretEnv: 'MITATE_CHANNEL_A' } as const;

  it('are made and removed by an admin alone', async () => {
    await expect(operator!.channels.create({ name: 'ops', definition })).rejects.toMatchObject({ status: 403 });
    expect(await admin!.channels.create({ name: 'ops', definition })).toMatchObject({ name: 'ops', definition });
    await expect(admin!.channels.create({ name: 'ops', definition })).rejects.toMatchObject({ code: 'CHANNEL_EXISTS' });
    expect((await operator!.channels.list()).items).toHaveLength(1);
    expect((await operator!.channels.dead('ops')).items).toEqual([]);
    expect(await operator!.channels.retry('ops')).toEqual({ retried: 0 });
    await admin!.channels.remove('ops');
    await expect(operator!.channels.dead('ops')).rejects.toMatchObject({ status: 404, code: 'CHANNEL_UNKNOWN' });
  });

  it('of a project name no secret of the server, which would go where the project says (one got another’s)', async () => {
    await unaudited(store).access.createProject({ name: 'roses', description: '' });
    const client = createClient({ url: served.url, key: await served.makeKey('admin', null, 'roses') });
    const theirs = { kind: 'pubsub', url: 'https://evil.example/', secretEnv: 'MITATE_CHANNEL_OPS' } as const;
    await expect(client.channels.create({ name: 'out', definition: theirs })).rejects.toMatchObject({
      code: 'CHANNEL_INVALID',
      message: expect.stringContaining('MITATE_CHANNEL_OPS'),
    });
    expect(await client.channels.create({ name: 'own', definition })).toMatchObject({ name: 'own' });
    expect(await admin!.channels.create({ name: 'own', definition: theirs })).toMatchObject({ name: 'own' });
    await admin!.channels.remove('own');
  });

  it('hear of what they name, which has to be there', async () => {
    const heard = { ...definition, leastSeverity: 'warning' as const, monitors: ['label-drift'] };
    expect(await admin!.channels.create({ name: 'lab', definition: heard })).toMatchObject({ definition: heard });
    const typo = { ...definition, endpoints: ['leef'] };
    await expect(admin!.channels.create({ name: 'typo', definition: typo })).rejects.toMatchObject({
      status: 400,
      code: 'CHANNEL_INVALID',
    });
    const id = await opened('heard');
    expect(await operator!.alerts.get(id)).toMatchObject({
      alert: { severity: 'warning' },
      deliveries: [{ channel: 'lab', news: 'opened', state: 'waiting' }],
    });
    await admin!.channels.remove('lab');
  });

  it('reach nothing behind the server’s wall, and show none of its variables', async () => {
    await using inside = await Receiver.open();
    const hook = { ...definition, url: inside.url() };
    const stolen = { ...definition, secretEnv: 'MITATE_DATABASE_URL' };
    await expect(admin!.channels.create({ name: 'stolen', definition: stolen })).rejects.toMatchObject({ status: 400 });
    await admin!.channels.create({ name: 'inside', definition: { kind: 'pubsub', url: hook.url } });
    await expect(admin!.channels.test('inside')).rejects.toMatchObject({
      status: 400,
      code: 'CHANNEL_ADDRESS_REFUSED',
    });
    expect(inside.got).toEqual([]);
  });
});
