import { readFileSync, writeFileSync } from 'node:fs';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Behaviour } from '../../src/contracts/loop/behaviour.ts';
import type { FeedbackEntry } from '../../src/contracts/loop/feedback.ts';
import { openStore } from '../../src/store/open-store.ts';
import { requestRecord } from '../support/request-record.ts';
import { parseLines, Sandbox } from './cli.ts';

const sandbox = new Sandbox();
const other = ['--workspace', sandbox.at('other')];
const count = 2_300;
let ids: string[];

/** Both workspaces answered the same photos; one has the feedback. */
beforeAll(async () => {
  const response = { label: 'unwell', probabilities: { healthy: 0.1, unwell: 0.9 } };
  const records = Array.from({ length: count }, () => requestRecord({ modelVersion: null, response }));
  ids = records.map(({ publicId }) => publicId);
  const rows = records.map((record) => JSON.stringify({ ...record, imageKept: false }));
  for (const workspace of [sandbox.at('.mitate'), sandbox.at('other')]) {
    await using store = await openStore({ workspace });
    await store.requests.ingest('test', rows, { segment: 1, offset: 0 });
  }
  const labels = ids.slice(8).map((id, i) => `${id},${i % 2 ? 'healthy' : 'unwell'},,,,,`);
  const lines = [
    'request_id,label,verdict,event,value,new_class,note,currency,session,decision_ms,outcome',
    `${ids[0]},rust,,,,true,"=on a ""rose"", twice"`,
    `${ids[1]},unwell,,,,,`,
    `${ids[1]},,wrong,,,,`,
    `${ids[2]},,,retake,,,`,
    `${ids[2]},,,sold,12.5,,-`,
    `${ids[5]},,,accept,,,,,tablet 7,4000,`,
    `${ids[5]},,,sold,20,,,EUR,tablet 7,,`,
    `${ids[6]},,,,,,,,,,helped`,
    ...labels,
  ];
  writeFileSync(sandbox.at('labels.csv'), lines.join('\n'));
  await sandbox.json('feedback', 'import', 'labels.csv');
}, 120_000);
afterAll(() => sandbox[Symbol.dispose]());

const given = ({ request, kind, label, truth, verdict, event, value, newClass, note, ...more }: FeedbackEntry) => {
  const { currency, session, decisionMs } = more;
  return JSON.stringify([
    request,
    kind,
    label,
    truth,
    verdict,
    event,
    value,
    newClass,
    note,
    currency,
    session,
    decisionMs,
  ]);
};

describe.each(['csv', 'jsonl'])('feedback exported as %s', (format) => {
  it('is imported elsewhere as it was given', async () => {
    const file = sandbox.at(`all.${format}`);
    const [exported] = await sandbox.json('feedback', 'export', file, '--format', format);
    expect(exported).toEqual({ path: file, format, rows: count });
    const [imported] = await sandbox.json('feedback', 'import', file, ...other);
    expect(imported).toMatchObject({ rows: count, added: count, refused: 0 });
    const entries = async (...args: string[]) =>
      (await sandbox.json<FeedbackEntry>('feedback', 'list', '--limit', String(count), ...args)).map(given);
    expect(await entries(...other)).toEqual(await entries());
  }, 60_000);
});

it('is exported by endpoint, kind and period', async () => {
  const rows = async (...flags: string[]) =>
    (await sandbox.json<{ rows: number }>('feedback', 'export', 'some.jsonl', '--format', 'jsonl', ...flags))[0]!.rows;
  expect(await rows('--endpoint', 'rose')).toBe(0);
  expect(await rows('--to', '2001-01-01')).toBe(0);
  expect(await rows('--kind', 'business', '--from', '2020-01-01')).toBe(2);
  expect(parseLines(readFileSync(sandbox.at('some.jsonl'), 'utf8'))).toMatchObject([
    { request_id: ids[2], event: 'sold', value: 12.5, new_class: false, endpoint: 'leaf', source: 'csv' },
    { request_id: ids[5], event: 'sold', value: 20, currency: 'EUR', session: 'tablet 7', outcome: null },
  ]);
  expect(await sandbox.json('feedback', 'list', '--to', '2001-01-01')).toEqual([]);
}, 60_000);

it('stands beside the predictions in the Parquet export of the request log', async () => {
  await sandbox.json('log', 'export', 'log.parquet');
  const read = await parquetReadObjects({ file: await asyncBufferFromFile(sandbox.at('log.parquet')) });
  const byId = new Map(read.map((row) => [row.public_id, row]));
  const of = (i: number) => {
    const { label, true_label, verdict, feedback_events } = byId.get(ids[i]!)!;
    return [label, true_label, verdict, feedback_events];
  };
  expect(read).toHaveLength(count);
  expect(of(0)).toEqual(['unwell', 'rust', 'wrong', []]);
  expect(of(1)).toEqual(['unwell', 'healthy', 'wrong', []]);
  expect(of(2)).toEqual(['unwell', null, null, ['retake', 'sold']]);
  expect(of(8)).toEqual(['unwell', 'unwell', 'right', []]);
}, 60_000);

it('is summed up by what users did, and an event of no prediction or in no currency is refused', async () => {
  const [row] = await sandbox.json<Behaviour>('feedback', 'behaviour', '--endpoint', 'leaf');
  expect(row).toMatchObject({
    ...{ model: 'leaf-health', role: 'stable', answered: count, sessions: 3 },
    rates: { accepted: { count: 1, of: 2 }, retaken: { count: 1, of: 2 } },
    helped: { count: 1, of: 1 },
    decision: { value: expect.closeTo(4, 9) },
    values: [
      { currency: 'EUR', sum: 20 },
      { currency: null, sum: 12.5 },
    ],
  });
  const refused = async (...args: string[]) => (await sandbox.mitate('feedback', 'add', ...args)).stderr;
  expect(await refused('01890000-0000-7000-8000-000000000000', '--event', 'accept')).toContain(
    'FEEDBACK_REQUEST_UNKNOWN',
  );
  expect(await refused(ids[3]!, '--event', 'sold', '--value', '3', '--currency', 'XYZ')).toContain('ISO 4217');
  expect(await refused(ids[3]!, '--event', 'accept', '--currency', 'EUR')).toContain(
    '--currency needs a business event',
  );
}, 60_000);
