import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { expire } from './expire.ts';

const folder = temporaryFolder();
const now = new Date('2026-11-30T12:00:00Z');
let store: OpenStore;
beforeAll(async () => {
  store = await openStore({ workspace: folder.path });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const query = async (text: string) => (await store.connection.pool.query(text)).rows;
const count = async (table: string, where = 'true') =>
  (await query(`select count(*)::int as n from ${table} where ${where}`))[0].n as number;
const result = (monitor: string, at: string) => `insert into monitor_results
  (monitor, endpoint, kind, state, at, window_start, window_end, finding)
  values ('${monitor}', 'leaf', 'volume', 'ok', '${at}', '${at}', '${at}', '{}')`;
const firing = (trigger: string, at: string) => `insert into firings (trigger, occasion, at, state, why, evidence, who)
  values ('${trigger}', 'schedule:${at}', '${at}', 'fired', 'due', '{}', 'worker')`;
const delivery = (id: string, state: string) => `insert into deliveries
  (id, alert, channel, state, attempts, body, news, created_at)
  values ('${id}', 'a', 'mail', '${state}', 1, '', 'opened', '2024-01-01')`;

it('bounds what grows with time, and keeps the newest of each monitor and trigger (history grew for ever)', async () => {
  await query(`insert into audit_log (at, who, action, subject, details)
    select '2020-01-01', 'local', 'key.create', n::text, '{}' from generate_series(1, 12000) n`);
  await query(`insert into audit_log (at, who, action, subject, details)
    values ('2026-01-01', 'local', 'key.create', 'kept', '{}')`);
  for (const at of ['2024-01-01', '2024-01-02', '2026-11-01']) await query(result('busy', at));
  for (const at of ['2024-01-01', '2024-01-02']) await query(result('stopped', at));
  for (const at of ['2024-01-01', '2024-01-02']) await query(firing('nightly', at));
  for (const state of ['waiting', 'delivered', 'dead']) await query(delivery(state, state));
  for (const at of ['2025-09-30', '2025-11-01'])
    await query(`insert into feedback (request, endpoint, kind, label, source, who, request_at, at)
      values (gen_random_uuid(), 'leaf', 'label', 'healthy', 'api', 'key:a', '${at}', '2026-11-01')`);
  const none = await expire(store, { logMonths: 0, historyDays: 0, auditDays: 0 }, now);
  expect(none.history).toEqual({ monitor_results: 0, firings: 0, deliveries: 0, audit_log: 0, feedback: 0 });
  const { history } = await expire(store, { logMonths: 13, historyDays: 400, auditDays: 1_100 }, now);
  expect(history).toEqual({ monitor_results: 3, firings: 1, deliveries: 2, audit_log: 12_000, feedback: 1 });
  expect(await query('select subject from audit_log')).toEqual([{ subject: 'kept' }]);
  expect(await query('select monitor, at::date::text from monitor_results order by seq')).toEqual([
    { monitor: 'busy', at: '2026-11-01' },
    { monitor: 'stopped', at: '2024-01-02' },
  ]);
  expect([await count('deliveries', "state = 'waiting'"), await count('firings'), await count('feedback')]).toEqual([
    1, 1, 1,
  ]);
});
