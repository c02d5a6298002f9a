import { readFileSync } from 'node:fs';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { requestRecord } from '../../../../tests/support/request-record.ts';
import { ScratchFolder } from '../../../../tests/support/scratch-folder.ts';
import { type ExportedRequest, exportColumns } from './columns.ts';
import { exportRequests } from './export-requests.ts';

function logged(key: number, change: Partial<ExportedRequest> = {}): ExportedRequest {
  const record = requestRecord({ instance: key });
  const projection = new Float32Array(64).fill(0.5);
  return {
    ...record,
    key,
    loggingTime: new Date(1_700_000_000_000 + key),
    imageKept: key % 2 === 0,
    projection,
    embedding: key % 10 === 0 ? Float32Array.of(1, -0.25) : null,
    truth: null,
    events: [],
    ...change,
  };
}

async function* pages(rows: ExportedRequest[]): AsyncGenerator<ExportedRequest[]> {
  for (let at = 0; at < rows.length; at += 1_000) yield rows.slice(at, at + 1_000);
}

const failed = {
  status: 503,
  response: null,
  label: null,
  probability: null,
  probabilities: null,
  imageSha256: null,
  projection: null,
};

describe('exported requests', () => {
  it('are read back from Parquet with their types, over several row groups', async () => {
    using scratch = new ScratchFolder();
    const rows = Array.from({ length: 11_000 }, (_, key) => logged(key, key === 7 ? failed : {}));
    const path = scratch.at('deep', 'requests.parquet');
    expect(await exportRequests(path, 'parquet', pages(rows))).toBe(11_000);
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
    expect(read).toHaveLength(11_000);
    expect(Object.keys(read[0]!)).toEqual(exportColumns.map(({ name }) => name));
    const { key, publicId, loggingTime, response, imageSha256 } = rows[10_500]!;
    expect(read[10_500]).toMatchObject({
      request_id: BigInt(key),
      public_id: publicId,
      logging_time: loggingTime,
      request_payload: [`sha256:${imageSha256}`],
      response_payload: [JSON.stringify(response)],
      model_version: 3,
      probabilities: [expect.closeTo(0.0525), expect.closeTo(0.9475)],
      properties: { brightness: 0.4, blur: 12.5 },
      quality: ['blurred'],
      embedding: [1, -0.25],
      image_kept: true,
      shadow_of: null,
    });
    expect(read[10_500]!.projection).toEqual(Array(64).fill(0.5));
    expect(read[7]).toMatchObject({
      probability: null,
      // the reader's word for a list that is null
      probabilities: undefined,
      response_payload: [],
      status: 503,
      projection: undefined,
    });
  });

  it('have the true label, and whether the prediction was right, in columns after those of version 0.1', async () => {
    using scratch = new ScratchFolder();
    const truth = (label: string | null) => ({ truth: { label, weight: 1 } });
    const rows = [
      logged(1, { ...truth('unwell'), events: ['accept', 'sold'] }),
      logged(2, truth('healthy')),
      logged(3, truth(null)),
      logged(4, { ...truth('healthy'), uncertain: true }),
      logged(5),
    ];
    await exportRequests(scratch.at('x.parquet'), 'parquet', pages(rows));
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(scratch.at('x.parquet')) });
    expect(read.map(({ true_label, verdict, label_weight }) => [true_label, verdict, label_weight])).toEqual([
      ['unwell', 'right', 1],
      ['healthy', 'wrong', 1],
      [null, 'wrong', 1],
      ['healthy', null, 1],
      [null, null, null],
    ]);
    expect(read.map(({ feedback_events }) => feedback_events)).toEqual([['accept', 'sold'], [], [], [], []]);
    const added = ['true_label', 'verdict', 'label_weight', 'feedback_events', 'unlike_notice', 'subject'];
    expect(Object.keys(read[0]!).slice(-7)).toEqual(['attention', ...added]);
  });

  it('are read back from JSON lines, one a line', async () => {
    using scratch = new ScratchFolder();
    const path = scratch.at('requests.jsonl');
    const rows = [logged(1), logged(2, failed)];
    expect(await exportRequests(path, 'jsonl', pages(rows))).toBe(2);
    const read = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(read.map(({ public_id }) => public_id)).toEqual(rows.map(({ publicId }) => publicId));
    expect(read[0]).toMatchObject({
      label: 'unwell',
      logging_time: rows[0]!.loggingTime.toISOString(),
      quality: ['blurred'],
    });
  });

  it('of no rows are a whole file', async () => {
    using scratch = new ScratchFolder();
    const path = scratch.at('none.parquet');
    expect(await exportRequests(path, 'parquet', pages([]))).toBe(0);
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(path) })).toEqual([]);
  });

  it('leave nothing behind when reading fails', async () => {
    using scratch = new ScratchFolder();
    const broken = async function* () {
      yield [logged(1)];
      throw new Error('database away');
    };
    await expect(exportRequests(scratch.at('x.jsonl'), 'jsonl', broken())).rejects.toThrow();
    expect(() => readFileSync(scratch.at('x.jsonl'))).toThrow();
  });
});
