import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../../tests/support/request-record.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { tester } from '../../../tests/support/tester.ts';
import { type OpenStore, openStore } from '../../store/open-store.ts';
import { exportFeedback } from './export.ts';
import { importFeedback } from './import.ts';

const folder = new ScratchFolder();
const options = { actor: tester, now: new Date() };
let store: OpenStore;
let ids: string[];

beforeAll(async () => {
  store = await openStore({ workspace: folder.at('workspace') });
  const response = { label: 'unwell', probabilities: { healthy: 0.1, unwell: 0.9 } };
  const records = Array.from({ length: 2_500 }, () => requestRecord({ modelVersion: null, response }));
  ids = records.map(({ publicId }) => publicId);
  const rows = records.map((record) => JSON.stringify({ ...record, imageKept: false }));
  await store.requests.ingest('test', rows, { segment: 1, offset: 0 });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function file(name: string, content: string | Uint8Array): string {
  const path = folder.at(name);
  writeFileSync(path, content);
  return path;
}

describe('a CSV file of feedback', () => {
  it('is taken row by row; the same file again adds nothing, another one corrects', async () => {
    const rows = ids.map((id, i) => `${id},${i % 2 ? 'healthy' : 'unwell'}`);
    const path = file('labels.csv', `\uFEFFrequest_id;label\r\n${rows.join('\r\n').replaceAll(',', ';')}\r\n`);
    expect(await importFeedback(store, path, options)).toMatchObject({ rows: 2_500, added: 2_500, refused: 0 });
    expect(await importFeedback(store, path, options)).toMatchObject({ rows: 2_500, added: 0, repeated: 2_500 });
    const truth = async () => (await store.feedback.truths([ids[0]!])).get(ids[0]!)!.label;
    expect(await truth()).toBe('unwell');
    await importFeedback(store, file('corrections.csv', `request_id,verdict\n${ids[0]},wrong\n`), options);
    expect(await truth()).toBe('healthy');
  });

  it('says of each bad row why, in a report that no spreadsheet runs', async () => {
    const nobody = '01890000-0000-7000-8000-000000000000';
    const lines = [
      'request_id,label,verdict,event,value,extra',
      `${ids[1]},healthy,,,,x`,
      `${nobody},healthy`,
      `${ids[1]},"=cmd|' /C calc'!A0"`,
      '=HYPERLINK("http://x"),healthy',
      `${ids[1]},healthy,right`,
      `${ids[1]},,,sold,12.5`,
      '',
      `${ids[1]}`,
    ];
    const report = folder.at('report.csv');
    const done = await importFeedback(store, file('mixed.csv', lines.join('\n')), { ...options, report });
    expect(done).toMatchObject({ rows: 7, added: 2, refused: 5 });
    expect(done.firstRefused.map(({ line, code }) => [line, code])).toEqual([
      [3, 'FEEDBACK_REQUEST_UNKNOWN'],
      [4, 'FEEDBACK_LABEL_UNKNOWN'],
      [5, 'FEEDBACK_REQUEST_UNKNOWN'],
      [6, 'FEEDBACK_ROW_INVALID'],
      [9, 'FEEDBACK_ROW_INVALID'],
    ]);
    const cells = (parse(readFileSync(report, 'utf8')) as string[][]).flat();
    expect(cells).toContain('\'=HYPERLINK("http://x")');
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });

  it('with a NUL in a cell loses that row alone', async () => {
    const rows = [
      `${ids[4]},healthy,a\0b`,
      `${ids[5]},healthy,fine`,
      `${ids[6]},hea\0lthy,`,
      `\0,healthy,`,
      `${ids[7]},healthy,`,
    ];
    const path = file('nul.csv', `request_id,label,note\n${rows.join('\n')}\n`);
    const done = await importFeedback(store, path, options);
    expect(done).toMatchObject({ rows: 5, added: 2, refused: 3 });
    expect(done.firstRefused.map(({ line, message }) => [line, message])).toEqual([
      [2, expect.stringContaining('column note contains a NUL')],
      [4, expect.stringContaining('column label contains a NUL')],
      [5, expect.stringContaining('column request_id contains a NUL')],
    ]);
  });

  it('may be JSON Lines with the same names', async () => {
    const lines = [
      { request_id: ids[3], event: 'sold', value: 12.5, note: null },
      { request_id: ids[3], label: 'rust', new_class: true, extra: { a: 1 } },
      { request_id: ids[3], verdict: 'maybe' },
    ].map((line) => JSON.stringify(line));
    const path = file('feedback.jsonl', `\uFEFF${[...lines, '', '[1]', '{"request_id":'].join('\r\n')}`);
    const progress: [number, number][] = [];
    const done = await importFeedback(store, path, { ...options, progress: (...counts) => progress.push(counts) });
    expect(progress).toEqual([
      [5, 6],
      [6, 6],
    ]);
    expect(done.firstRefused.map(({ line, message }) => [line, message])).toEqual([
      [3, expect.stringContaining('"maybe" is not right or wrong')],
      [5, expect.stringContaining('not a JSON object')],
      [6, expect.stringContaining('not JSON')],
    ]);
    const [label, sold] = await store.feedback.list({ request: ids[3]!, limit: 2 });
    expect(label).toMatchObject({ label: 'rust', newClass: true });
    expect(sold).toMatchObject({ event: 'sold', value: 12.5, note: null });
  });

  it('may have a severity and further labels, which an export writes and an import reads again', async () => {
    const bad = ['6,', ',unwell', 'x,', ',mildew'].map((cells) => `${ids[9]},unwell,${cells}`);
    const rows = ['request_id,label,severity,also_shows', `${ids[8]},unwell,3,healthy`, ...bad, `${ids[9]},,2,`];
    const done = await importFeedback(store, file('severity.csv', rows.join('\n')), options);
    expect([done.added, done.refused]).toEqual([1, 5]);
    expect(done.firstRefused.map(({ message }) => message)).toEqual([
      expect.stringContaining('severity'),
      expect.stringContaining('names the label itself'),
      expect.stringContaining('severity'),
      expect.stringContaining('"mildew"'),
      expect.stringContaining('no label'),
    ]);
    const attributes = { severity: 3, alsoShows: ['healthy'] };
    const [entry] = await store.feedback.list({ request: ids[8]!, limit: 1 });
    expect(entry).toMatchObject({ label: 'unwell', attributes });
    const from = entry!.at as Date;
    const format = 'jsonl';
    const exported = { format, request: ids[8]!, from, actor: tester, now: new Date() } as const;
    await exportFeedback(store, folder.at('severity.jsonl'), exported);
    await importFeedback(store, folder.at('severity.jsonl'), { ...options, actor: { ...tester, name: 'again' } });
    expect(await store.feedback.list({ request: ids[8]!, limit: 1 })).toMatchObject([{ who: 'again', attributes }]);
  });

  it.each([
    ['empty.csv', ''],
    ['no-id.csv', 'id,label\na,b\n'],
    ['says-nothing.csv', 'request_id,lable\na,b\n'],
    ['twice.csv', 'request_id,label,label\na,b,c\n'],
    ['quote.csv', 'request_id,label\na,"b\n'],
    ['latin1.csv', Buffer.from('request_id,label\na,f\xfcnf\n', 'latin1')],
    ['huge-cell.csv', `request_id,label\na,${'b'.repeat(200_000)}\n`],
  ])('is refused: %s', async (name, content) => {
    await expect(importFeedback(store, file(name, content), options)).rejects.toMatchObject({
      code: 'FEEDBACK_CSV_INVALID',
    });
  });

  it('is not emptied when the report is to be written over it', async () => {
    const path = file('own-report.csv', `request_id,label\n${ids[2]},healthy\n`);
    symlinkSync(path, folder.at('same.csv'));
    for (const report of [path, folder.at('same.csv')])
      await expect(importFeedback(store, path, { ...options, report })).rejects.toMatchObject({
        code: 'FILE_UNWRITABLE',
      });
    expect(readFileSync(path, 'utf8')).toContain(ids[2]);
  });

  it('that is not there is said', async () => {
    await expect(importFeedback(store, folder.at('none.csv'), options)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
    const report = folder.at('no-folder/report.csv');
    await expect(importFeedback(store, folder.at('mixed.csv'), { ...options, report })).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    });
  });
});
