import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../../../tests/support/request-record.ts';
import { ScratchFolder } from '../../../../tests/support/scratch-folder.ts';
import type { RequestRecord } from '../../../contracts/request-record.ts';
import { type OpenStore, openStore } from '../../../store/open-store.ts';
import { makeReport } from '../report.ts';
import { reportPage, reportPolicy } from './page.ts';

const now = new Date('2026-11-20T12:00:00Z');
const day = 86_400_000;
const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();
const hostile = '</style><script>alert("&")</script>';

describe('the report', () => {
  const folder = new ScratchFolder();
  let store: OpenStore;

  beforeAll(async () => {
    store = await openStore({ workspace: folder.path });
    await store.requests.makePartitions(now);
    const records: Partial<RequestRecord>[] = [
      ...[10, 20, 30, 40].map((latencyMs) => ({ loggingTime: ago(day / 2), latencyMs, inferenceMs: 500 })),
      { loggingTime: ago(1.5 * day), label: hostile, uncertain: true, outOfDistribution: true, latencyMs: 1_000 },
      { loggingTime: ago(1.5 * day), status: 503, errorCode: 'QUEUE_FULL', label: null, probability: null },
      { loggingTime: ago(1.5 * day), status: 400, errorCode: 'IMAGE_TRUNCATED', label: null, probability: null },
      { loggingTime: ago(day / 2), role: 'shadow', inferenceMs: 500 },
      { loggingTime: ago(8 * day), label: 'older than a week' },
      { loggingTime: ago(day / 2), project: 'other', endpoint: 'theirs' },
    ];
    const rows = records.map((each) => JSON.stringify({ ...requestRecord(each), imageKept: false }));
    await store.requests.ingest('test', rows, { segment: 1, offset: 0 });
    const run = {
      id: 'run-1',
      pipeline: hostile,
      parameters: {},
      seed: 1,
      definitionDigest: 'd',
      source: null,
      gitCommit: null,
    };
    await store.createRun({ ...run, who: 'mika', pid: null, trigger: 'demand', startedAt: new Date(ago(day)) });
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('sums what clients asked of the project in that time, shadows in the cost alone', async () => {
    const { traffic, cost, runs } = await makeReport(store, { lastMs: 7 * day, now });
    expect(traffic.totals).toMatchObject([
      { endpoint: 'leaf', photos: 7, latencyP50: 30, latencyP99: 1_000, labelled: 0 },
    ]);
    // 4 x 0.5 s, the shadow's 0.5 s, 3 x 5 ms
    expect(cost.inferenceS).toBeCloseTo(2.515, 6);
    expect(traffic.totals[0]!.labels).toEqual([
      { label: 'unwell', photos: 4 },
      { label: hostile, photos: 1 },
    ]);
    expect(traffic.days).toEqual([
      { endpoint: 'leaf', day: '2026-11-19', photos: 3, failed: 1, refused: 1, uncertain: 1, outOfDistribution: 1 },
      { endpoint: 'leaf', day: '2026-11-20', photos: 4, failed: 0, refused: 0, uncertain: 0, outOfDistribution: 0 },
    ]);
    expect(runs).toHaveLength(1);
  });

  it('is of its time and project alone', async () => {
    const { traffic } = await makeReport(store, { lastMs: 30 * day, now });
    expect(traffic.totals[0]!.photos).toBe(8);
    const empty = await makeReport(store.forProject('other'), { lastMs: day / 10, now });
    expect([empty.traffic.totals, empty.runs]).toEqual([[], []]);
    expect(reportPage(empty)).toContain('No predictions.');
  });

  it('draws a day without photos, and says first what matters', async () => {
    const page = reportPage(await makeReport(store, { lastMs: 7 * day, now }));
    // eight dates, two bars each
    expect(page.match(/<rect /g)).toHaveLength(16);
    expect(page).toContain(
      '<li>7 photos at 1 endpoint; 14.3 % failed.</li><li>No alerts.</li><li>1 run: 0 succeeded, 0 failed.</li>',
    );
  });

  it('tells of an alert that was opened before, and was open in that time', async () => {
    const mine = store.forProject('alerted');
    const opened = new Date(now.getTime() - 20 * day);
    const window = { since: opened, openedAt: opened, lastSeenAt: opened, windowStart: opened, windowEnd: opened };
    const finding = {
      state: 'breach',
      statistic: 1,
      p: null,
      threshold: 1,
      interval: null,
      said: 'it moved',
      movers: [],
      details: {},
    } as const;
    const alert = {
      id: randomUUID(),
      monitor: 'drift',
      kind: 'embedding-drift',
      endpoint: 'leaf',
      resultSeq: 1,
      remedy: '',
      timeline: [],
    };
    await mine.alerts.openAlert({ ...alert, ...window, finding: { ...finding, movers: [] } }, []);
    expect((await makeReport(mine, { lastMs: 7 * day, now })).drift.alerts).toHaveLength(1);
    expect((await makeReport(mine, { lastMs: day, now: opened })).drift.alerts).toHaveLength(1);
    expect((await makeReport(mine, { lastMs: day, now: new Date(opened.getTime() - day) })).drift.alerts).toEqual([]);
  });

  it('is a page in which names stay names and nothing runs or is fetched', async () => {
    const page = reportPage(await makeReport(store, { lastMs: 7 * day, now }));
    expect(page).not.toContain('<script');
    expect(page).toContain('&#60;script&#62;alert(&#34;&#38;&#34;)');
    expect(page.match(/<style>/g)).toHaveLength(1);
    expect(page).not.toMatch(/\s(style|on\w+)=/);
    expect(page).not.toMatch(/\b(src|href)=|https?:|url\(|@import/);
  });

  it('allows its own style by its hash, and no other', async () => {
    const page = reportPage(await makeReport(store, { lastMs: day, now }));
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page)!;
    expect(reportPolicy).toContain(`'sha256-${createHash('sha256').update(style!).digest('base64')}'`);
    expect(reportPolicy).toContain("default-src 'none'");
  });

  it.each([0, -day, 401 * day, Number.NaN])('refuses to reach back over %s ms', async (lastMs) => {
    await expect(makeReport(store, { lastMs, now })).rejects.toMatchObject({ code: 'REPORT_TIME_INVALID' });
  });
});
