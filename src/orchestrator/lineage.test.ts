import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitter, registrarOf } from '../../tests/support/lineage-components.ts';
import { readIndex } from '../artifacts/examples/read-examples.ts';
import { type OpenStore, openStore } from '../store/open-store.ts';
import { writeSample } from '../vision/sample/index.ts';
import { exampleGen, statisticsGen } from './components.ts';
import { definePipeline } from './define/define-pipeline.ts';
import { runPipeline } from './launcher/run-pipeline.ts';
import { lineageOf } from './lineage.ts';
import type { RunSummary } from './summary.ts';

const registrar = registrarOf('leaf');
const dir = mkdtempSync(join(tmpdir(), 'mitate-lineage-'));
const workspace = join(dir, 'workspace');
const photos = join(dir, 'photos');
const pipeline = definePipeline('leaf', {}, () => {
  const { examples } = exampleGen({ source: photos, groupBy: 'none' });
  statisticsGen({ examples });
  const { model } = fitter({ examples });
  registrar({ model });
});

let store: OpenStore;
const runs: RunSummary[] = [];
beforeAll(async () => {
  store = await openStore({ workspace });
  await writeSample(photos, { photos: 72, seed: 1, size: 64 });
  for (let i = 0; i < 2; i++) runs.push(await runPipeline(pipeline, { store, workspace, processes: 1 }));
  await writeSample(photos, { photos: 78, seed: 1, size: 64 });
  runs.push(await runPipeline(pipeline, { store, workspace, processes: 1 }));
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true, force: true });
});
const artifact = (run: number, step: string, key: string) =>
  runs[run]!.steps.find(({ name }) => name === step)!.artifacts[key]!;

describe('lineageOf', () => {
  it('walks from an artifact up to its sources and down to its descendants', async () => {
    expect(runs.map(({ error }) => error)).toEqual([null, null, null]);
    expect(runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    const { artifacts, runs: partOf } = await lineageOf(store, artifact(0, 'fitter', 'model').id);
    expect(artifacts.map(({ type, relation }) => `${type} ${relation}`)).toEqual([
      'Examples ancestor',
      'Model subject',
      'PushedModel descendant',
    ]);
    expect(partOf.map(({ id }) => id)).toEqual([runs[0]!.runId, runs[1]!.runId]);
    const byFolder = await lineageOf(store, artifact(0, 'fitter', 'model').uri);
    expect(byFolder.artifacts).toEqual(artifacts);
  });

  it('finds a model by name, version and alias, and stops at inputs with a history', async () => {
    const second = await lineageOf(store, 'leaf@2');
    expect(second.subject).toMatchObject({ kind: 'model', model: { version: 2 } });
    const history = second.edges.filter(({ isHistory }) => isHistory);
    expect(history).toEqual([
      expect.objectContaining({ key: 'previous', from: artifact(0, 'example-gen', 'examples').id }),
    ]);
    expect(second.models.map(({ version }) => version)).toEqual([2]);
    const champion = await lineageOf(store, 'leaf@champion');
    expect(champion.models.map(({ version }) => version)).toEqual([1]);
  });

  it('lists the models that were trained on a photo', async () => {
    const examples = await readIndex(artifact(0, 'example-gen', 'examples').uri);
    const trained = examples.find(({ split }) => split === 'train')!;
    const held = examples.find(({ split }) => split === 'test')!;
    const { subject, models } = await lineageOf(store, trained.sha256);
    expect(subject).toMatchObject({ kind: 'photo', places: [{ split: 'train', label: trained.label }, {}] });
    expect(models.map(({ version, trainedOn }) => [version, trainedOn]).sort()).toEqual([
      [1, true],
      [2, true],
    ]);
    expect((await lineageOf(store, join(photos, trained.filename))).subject).toEqual(subject);
    // over HTTP no file of the server is read, which could be a pipe or a disk
    const away = lineageOf(store, join(photos, trained.filename), null);
    await expect(away).rejects.toMatchObject({ code: 'LINEAGE_NOT_FOUND' });
    expect((await lineageOf(store, held.sha256)).models.every(({ trainedOn }) => trainedOn === false)).toBe(true);
  });

  it('throws for an unknown reference', async () => {
    await expect(lineageOf(store, 'nobody')).rejects.toMatchObject({ code: 'LINEAGE_NOT_FOUND' });
    await expect(lineageOf(store, 'f'.repeat(64))).rejects.toMatchObject({ code: 'LINEAGE_NOT_FOUND' });
  });
});
