import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { exampleOf, type Photo } from '../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { readAnomalies, requireValidData } from '../../artifacts/anomalies/require-valid-data.ts';
import { writeArtifactJson } from '../../artifacts/artifact-json.ts';
import type { AnomalyCode, Severity } from '../../contracts/artifacts/anomalies.ts';
import type { DataSchema } from '../../contracts/artifacts/data-schema.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { Statistics } from '../../contracts/artifacts/statistics.ts';
import { inferSchema } from '../schema-gen/infer-schema.ts';
import { schemaGenSpec } from '../schema-gen/spec.ts';
import { buildStatistics } from '../statistics-gen/build-statistics.ts';
import { run } from './run.ts';
import { exampleValidatorSpec } from './spec.ts';
import { validate } from './validate.ts';

const noConflict = {
  span: 1,
  version: 0,
  groupBy: 'none',
  duplicates: [],
  conflicts: [],
  alikeConflicts: [],
  emptyLabels: [],
};
const photos: Photo[] = (await drawnPhotos(160, { size: 64 })).map((photo, i) => ({
  ...photo,
  attributes: { camera: i % 2 ? 'phone' : 'dslr' },
}));
const examples: Example[] = await Promise.all(photos.map(exampleOf));
const statistics = statisticsOf(examples);
const schema = inferSchema(statistics, schemaGenSpec.parameters.parse({}));

function statisticsOf(given: Example[], summary = {}, rejected: never[] = []): Statistics {
  return buildStatistics(given, { ...noConflict, ...summary } as never, rejected, 3);
}

function anomaliesOf(given: Example[], changes: { schema?: object; summary?: object; previous?: Statistics } = {}) {
  const evidence = {
    statistics: statisticsOf(given, changes.summary),
    schema: { ...schema, ...changes.schema } as DataSchema,
    previous: changes.previous ?? null,
  };
  return validate(evidence, null);
}

function codesOf(...given: Parameters<typeof anomaliesOf>): [AnomalyCode, Severity][] {
  return anomaliesOf(...given).anomalies.map(({ code, severity }) => [code, severity]);
}

const change = (edit: (example: Example, i: number) => Partial<Example>) =>
  examples.map((example, i) => ({ ...example, ...edit(example, i) }));
const firstOf = (split: string) => examples.findIndex((example) => example.split === split);

describe('schema skew is an error', () => {
  it('finds nothing in valid data', () => {
    expect(anomaliesOf(examples)).toMatchObject({ blessed: true, errors: 0, anomalies: [] });
  });

  it('unknown label, with split, label and remedy', () => {
    const { anomalies, blessed, errors } = anomaliesOf(change((_, i) => (i === 50 ? { label: 'moss' } : {})));
    expect(blessed).toBe(false);
    expect(errors).toBe(1);
    expect(anomalies[0]).toMatchObject({ code: 'LABEL_UNKNOWN', severity: 'error', split: 'train', subject: 'moss' });
    expect(anomalies[0]!.message).toBe('Split train: 1 photo of the label "moss", which the schema does not allow.');
    expect(anomalies[0]!.remedy).toContain('labels.domain');
  });

  it('missing label', () => {
    const label = examples[0]!.label;
    const left = examples.filter((example) => example.split !== 'test' || example.label !== label);
    expect(codesOf(left)).toEqual([['LABEL_MISSING', 'error']]);
  });

  it('unknown format', () => {
    expect(codesOf(change((_, i) => (i === 0 ? { format: 'webp' } : {})))).toEqual([['FORMAT_UNKNOWN', 'error']]);
  });

  it('a photo that is too small, with its name', () => {
    const small = change((example, i) => (i === 9 ? { properties: { ...example.properties, width: 20 } } : {}));
    const [anomaly] = anomaliesOf(small).anomalies;
    expect(anomaly).toMatchObject({ code: 'IMAGE_TOO_SMALL', severity: 'error', value: 20, limit: 32 });
    expect(anomaly!.filenames).toEqual([examples[9]!.filename]);
  });

  it('a split without photos', () => {
    expect(codesOf(examples.filter((example) => example.split !== 'eval'))).toEqual([['SPLIT_MISSING', 'error']]);
  });

  it('a photo in two splits', () => {
    const codes = codesOf([...examples, { ...examples[firstOf('train')]!, split: 'test' }]);
    expect(codes).toContainEqual(['PHOTO_IN_TWO_SPLITS', 'error']);
  });

  it('a group in two splits', () => {
    const [a, b] = [firstOf('train'), firstOf('test')];
    const codes = codesOf(change((_, i) => (i === a || i === b ? { group: 'leaf 7' } : {})));
    expect(codes).toEqual([['GROUP_IN_TWO_SPLITS', 'error']]);
  });

  it('a missing attribute, and a value that is not in the domain', () => {
    expect(codesOf(change((_, i) => (i === 0 ? { attributes: {} } : {})))).toEqual([['ATTRIBUTE_MISSING', 'error']]);
    const drone = change((_, i) => (i === 0 ? { attributes: { camera: 'drone' } } : {}));
    expect(codesOf(drone)).toEqual([['ATTRIBUTE_VALUE_UNKNOWN', 'error']]);
  });

  it('too many rejected files', () => {
    const rejected = Array.from({ length: 20 }, (_, i) => ({ filename: `${i}`, code: 'IMAGE_TRUNCATED', message: '' }));
    const evidence = { statistics: statisticsOf(examples, {}, rejected as never), schema, previous: null };
    const [anomaly] = validate(evidence, null).anomalies;
    expect(anomaly).toMatchObject({ code: 'REJECTED_MANY', severity: 'error', value: 0.1111, limit: 0.05 });
    expect(anomaly!.message).toContain('IMAGE_TRUNCATED 20');
  });
});

describe('photos that look alike in two splits', () => {
  const [a, b] = [firstOf('train'), firstOf('test')];
  const alike = change((_, i) => (i === a || i === b ? { phash: 'f0f0f0f0f0f0f0f0' } : {}));

  it('are a warning', () => {
    expect(codesOf(alike)).toEqual([['NEAR_DUPLICATE_IN_TWO_SPLITS', 'warning']]);
  });

  it('are not reported when ExampleGen compared their pixels', () => {
    expect(codesOf(alike, { summary: { groupBy: 'near-duplicate' } })).toEqual([]);
  });
});

describe('one photo with two labels', () => {
  const conflict = (i: number) => ({ sha256: `${i}`, labels: ['a', 'b'], filenames: [`a/${i}.jpg`, `b/${i}.jpg`] });

  it('is a warning while it is rare', () => {
    expect(codesOf(examples, { summary: { conflicts: [conflict(1)] } })).toEqual([['LABEL_CONFLICT', 'warning']]);
  });

  it('is an error above the limit of the schema', () => {
    const conflicts = [1, 2, 3, 4].map(conflict);
    expect(codesOf(examples, { summary: { conflicts } })).toEqual([['LABEL_CONFLICT', 'error']]);
  });
});

describe('labels that differ only in what is hard to see', () => {
  const [first, second] = [...new Set(examples.map(({ label }) => label))].sort() as [string, string];
  const renamed = (other: string, name = first) =>
    change((example, i) => ({
      ...(example.label === second && { label: name }),
      ...(example.label === first && { label: i % 2 ? name : other }),
    }));
  const found = (given: Example[]) => {
    const labels = { ...schema.labels, domain: [...new Set(given.map(({ label }) => label))], required: [] };
    return anomaliesOf(given, { schema: { labels } }).anomalies.filter(({ code }) => code === 'LABELS_ALIKE');
  };

  it.each([
    ['case', 'Healthy', 'healthy', '"Healthy", "healthy"'],
    ['a space at the end', 'healthy', 'healthy ', '"healthy", "healthy<U+0020>"'],
    ['a zero-width space', 'healthy', 'heal\u200bthy', '"healthy", "heal<U+200B>thy"'],
    ['a no-break space', 'leaf rust', 'leaf\u00a0rust', '"leaf rust", "leaf<U+00A0>rust"'],
    ['the form of a number', '1', '1.0', '"1", "1.0"'],
    ['a leading zero', '01', '1', '"01", "1"'],
    ['full width', 'A', '\uff21', '"A", "\uff21"'],
    ['underscore and space', 'leaf rust', 'leaf_rust', '"leaf rust", "leaf_rust"'],
    ['a line separator', 'rust', 'rust\u2028', '"rust", "rust<U+2028>"'],
  ])('are a warning that shows the difference: %s', (_, one, other, shown) => {
    const [anomaly, ...more] = found(renamed(other, one));
    expect(more).toEqual([]);
    expect(anomaly).toMatchObject({ severity: 'warning', subject: [one, other].sort()[0] });
    expect(anomaly!.message).toContain(`The labels ${shown} differ only in`);
  });

  it.each([
    ['1', '10'],
    ['spot', 'spots'],
    ['1.5', '15'],
  ])('are not reported when they differ otherwise: %s, %s', (one, other) => {
    expect(found(renamed(other, one))).toEqual([]);
  });
});

describe('a label of few photos', () => {
  it.each([1, 2, 3, 4])('is a warning: %i', (count) => {
    const label = examples[0]!.label;
    const kept = new Set(examples.filter((example) => example.label === label).slice(0, count));
    const few = examples.filter((example) => example.label !== label || kept.has(example));
    const codes = anomaliesOf(few, { schema: { labels: { ...schema.labels, required: [] } } }).anomalies;
    expect(codes.find(({ code }) => code === 'LABEL_RARE')).toMatchObject({
      severity: 'warning',
      subject: label,
      value: count,
      limit: 5,
    });
  });
});

describe('value skew is a warning', () => {
  it('imbalance', () => {
    const labels = { ...schema.labels, maxImbalance: 2 };
    const rare = examples[0]!.label;
    let kept = 0;
    const left = examples.filter((e) => e.label !== rare || e.split !== 'train' || kept++ < 4);
    expect(codesOf(left, { schema: { labels } })).toEqual([['LABEL_IMBALANCE', 'warning']]);
  });

  it('values outside the range', () => {
    const dark = change((example, i) =>
      i % 2 === 0 ? { properties: { ...example.properties, brightness: 0.001 } } : {},
    );
    const codes = codesOf(dark, { schema: { drift: { property: 1, labels: 1, splits: 1 } } });
    expect(new Set(codes.map(([code, severity]) => `${code} ${severity}`))).toEqual(
      new Set(['PROPERTY_OUT_OF_RANGE warning']),
    );
  });

  it('drift of a property since the previous span, with its distance', () => {
    const darker = change(({ properties }) => ({
      properties: { ...properties, brightness: properties.brightness * 0.5 },
    }));
    const { anomalies, drift, blessed } = anomaliesOf(darker, { previous: statistics, schema: { properties: {} } });
    expect(blessed).toBe(true);
    expect(anomalies.find((anomaly) => anomaly.split === 'train')).toMatchObject({
      code: 'PROPERTY_DRIFT',
      severity: 'warning',
      subject: 'brightness',
    });
    const brightness = drift.find((row) => row.split === 'train' && row.subject === 'brightness')!;
    expect(brightness.distance).toBeGreaterThan(0.5);
    expect(drift.find((row) => row.split === 'train' && row.subject === 'width')!.distance).toBe(0);
  });

  it('drift of the label shares; a label that is new or missing', () => {
    const [a, b] = schema.labels.domain as [string, string];
    const shifted = change(({ label, split }, i) =>
      label === a && split === 'train' && i % 5 !== 0 ? { label: b } : {},
    );
    const codes = codesOf(shifted, { previous: statistics });
    expect(codes).toContainEqual(['LABEL_DRIFT', 'warning']);
    const renamed = change(({ label }) => (label === a ? { label: 'moss' } : {}));
    const since = codesOf(renamed, {
      previous: statistics,
      schema: { labels: { ...schema.labels, domain: ['moss', ...schema.labels.domain], required: [] } },
    });
    expect(since).toContainEqual(['LABEL_NEW_SINCE', 'warning']);
    expect(since).toContainEqual(['LABEL_GONE_SINCE', 'warning']);
  });

  it('does not report chance as drift', () => {
    const half = (odd: number) => statisticsOf(examples.filter((_, i) => (i >> 2) % 2 === odd));
    const evidence = { statistics: half(0), schema: { ...schema, properties: {} }, previous: half(1) };
    expect(validate(evidence, null).anomalies.filter(({ code }) => code.endsWith('_DRIFT'))).toEqual([]);
  });
});

describe('ExampleValidator', () => {
  async function validated(folder: string, given: Example[]) {
    await writeArtifactJson(join(folder, 'statistics.json'), statisticsOf(given));
    await writeArtifactJson(join(folder, 'schema.json'), schema);
    const { writeFile } = await import('node:fs/promises');
    const lines = given.map(({ label, group, border }) => JSON.stringify({ label, group, border }));
    await writeFile(join(folder, 'border-pixels.jsonl'), lines.join('\n'));
    const inputs = { statistics: artifactAt('ExampleStatistics', folder), schema: artifactAt('Schema', folder) };
    return runComponent(exampleValidatorSpec, run, folder, { inputs });
  }

  it('passes valid data, and its probe does not fire on drawn leaves', async () => {
    using folder = temporaryFolder();
    const { outputs, result } = await validated(folder.path, examples);
    const anomalies = await requireValidData(outputs.anomalies!);
    expect(anomalies.probe).toMatchObject({ fires: false, labels: 4 });
    expect(result).toMatchObject({ summary: 'no anomalies', properties: { anomalies: { blessed: 1, errors: 0 } } });
  });

  it('stops steps that require valid data, and reports each split separately', async () => {
    using folder = temporaryFolder();
    const { outputs, result, log } = await validated(
      folder.path,
      change((_, i) => (i === 50 ? { label: 'moss' } : {})),
    );
    await expect(requireValidData(outputs.anomalies!)).rejects.toMatchObject({
      code: 'DATA_ANOMALIES',
      message: expect.stringContaining('"moss"'),
      remedy: expect.stringContaining('anomalies.json'),
    });
    const split = (name: string) =>
      JSON.parse(readFileSync(join(outputs.anomalies!, `Split-${name}`, 'anomalies.json'), 'utf8'));
    expect(split('train')).toMatchObject({ blessed: false });
    expect(split('test')).toEqual({ blessed: true, anomalies: [] });
    expect(result.properties?.anomalies).toMatchObject({ blessed: 0, errors: 1 });
    expect(log).toContainEqual(expect.objectContaining({ level: 'error' }));
    expect((await readAnomalies(outputs.anomalies!)).errors).toBe(1);
  });
});
