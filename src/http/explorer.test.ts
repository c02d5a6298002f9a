import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../tests/support/request-record.ts';
import { ServedApp } from '../../tests/support/served-app.ts';
import { unaudited } from '../../tests/support/unaudited.ts';
import { createClient } from '../client/index.ts';
import type { RequestRecord } from '../contracts/request-record.ts';

let served: ServedApp;
let client: ReturnType<typeof createClient>;
let segment = 0;

beforeAll(async () => {
  served = await ServedApp.open([]);
  client = createClient({ url: served.url, key: await served.makeKey('operate') });
});
afterAll(async () => await served?.[Symbol.asyncDispose]());

/** Rows of the log. @returns their ids, in order */
async function logged(...changes: Partial<RequestRecord>[]): Promise<string[]> {
  const rows = changes.map((change) => requestRecord({ quality: [], ...change }));
  await served.served.store.requests.ingest(
    'explorer',
    rows.map((row) => JSON.stringify({ ...row, imageKept: false })),
    { segment: ++segment, offset: 0 },
  );
  return rows.map(({ publicId }) => publicId);
}

describe('the request log over HTTP', () => {
  it('is filtered by what is unusual about an answer, by its score, version, verdict and attributes', async () => {
    const endpoint = 'filtered';
    const named = {
      plain: { positiveProbability: 0.9, attributes: { app: '2.1=beta' } },
      uncertain: { uncertain: true, label: 'uncertain', positiveProbability: 0.52 },
      unlike: { outOfDistribution: true, positiveProbability: 0.6 },
      blurred: { quality: ['blurred'] as RequestRecord['quality'], positiveProbability: 0.7 },
      failed: { status: 503, errorCode: 'QUEUE_FULL', label: null, probability: null, positiveProbability: null },
      older: { modelVersion: 2, label: 'healthy', positiveProbability: 0.1 },
    };
    const names = Object.keys(named);
    const ids = await logged(...Object.values(named).map((change) => ({ endpoint, ...change })));
    await client.feedback.add([
      { kind: 'label', id: ids[0]!, label: 'unwell', newClass: true },
      { kind: 'verdict', id: ids[5]!, verdict: 'wrong' },
    ]);
    const found = async (query: object) => {
      const { items } = await client.requests.list({ endpoint, ...query });
      expect(await client.requests.count({ endpoint, ...query })).toEqual({ count: items.length, isMore: false });
      return items.map(({ publicId }) => names[ids.indexOf(publicId)]);
    };
    expect(await found({ uncertain: true })).toEqual(['uncertain']);
    expect(await found({ unlike: 'true' })).toEqual(['unlike']);
    expect(await found({ quality: 'blurred' })).toEqual(['blurred']);
    expect(await found({ quality: 'too-dark' })).toEqual([]);
    expect(await found({ quality: 'any' })).toEqual(['blurred']);
    expect(await found({ error: 'any' })).toEqual(['failed']);
    expect(await found({ error: 'QUEUE_FULL' })).toEqual(['failed']);
    expect(await found({ version: 2 })).toEqual(['older']);
    expect(await found({ minScore: 0.5, maxScore: 0.65 })).toEqual(['unlike', 'uncertain']);
    // a value below the smallest of the column's type was an internal error
    expect(await found({ minScore: 1e-300, maxScore: 0.65 })).toEqual(['older', 'unlike', 'uncertain']);
    expect(await found({ verdict: 'right' })).toEqual(['plain']);
    expect(await found({ verdict: 'wrong' })).toEqual(['older']);
    expect(await found({ verdict: 'none', label: 'unwell' })).toEqual(['blurred', 'unlike']);
    expect(await found({ attribute: 'app=2.1=beta' })).toEqual(['plain']);
    expect(await found({ attribute: 'app=2.2' })).toEqual([]);
  });

  it.each([
    ['minScore=2', 'minScore'],
    ['quality=nice', 'quality'],
    ['attribute=app', 'name=value'],
    ['verdict=maybe', 'verdict'],
    ['version=0', 'version'],
  ])('refuses the filter %s and says which it is', async (query, said) => {
    const answer = await served.ask('GET', `/api/v1/requests?${query}`, {
      headers: { 'x-api-key': await served.makeKey('operate') },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.code).toBe('HTTP_REQUEST_INVALID');
    expect(answer.json().error.message).toContain(said);
  });

  it('is given as CSV, in which no text is a formula', async () => {
    const [id] = await logged({ endpoint: 'csv', label: '=1+1', attributes: { note: 'a,"b"' } });
    const headers = { 'x-api-key': await served.makeKey('operate') };
    const answer = await served.ask('GET', '/api/v1/requests?endpoint=csv&format=csv', { headers });
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [header, row, ...rest] = answer.body.split('\r\n');
    expect(header).toMatch(/^publicId,loggingTime,endpoint,/);
    expect(row).toContain(id);
    expect(row).toContain(",'=1+1,");
    expect(row).toContain('"{""note"":""a,\\""b\\""""}"');
    expect(rest).toEqual(['']);
  });
});

describe('the series of an endpoint', () => {
  const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 2, 2, hour, minute)).toISOString();

  it('counts each photo once, by hour and version, whatever the journal repeats', async () => {
    await client.endpoints.create({ name: 'counted' });
    const of = { endpoint: 'counted' };
    const rows = [
      requestRecord({ ...of, loggingTime: at(1), latencyMs: 10 }),
      requestRecord({ ...of, loggingTime: at(1, 59), latencyMs: 100, uncertain: true, label: 'uncertain' }),
      requestRecord({ ...of, loggingTime: at(3), status: 500, errorCode: 'INTERNAL', label: null, latencyMs: 1 }),
      requestRecord({
        ...of,
        loggingTime: at(3),
        modelVersion: 4,
        role: 'canary',
        outOfDistribution: true,
        latencyMs: 20,
      }),
      requestRecord({ ...of, loggingTime: at(3), modelVersion: 5, role: 'shadow', latencyMs: 20 }),
    ].map((row) => JSON.stringify({ ...row, imageKept: false }));
    for (const offset of [0, 1])
      await served.served.store.requests.ingest('series', rows, { segment: ++segment, offset });
    const series = await client.endpoints.series('counted', { from: at(1), to: at(4), step: '1h' });
    expect(series).toMatchObject({ from: at(1), to: at(4), stepS: 3600 });
    expect(series.total).toMatchObject({
      photos: [2, 0, 2],
      answered: [2, 0, 1],
      failed: [0, 0, 1],
      uncertain: [1, 0, 0],
      unlike: [0, 0, 1],
    });
    // to 9 %; a failure took no time that a client waited for an answer
    expect(series.total.p50[0]).toBeCloseTo(10, -0.5);
    expect(series.total.p99[0]).toBeGreaterThan(91);
    expect(series.total.p99[0]).toBeLessThan(109);
    expect(series.total.p50.slice(1)).toEqual([null, expect.closeTo(20, -0.5)]);
    expect(series.versions.map(({ version, role, photos }) => [version, role, photos])).toEqual([
      [3, 'stable', [2, 0, 1]],
      [4, 'canary', [0, 0, 1]],
      [5, 'shadow', [0, 0, 1]],
    ]);
    expect(series.labels).toEqual([
      { label: 'unwell', photos: [1, 0, 1] },
      { label: 'uncertain', photos: [1, 0, 0] },
    ]);
  });

  it('has at most 400 buckets, the newest', async () => {
    const series = await client.endpoints.series('counted', { from: '2020-01-01', to: '2026-01-01', step: '1h' });
    expect(series.total.photos).toHaveLength(400);
    expect(series.to).toBe('2026-01-01T00:00:00.000Z');
    const years = await client.endpoints.series('counted', { from: '2020-01-01', to: '2026-01-01' });
    expect(years.stepS).toBe(604_800);
    expect(years.total.photos.length).toBeLessThanOrEqual(400);
    await expect(client.endpoints.series('nowhere')).rejects.toMatchObject({ code: 'ENDPOINT_UNKNOWN' });
  });
});

describe('the state of an endpoint', () => {
  it('is what it was made of at that time, with the change that led to it', async () => {
    await client.endpoints.create({ name: 'then', settings: { abstain: { low: 0.4, high: 0.6 } } });
    const before = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await client.endpoints.set('then', { settings: { abstain: null }, why: 'too many' });
    expect(await client.endpoints.state('then', { at: before.toISOString() })).toMatchObject({
      deployments: [],
      settings: { abstain: { low: 0.4, high: 0.6 } },
      change: null,
    });
    expect((await client.endpoints.state('then')).settings.abstain).toBeNull();
  });
});

describe('two people who change the same endpoint', () => {
  it('are told: the second change is refused, and changes nothing', async () => {
    const read = await client.endpoints.create({ name: 'both' });
    const mine = { settings: { deadlineMs: 5_000 }, unchangedSince: read.updatedAt };
    const changed = await client.endpoints.set('both', mine);
    expect(changed.settings.deadlineMs).toBe(5_000);
    const theirs = { settings: { deadlineMs: 9_000 }, unchangedSince: read.updatedAt };
    await expect(client.endpoints.set('both', theirs)).rejects.toMatchObject({ code: 'ENDPOINT_CHANGED', status: 409 });
    await expect(
      client.endpoints.traffic('both', { traffic: {}, unchangedSince: read.updatedAt }),
    ).rejects.toMatchObject({ code: 'ENDPOINT_CHANGED' });
    expect(await client.endpoints.set('both', { ...theirs, unchangedSince: changed.updatedAt })).toMatchObject({
      settings: { deadlineMs: 9_000 },
    });
  });
});

describe('the overview', () => {
  it('counts the loop, and lists what waits for a person with where it is', async () => {
    const { store } = served.served;
    const project = 'overseen';
    await unaudited(store).access.createProject({ name: project, description: '' });
    const own = createClient({ url: served.url, key: await served.makeKey('operate', null, project) });
    await unaudited(store.forProject(project)).endpoints.createEndpoint('leaf', { who: 'test', why: 'test' });
    await logged({ project, endpoint: 'leaf' }, { project, endpoint: 'leaf', uncertain: true });
    await store.forProject(project).createRun(run('run-1'));
    await store
      .forProject(project)
      .finishRun('run-1', 'failed', { code: 'X', message: 'the photos are gone', remedy: '' });
    const { stations, needs, health } = await own.overview();
    expect(stations.requests).toMatchObject({ photos: 2, uncertain: 1 });
    expect(stations.service).toMatchObject({ endpoints: 1, answering: 0 });
    expect(stations.training).toMatchObject({ failed: 1, last: { id: 'run-1', state: 'failed' } });
    expect(needs).toMatchObject([{ kind: 'failed-run', id: 'run-1', of: 'leaf-health', said: 'the photos are gone' }]);
    // of the server, which a key of one project does not see
    expect(health).toBeNull();
    expect((await client.overview()).health).toMatchObject({ workers: 0, disk: { freeBytes: expect.any(Number) } });
  });
});

describe('search', () => {
  it('finds names by their parts, predictions by their id, and nothing of another project', async () => {
    await client.endpoints.create({ name: 'find-me', displayName: '100% りんごの葉' });
    expect(await client.search('ごの')).toMatchObject([{ kind: 'endpoint', id: 'find-me', title: '100% りんごの葉' }]);
    // no wildcards
    expect(await client.search('1_0%')).toEqual([]);
    const [id] = await logged({ endpoint: 'find-me', subject: 'the-elm' });
    expect(await client.search(id!)).toMatchObject([{ kind: 'prediction', id, title: 'unwell', detail: 'find-me' }]);
    expect(await client.search('the-elm')).toMatchObject([{ kind: 'subject', id: 'the-elm' }]);
    const project = 'searched';
    await unaudited(served.served.store).access.createProject({ name: project, description: '' });
    const other = createClient({ url: served.url, key: await served.makeKey('operate', null, project) });
    for (const text of ['find', id!, 'the-elm']) expect(await other.search(text)).toEqual([]);
  });
});

const run = (id: string) => ({
  ...{ id, pipeline: 'leaf-health', parameters: {}, seed: 1, definitionDigest: 'd', source: null, gitCommit: null },
  ...{
    who: 'test',
    host: 'h',
    pid: null,
    processStarted: null,
    trigger: 'manual',
    startedAt: new Date(),
    heartbeatAt: null,
  },
});
