import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { importsOf, sources } from '../../tests/architecture/imports.ts';
import { lostSince } from '../../tests/support/api-differences.ts';
import { drawnPhotos } from '../../tests/support/drawn-photos.ts';
import { bundlePage, guidePage, problemsOf } from '../../tests/support/guide-page.ts';
import { inBrowser } from '../../tests/support/in-browser.ts';
import { registerModel } from '../../tests/support/register-model.ts';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { trainedModels } from '../../tests/support/trained-models.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { newKey } from '../codecs/key-format.ts';
import { paths } from '../contracts/api/paths.ts';
import { explanationSchema, predictResponseSchema } from '../contracts/served-prediction.ts';
import { ApiError, type Client, createClient, everyPage } from './index.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 });

const models = new ScratchFolder();
const page = new ScratchFolder();
let served: ServedApp;
let client: Client;
let photos: Uint8Array<ArrayBuffer>[];

beforeAll(async () => {
  const [uris, drawn] = await Promise.all([trainedModels(models.path, 2), drawnPhotos(2, { seed: 9 })]);
  photos = drawn.map(({ bytes }) => new Uint8Array(bytes));
  served = await ServedApp.open([uris[0]!], { staticFolder: page.path });
  await registerModel(served.served.store, { name: 'leaf', uri: uris[1]! });
  client = createClient({ url: served.url, key: await served.makeKey('admin') });
});
afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
  models[Symbol.dispose]();
  page[Symbol.dispose]();
});

const all = async <T>(items: AsyncIterable<T>) => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

describe('photos', () => {
  it('are answered: bytes, blobs, several', async () => {
    const answer = predictResponseSchema.parse(await client.predict('leaf', photos[0]!));
    const again = await client.predict('leaf', [new Blob([photos[0]!]), photos[1]!], {
      attributes: { place: '東京', indoors: true },
      assignmentKey: 'phone-1',
    });
    expect(again.predictions).toHaveLength(2);
    expect(again.predictions[0]!.probability).toBe(answer.predictions[0]!.probability);
    const { attributes } = served.served.sink.records.at(-1)!;
    expect(attributes).toEqual({ place: '東京', indoors: true });
  });

  it('are answered once under one idempotency key', async () => {
    const ask = () => client.predict('leaf', photos[0]!, { idempotencyKey: 'once' });
    expect((await ask()).predictions[0]!.id).toBe((await ask()).predictions[0]!.id);
  });

  it('are explained as numbers and as a picture', async () => {
    explanationSchema.parse(await client.explain('leaf', photos[0]!));
    const png = new Uint8Array(await (await client.overlay('leaf', photos[0]!)).arrayBuffer());
    expect([...png.slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });

  it('that are none are refused with what to do', async () => {
    const refused = await client.predict('leaf', new Uint8Array([1, 2, 3])).catch((error) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ status: 415, retryAfterS: null });
    expect(refused.remedy.length).toBeGreaterThan(5);
    expect(refused.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('resources', () => {
  it('runs, models, artifacts and lineage are read, page by page', async () => {
    const runs = await all(everyPage(client.runs.list, { limit: 1 }));
    expect(runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    expect(runs[0]!.id).not.toBe(runs[1]!.id);
    expect((await client.runs.get(runs[0]!.id)).executions).toHaveLength(2);
    expect((await client.runs.list({ state: 'failed' })).items).toEqual([]);
    expect((await client.models.list()).items).toMatchObject([{ name: 'leaf', versions: 2, champion: 1 }]);
    expect((await client.models.versions('leaf')).items.map(({ version }) => version)).toEqual([2, 1]);
    const { version, signature, card } = await client.models.get('leaf@2');
    expect(signature.labels.length).toBeGreaterThan(1);
    expect(card).toContain('#');
    const artifacts = await all(everyPage(client.artifacts.list, { limit: 3 }));
    expect(new Set(artifacts.map(({ id }) => id)).size).toBe(4);
    expect(await client.artifacts.get(version.artifactId)).toMatchObject({ type: 'Model' });
    expect((await client.lineage('leaf@2')).subject).toMatchObject({ kind: 'model', model: { version: 2 } });
  });

  it('endpoints are changed, each change in force with its answer', async () => {
    const which = async () => (await client.predict('leaf', photos[0]!)).predictions[0]!.model.version;
    const plan = ({ deployments }: Awaited<ReturnType<Client['endpoints']['get']>>) =>
      deployments.map(({ version, role, traffic }) => [version, role, traffic]);
    expect(plan(await client.endpoints.deploy('leaf', { model: 'leaf@2', traffic: 30, why: 'to see' }))).toEqual([
      [1, 'stable', 70],
      [2, 'canary', 30],
    ]);
    await client.endpoints.promote('leaf');
    expect(await which()).toBe(2);
    await client.endpoints.rollback('leaf', { why: 'worse' });
    expect(await which()).toBe(1);
    await client.endpoints.set('leaf', { settings: { abstain: { low: 0, high: 1 } } });
    expect((await client.predict('leaf', photos[0]!)).predictions[0]!.label).toBe('uncertain');
    expect((await client.endpoints.set('leaf', { settings: { abstain: null } })).settings.abstain).toBeNull();
    const { items } = await client.endpoints.timeline('leaf', { limit: 20 });
    const back = items.find(({ action }) => action === 'rollback');
    expect(back).toMatchObject({ why: 'worse', who: expect.stringMatching(/^key:/) });
    const audited = (await client.audit.list()).items.map(({ action }) => action);
    expect(audited.slice(0, 5)).toEqual([
      'endpoint.set',
      'endpoint.set',
      'endpoint.rollback',
      'endpoint.promote',
      'endpoint.deploy',
    ]);
  });

  it('an endpoint is made, shown, taken down and deleted', async () => {
    await client.endpoints.create({ name: 'orchard', settings: { public: true }, why: 'for the app' });
    await client.endpoints.deploy('orchard', { model: 'leaf' });
    const stranger = createClient({ url: served.url });
    expect((await stranger.predict('orchard', photos[1]!)).endpoint).toBe('orchard');
    await expect(stranger.predict('leaf', photos[1]!)).rejects.toMatchObject({ status: 401 });
    await expect(client.endpoints.remove('orchard')).rejects.toMatchObject({ code: 'ENDPOINT_SERVES' });
    await client.endpoints.undeploy('orchard', { model: null });
    await client.endpoints.remove('orchard', { why: 'season is over' });
    expect((await client.endpoints.list()).items.map(({ name }) => name)).toEqual(['leaf']);
  });

  it('of another project are not found', async () => {
    await client.projects.create({ name: 'other' });
    const { id, key, hash } = newKey();
    const named = { project: 'other', name: 'theirs', scope: 'admin', expiresAt: null, createdBy: 'test' } as const;
    await unaudited(served.served.store).access.createKey({ ...named, id, hash });
    const theirs = createClient({ url: served.url, key });
    expect((await theirs.models.list()).items).toEqual([]);
    expect((await theirs.endpoints.list()).items).toEqual([]);
    const [run] = (await client.runs.list()).items;
    for (const ask of [
      () => theirs.runs.get(run!.id),
      () => theirs.endpoints.get('leaf'),
      () => theirs.models.get('leaf'),
      () => theirs.predict('leaf', photos[0]!),
    ])
      await expect(ask()).rejects.toMatchObject({ status: 404 });
  });

  it('that did not change are not sent again', async () => {
    const headers = { authorization: `Bearer ${await served.makeKey('operate')}` };
    const first = await fetch(`${served.url}/api/v1/models/leaf@1`, { headers });
    const etag = first.headers.get('etag')!;
    const second = await fetch(`${served.url}/api/v1/models/leaf@1`, {
      headers: { ...headers, 'if-none-match': etag },
    });
    expect([second.status, await second.text()]).toEqual([304, '']);
    const other = await fetch(`${served.url}/api/v1/models/leaf@2`, { headers: { ...headers, 'if-none-match': etag } });
    expect(other.status).toBe(200);
  });
});

/** An answer that is in the log: the service under test keeps its own in memory. */
async function answered(): Promise<string> {
  const response = { label: 'unwell', probabilities: { healthy: 0.1, unwell: 0.9 } };
  const record = requestRecord({ modelVersion: null, response });
  const position = { segment: 1, offset: 0 };
  await served.served.store.requests.ingest('client', [JSON.stringify({ ...record, imageKept: false })], position);
  return record.publicId;
}

describe('feedback', () => {
  it('is given once, listed, and a label of the review queue is one too', async () => {
    const id = await answered();
    const say = () => client.feedback.add({ id, kind: 'verdict', verdict: 'wrong' }, { idempotencyKey: 'client-1' });
    expect((await say()).added).toMatchObject([{ request: id, truth: 'healthy', repeated: false }]);
    expect((await say()).added).toMatchObject([{ repeated: true }]);
    expect((await client.feedback.list({ request: id })).items).toHaveLength(1);
    expect(await client.feedback.delay({ endpoint: 'leaf' })).toMatchObject({ labelled: 1 });
    expect((await client.feedback.link({ id })).path).toMatch(/^\/feedback\//);
    expect(await client.review.fill('leaf')).toMatchObject({ drawn: 0 });
    expect(await client.review.list()).toEqual({ items: [], total: 0 });
    expect(await client.review.next()).toBeNull();
    await expect(client.review.label(id, { label: 'healthy' })).rejects.toMatchObject({ code: 'REVIEW_ITEM_UNKNOWN' });
    await expect(client.review.skip(id)).rejects.toMatchObject({ code: 'REVIEW_ITEM_UNKNOWN' });
    await expect(client.requests.photo(id)).rejects.toMatchObject({ code: 'REVIEW_PHOTO_GONE' });
  });
});

describe('the API document', () => {
  type Operation = {
    summary?: string;
    description?: string;
    operationId?: string;
    requestBody?: { content: Record<string, null> };
    responses: Record<string, { description?: string }>;
  };
  const operationsNow = async () => {
    const response = await fetch(`${served.url}/api/v1/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, Record<string, Operation>> };
    return Object.fromEntries(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
      ),
    );
  };

  it('describes every route of the table', async () => {
    const operations = await operationsNow();
    for (const [id, path] of Object.entries(paths))
      expect(operations[path], path).toMatchObject({ operationId: id, summary: expect.stringMatching(/./) });
  });

  it('describes every route with its errors, and the files that it takes', async () => {
    const operations = await operationsNow();
    for (const [path, { description, responses, operationId }] of Object.entries(operations)) {
      expect(description?.replace(/Permission: .*/, '').trim().length, path).toBeGreaterThan(15);
      const refusals = Object.keys(responses).filter((status) => Number(status) >= 400);
      if (!/^GET \/(livez|readyz|metrics)$/.test(path)) expect(refusals, path).not.toEqual([]);
      if (operationId?.startsWith('photos.') || /(?<!models\/\{reference\}):(predict|explain)$|infer$/.test(path))
        expect(JSON.stringify(responses), path).toMatch(/IMAGE_HEIC.*QUEUE_FULL|QUEUE_FULL.*IMAGE_HEIC/);
    }
    expect(JSON.stringify(operations)).not.toContain('9007199254740991');
    for (const id of ['photos.predict', 'photos.explain'] as const)
      expect(Object.keys(operations[paths[id]]!.requestBody!.content)).toEqual([
        'multipart/form-data',
        'image/jpeg',
        'image/png',
        'image/webp',
        'application/json',
      ]);
  });

  it('keeps what clients of 0.1.0 use', async () => {
    expect(lostSince({ enum: ['a', 'b'] }, { enum: ['a', 'c'] })).toEqual(['/enum lacks "b"']);
    const fixture = new URL('../../tests/regression/openapi-0.1.0.jsonl', import.meta.url);
    const before = readFileSync(fixture, 'utf8').trimEnd().split('\n');
    expect(lostSince(Object.fromEntries(before.map((line) => JSON.parse(line))), await operationsNow())).toEqual([]);
  });

  it('has a colon where the path has one: no other route answers for monitors:defaults', async () => {
    const headers = { authorization: `Bearer ${await served.makeKey('admin')}`, 'content-type': 'application/json' };
    const ask = (path: string) =>
      fetch(`${served.url}${path}`, { method: 'POST', headers, body: '{"endpoint":"leaf"}' });
    expect((await ask('/api/v1/monitorsXdefaults')).status).toBe(404);
    expect((await ask('/api/v1/monitors:defaults')).status).toBe(200);
  });
});

describe('the client', () => {
  it('has a method for every route but a page, a stream, those a browser is sent to, a signed one and those that are deprecated', async () => {
    const asked = new Set<string>();
    const recording = createClient({
      url: 'http://server',
      fetch: async (url, { method } = {}) => {
        asked.add(`${method} ${new URL(String(url)).pathname}`);
        return Response.json({ items: [] });
      },
    });
    const call = async (member: object): Promise<unknown> =>
      typeof member === 'function' ? await member('x', 'x') : await Promise.all(Object.values(member).map(call));
    await call(recording);
    const browser = ['reports.html', 'events.stream', 'sessions.oidc', 'sessions.oidcCallback'];
    const except = [...browser, 'releases.webhook', 'queue.list', 'queue.get', 'queue.remove'];
    const wanted = Object.entries(paths).filter(([id]) => !except.includes(id));
    expect([...asked].toSorted()).toEqual(wanted.map(([, path]) => path.replace(/\{\w+\}/g, 'x')).toSorted());
  });
});

describe('what a browser loads', () => {
  const files = sources().filter((file) => file.startsWith('client/'));

  it('is the client, a list of paths and a layout, without a module of Node or a package', () => {
    expect(files).toContain('client/index.ts');
    const contracts = ['contracts/api/paths.ts', 'contracts/artifacts/photo-index.ts'];
    const loaded = [...files, ...contracts].flatMap(importsOf).filter(({ isTypeOnly }) => !isTypeOnly);
    const foreign = loaded.filter(({ to }) => !to.startsWith('client/'));
    expect(new Set(foreign.map(({ to }) => to))).toEqual(new Set(contracts));
  });

  it("compiles in a page's strict project without types of Node; a wrong call does not", async () => {
    using folder = new ScratchFolder();
    const { script } = guidePage('leaf', 'mk_x');
    expect(await problemsOf(script, folder.path)).toBe('');
    expect(await problemsOf(script.replace('{ id, answers', '{ ids: id, answers'), folder.path)).toMatch(
      /page\.ts.*error TS/,
    );
  });

  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

  it.skipIf(chromium === undefined)('answers a photo in Chromium, and the try-it page shows every route', async () => {
    const folder = page.path;
    await inBrowser(chromium!, async (page) => {
      await page.open(`${served.url}/api/v1/docs`);
      const { paths } = (await (await fetch(`${served.url}/api/v1/openapi.json`)).json()) as { paths: object };
      const routes = Object.values(paths).flatMap((methods) => Object.keys(methods));
      const seen = new Set<string>();
      // the page draws what is in view
      const look = async () => {
        const shown = await page.run(`(() => {
          const end = scrollY + innerHeight >= document.body.scrollHeight - 1;
          scrollTo(0, end ? 0 : scrollY + innerHeight / 2);
          return [...document.querySelectorAll('.opblock')].map(({ id }) => id);
        })()`);
        for (const id of shown as string[]) seen.add(id);
        return seen.size;
      };
      await expect.poll(look, { timeout: 40_000, interval: 20 }).toBe(routes.length);
      expect(await page.run(`document.querySelectorAll('.topbar, .topbar-wrapper').length`)).toBe(0);
      await bundlePage(guidePage('leaf', served.key), folder);
      const photo = JSON.stringify([...photos[0]!]);
      const answer = await page.run(`(async () => {
        const { createClient } = await import('/src/client/index.ts');
        const client = createClient({ url: location.origin, key: ${JSON.stringify(served.key)} });
        return (await client.predict('leaf', new Uint8Array(${photo}))).predictions[0].label;
      })()`);
      expect(['healthy', 'unwell']).toContain(answer);
      const id = await answered();
      await page.run(`(async () => {
        const { createClient, feedbackButtons } = await import('/src/client/index.ts');
        const client = createClient({ url: location.origin, key: ${JSON.stringify(served.key)} });
        const place = document.body.appendChild(document.createElement('div'));
        place.id = 'feedback';
        feedbackButtons(client, place, { id: '${id}', answers: ['healthy', 'unwell'] });
        place.querySelector('.mitate-feedback-wrong').click();
        place.querySelector('.mitate-feedback-label').click();
      })()`);
      await expect.poll(() => page.run('document.querySelector("#feedback").textContent')).toBe('Thank you.');
      const { items } = await client.feedback.list({ request: id });
      expect(items).toMatchObject([{ label: 'healthy', source: 'widget' }]);
      await page.open(`${served.url}/`);
      await page.run(`(() => {
        const files = new DataTransfer();
        files.items.add(new File([new Uint8Array(${photo})], 'leaf.jpg', { type: 'image/jpeg' }));
        const input = document.querySelector('#photo');
        input.files = files.files;
        input.dispatchEvent(new Event('change'));
      })()`);
      const shown = () => page.run('document.querySelector("#prediction").textContent');
      await expect.poll(shown).toMatch(/^\d+\.\d % (healthy|unwell)$/);
      expect(await page.run('document.querySelectorAll("#feedback button").length')).toBe(2);
      expect(page.problems).toEqual([]);
    });
  });

  it.skipIf(chromium === undefined)(
    'reads answers and errors of an origin that allows its own, and no others',
    async () => {
      const site = createServer((_request, response) =>
        response.setHeader('content-type', 'text/html').end('<!doctype html>'),
      );
      const { port } = (await once(site.listen(0, '127.0.0.1'), 'listening').then(() => site.address())) as AddressInfo;
      const origin = `http://127.0.0.1:${port}`;
      await inBrowser(chromium!, async (page) => {
        await page.open(origin);
        const photo = JSON.stringify([...photos[0]!]);
        const ask = (key: string) =>
          page.run(`(async () => {
          const { createClient } = await import('/src/client/index.ts');
          const client = createClient({ url: '${served.url}', key: '${key}' });
          const asked = client.predict('leaf', new Uint8Array(${photo}), { assignmentKey: 'phone' });
          return await asked.then(({ predictions }) => predictions[0].label, ({ code, name }) => code ?? name);
        })()`);
        expect(await ask(served.key)).toBe('TypeError');
        await client.endpoints.set('leaf', { settings: { corsOrigins: [origin] } });
        expect(await ask(served.key)).toMatch(/^(healthy|unwell)$/);
        expect(await ask('mk_wrong')).toBe('ACCESS_KEY_INVALID');
        await client.endpoints.set('leaf', { settings: { corsOrigins: null } });
        expect(await ask(served.key)).toBe('TypeError');
      }).finally(() => site.close());
    },
  );
});
