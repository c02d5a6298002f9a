import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { exampleOf } from '../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { readSchema } from '../../artifacts/schema/read-schema.ts';
import type { DataSchema } from '../../contracts/artifacts/data-schema.ts';
import type { Statistics } from '../../contracts/artifacts/statistics.ts';
import { buildStatistics } from '../statistics-gen/build-statistics.ts';
import { fingerprint, run } from './run.ts';
import { schemaGenSpec } from './spec.ts';

const photos = (await drawnPhotos(40)).map((photo, i) => ({
  ...photo,
  attributes: { camera: i % 2 ? 'phone' : 'dslr', leaf: `leaf-${i}`, ...(i % 3 === 0 && { farm: 'north' }) },
}));
const summary = {
  span: 0,
  version: 0,
  groupBy: 'none',
  duplicates: [],
  conflicts: [],
  alikeConflicts: [],
  emptyLabels: [],
} as never;
const statistics: Statistics = buildStatistics(await Promise.all(photos.map(exampleOf)), summary, [], 3);

async function schemaOf(folder: string, parameters: { from?: string; minSide?: number } = {}) {
  await writeArtifactJson(join(folder, 'statistics.json'), statistics);
  const inputs = { statistics: artifactAt('ExampleStatistics', folder) };
  const { outputs, result } = await runComponent(schemaGenSpec, run, folder, { inputs, parameters });
  return { schema: await readSchema(outputs.schema!), path: join(outputs.schema!, 'schema.json'), result };
}

describe('an inferred schema', () => {
  it('describes the photos', async () => {
    using folder = temporaryFolder();
    const { schema } = await schemaOf(folder.path);
    expect(schema.labels.domain).toEqual([...new Set(photos.map((photo) => photo.label))].sort());
    expect(schema.formats).toEqual(['jpeg']);
    expect(schema.image).toEqual({ minWidth: 48, minHeight: 48 });
    expect(schema.splits.required).toEqual(['train', 'eval', 'test']);
    const { min, max } = schema.properties.brightness!;
    expect(min).toBeLessThanOrEqual(statistics.splits.train!.numeric.brightness.quantiles[1]!);
    expect(max).toBeGreaterThanOrEqual(statistics.splits.train!.numeric.brightness.quantiles[9]!);
  });

  it('gives categories a domain and identifiers none, and requires only what every photo has', async () => {
    using folder = temporaryFolder();
    const { schema } = await schemaOf(folder.path);
    expect(schema.attributes.camera).toEqual({ required: true, domain: ['dslr', 'phone'] });
    expect(schema.attributes.leaf).toEqual({ required: true, domain: null });
    expect(schema.attributes.farm).toEqual({ required: false, domain: ['north'] });
  });
});

describe('a curated schema', () => {
  it('is used as edited', async () => {
    using folder = temporaryFolder();
    const first = await schemaOf(folder.path);
    const edited: DataSchema = { ...first.schema, image: { minWidth: 128, minHeight: 128 } };
    const from = join(folder.path, 'curated.json');
    writeFileSync(from, JSON.stringify(edited));
    const { schema, result } = await schemaOf(folder.path, { from });
    expect(schema).toEqual(edited);
    expect(result.properties?.schema).toMatchObject({ curated: true });
  });

  it('changes the cache key when its file changes', async () => {
    using folder = temporaryFolder();
    const from = join(folder.path, 'curated.json');
    const parameters = schemaGenSpec.parameters.parse({ from });
    writeFileSync(from, '{}');
    const before = await fingerprint(parameters);
    writeFileSync(from, '{ }');
    expect(await fingerprint(parameters)).not.toBe(before);
  });

  it.each([
    ['not JSON', '{', 'not JSON'],
    ['a field of the wrong kind', { formats: ['heic'] }, 'formats'],
    ['a field that does not exist', { fromats: ['jpeg'] }, 'fromats'],
    [
      'a required label outside the domain',
      { labels: { domain: ['a', 'b'], required: ['c'], maxImbalance: 2 } },
      '"c"',
    ],
    ['a range upside down', { properties: { contrast: { min: 1, max: 0, maxOutside: 0 } } }, 'min is above max'],
  ])('says what is wrong with %s', async (_, change, reason) => {
    using folder = temporaryFolder();
    const { path } = await schemaOf(folder.path);
    const schema = JSON.parse(readFileSync(path, 'utf8'));
    const from = join(folder.path, 'curated.json');
    writeFileSync(from, typeof change === 'string' ? change : JSON.stringify({ ...schema, ...change }));
    await expect(schemaOf(folder.path, { from })).rejects.toMatchObject({
      code: 'SCHEMA_UNREADABLE',
      message: expect.stringContaining(reason),
    });
  });

  it('fails when its file is missing', async () => {
    using folder = temporaryFolder();
    await expect(schemaOf(folder.path, { from: join(folder.path, 'no.json') })).rejects.toMatchObject({
      code: 'SCHEMA_UNREADABLE',
    });
  });
});
