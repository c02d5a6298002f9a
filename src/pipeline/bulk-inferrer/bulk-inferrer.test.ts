import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { answersOf, makeModel, writeModelFolder } from '../../../tests/support/model-folder.ts';
import { writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { writeBlessing } from '../../artifacts/blessing/files.ts';
import { csvLine } from './csv.ts';
import { fingerprint, run } from './run.ts';
import { bulkInferrerSpec } from './spec.ts';

const photos = await drawnPhotos(12, { size: 96 });
const labels = ['=cmd|calc', 'healthy', 'rust, brown', 'spot'];
const model = await makeModel(
  photos.map((photo) => photo.bytes),
  labels,
);
const truths = answersOf(model);
const question = {
  kind: 'question',
  positive: 'unwell',
  negative: 'healthy',
  negativePattern: { source: 'healthy', flags: 'i' },
} as const;

function sourceIn(folder: string, files: Record<string, Uint8Array | string>): string {
  const source = join(folder, 'source');
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), bytes);
  }
  return source;
}

const flat = (count: number) =>
  Object.fromEntries(photos.slice(0, count).map(({ bytes }, i) => [`photo-${String(i).padStart(2, '0')}.jpg`, bytes]));

async function inferred(folder: string, parameters: object, inputs = {}, task: object | undefined = undefined) {
  const uri = writeModelFolder(join(folder, 'model'), model, task ? { task: task as never } : {});
  const ran = await runComponent(bulkInferrerSpec, run, folder, {
    inputs: { model: artifactAt('Model', uri), ...inputs },
    parameters,
  });
  const read = (format: string) => readFileSync(join(ran.outputs.inferenceResult!, `predictions.${format}`), 'utf8');
  const rows = () =>
    read('jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { ...ran, read, rows };
}

describe('BulkInferrer', () => {
  it('classifies a flat folder in the order of its names, as at training', async () => {
    using folder = temporaryFolder();
    const { rows, result } = await inferred(folder.path, { source: sourceIn(folder.path, flat(6)) });
    expect(rows().map((row) => row.file)).toEqual(Object.keys(flat(6)));
    expect(rows().map((row) => row.label)).toEqual(truths.slice(0, 6));
    for (const [i, row] of rows().entries())
      expect(row.probability).toBeCloseTo(Math.max(...model.probabilities[i]!), 4);
    expect(result.properties?.inferenceResult).toEqual({ photos: 6, failed: 0, format: 'jsonl' });
  });

  it('answers a question with the underlying classes', async () => {
    using folder = temporaryFolder();
    const { rows } = await inferred(folder.path, { source: sourceIn(folder.path, flat(2)) }, {}, question);
    const [row] = rows();
    expect(Object.keys(row.probabilities)).toEqual(['unwell', 'healthy']);
    expect(row.positiveProbability).toBeCloseTo(1 - row.classes.healthy, 5);
    expect(row.label).toBe(row.positiveProbability >= row.threshold ? 'unwell' : 'healthy');
    expect(row.probability).toBe(row.probabilities[row.label]);
  });

  it('gives a broken file a row with the reason, and continues', async () => {
    using folder = temporaryFolder();
    const cut = photos[0]!.bytes.subarray(0, 300);
    const source = sourceIn(folder.path, { ...flat(2), 'a-cut.jpg': cut, 'b-page.jpg': '<html></html>' });
    const { rows, result } = await inferred(folder.path, { source });
    const byFile = Object.fromEntries(rows().map((row) => [row.file, row]));
    expect(byFile['a-cut.jpg'].error.code).toMatch(/^IMAGE_/);
    expect(byFile['b-page.jpg'].error).toMatchObject({
      code: expect.stringMatching(/^IMAGE_/),
      remedy: expect.any(String),
    });
    expect(byFile['photo-01.jpg'].label).toBe(truths[1]);
    expect(result.summary).toBe('4 photos, 2 failed');
  });

  it('records the folder as the truth', async () => {
    using folder = temporaryFolder();
    const source = sourceIn(folder.path, { 'rust/1.jpg': photos[0]!.bytes, 'spot/2.jpg': photos[1]!.bytes });
    const { rows } = await inferred(folder.path, { source });
    expect(rows().map((row) => [row.file, row.truth])).toEqual([
      ['rust/1.jpg', 'rust'],
      ['spot/2.jpg', 'spot'],
    ]);
  });

  it('writes CSV that no spreadsheet executes', async () => {
    using folder = temporaryFolder();
    const source = sourceIn(folder.path, { '=HYPERLINK("x").jpg': photos[0]!.bytes, '@sum.jpg': 'broken' });
    const { read } = await inferred(folder.path, { source, format: 'csv' });
    const [header, first, second] = parse(read('csv')) as string[][];
    expect(header).toEqual([
      'file',
      'truth',
      'label',
      'probability',
      'positive_probability',
      'threshold',
      'leaning',
      'refusal',
      'warning',
      'distance',
      'quality',
      'label_set',
      "'=cmd|calc",
      'healthy',
      'rust, brown',
      'spot',
      'error',
      'message',
    ]);
    expect(first![0]).toBe('\'=HYPERLINK("x").jpg');
    expect(first!.slice(12, 16).reduce((sum, cell) => sum + Number(cell), 0)).toBeCloseTo(1, 4);
    expect(second![0]).toBe("'@sum.jpg");
    expect(second![16]).toMatch(/^IMAGE_/);
  });

  it('classifies the requested splits of examples', async () => {
    using folder = temporaryFolder();
    const uri = join(folder.path, 'examples');
    await writePhotoExamples(
      uri,
      photos.map((photo, i) => ({ ...photo, label: truths[i]! })),
    );
    const { rows } = await inferred(
      folder.path,
      { splits: ['test', 'eval'] },
      { examples: artifactAt('Examples', uri) },
    );
    const wanted = photos.filter(({ split }) => split !== 'train').map(({ filename }) => filename);
    expect(
      rows()
        .map((row) => row.file)
        .sort(),
    ).toEqual(wanted.sort());
    expect(rows().every((row) => row.label === row.truth)).toBe(true);
  });

  it('has no output for a model that is not blessed, and reports why', async () => {
    using folder = temporaryFolder();
    const uri = join(folder.path, 'blessing');
    mkdirSync(uri);
    await writeBlessing(uri, { blessed: false, message: 'auc too low', checks: [] }, 'model');
    const inputs = { blessing: artifactAt('ModelBlessing', uri) };
    const { result } = await inferred(folder.path, { source: sourceIn(folder.path, flat(1)) }, inputs);
    expect(result).toMatchObject({ absent: ['inferenceResult'], summary: expect.stringContaining('auc too low') });
  });

  it('fails without photos to classify', async () => {
    using folder = temporaryFolder();
    await expect(inferred(folder.path, {})).rejects.toMatchObject({ code: 'INFERENCE_SOURCE_MISSING' });
  });

  it('has a cache key that depends on the content of the source', async () => {
    using folder = temporaryFolder();
    const source = sourceIn(folder.path, flat(2));
    const parameters = bulkInferrerSpec.parameters.parse({ source });
    const context = { cacheDir: join(folder.path, 'cache'), signal: new AbortController().signal };
    const before = await fingerprint(parameters, context);
    expect(await fingerprint(parameters, context)).toBe(before);
    sourceIn(folder.path, { 'one-more.jpg': photos[5]!.bytes });
    expect(await fingerprint(parameters, context)).not.toBe(before);
  });
});

describe('a CSV line', () => {
  it('numbers stay numbers', () => {
    const distance = { flagged: true, score: 1.5 };
    const row = { file: 'a', label: 'x', probability: 1e-9, probabilities: { x: 1e-9 }, outOfDistribution: distance };
    expect(csvLine({ ...row, quality: [], labelSet: ['x', 'y'] }, ['x'])).toContain('"[""x"",""y""]"');
    expect(csvLine({ ...row, quality: [] }, ['x'])).toBe('a,,x,1e-9,,,,,,1.5,,,1e-9,,\r\n');
  });
});
