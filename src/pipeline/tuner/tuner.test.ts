import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { embeddingsFile } from '../../artifacts/transform-graph/files.ts';
import { hyperparametersSchema } from '../../contracts/artifacts/head-config.ts';
import { run as runTrainer } from '../trainer/run.ts';
import { trainerSpec } from '../trainer/spec.ts';
import { run as runTransform } from '../transform/run.ts';
import { transformSpec } from '../transform/spec.ts';
import { run } from './run.ts';
import { tunerSpec } from './spec.ts';

const folder = temporaryFolder();
const examples = artifactAt('Examples', join(folder.path, 'examples'));
let inputs: { examples: typeof examples; transformGraph: typeof examples };

beforeAll(async () => {
  await writePhotoExamples(examples.uri, await drawnPhotos(160));
  const ran = await runComponent(transformSpec, runTransform, folder.path, { inputs: { examples } });
  inputs = { examples, transformGraph: artifactAt('TransformGraph', ran.outputs.transformGraph!) };
  return () => folder[Symbol.dispose]();
});

const read = (uri: string, name: string) => JSON.parse(readFileSync(join(uri, name), 'utf8'));

describe('Tuner on drawn leaves', () => {
  it('beats a default that hardly learns, reports by how much, and the Trainer uses the result', async () => {
    const parameters = {
      head: { kind: 'logistic', learningRate: 1e-6, epochs: 9, minSteps: 0 } as const,
      space: { hidden: [32], kind: ['mlp' as const] },
      trials: 8,
    };
    const { outputs, result } = await runComponent(tunerSpec, run, folder.path, { inputs, parameters });
    const found = hyperparametersSchema.parse(read(outputs.bestHyperparameters!, 'hyperparameters.json'));
    expect(found.beatDefault).toBe(true);
    expect(found.evalNll).toBeLessThan(found.defaultEvalNll);
    expect(result.summary).toMatch(/trial \d of 8 beats the default: eval NLL/);
    const trials = readFileSync(join(outputs.tunerResults!, 'trials.jsonl'), 'utf8').trim().split('\n');
    expect(trials).toHaveLength(9 + 4);
    expect(read(outputs.tunerResults!, 'summary.json')).toMatchObject({ trials: 9, rungs: 2, beatDefault: true });

    const bestHyperparameters = artifactAt('HyperParameters', outputs.bestHyperparameters!);
    const trained = await runComponent(trainerSpec, runTrainer, folder.path, {
      inputs: { ...inputs, bestHyperparameters },
      parameters: { head: { epochs: 2 } },
    });
    expect(read(trained.outputs.modelRun!, 'config.json')).toMatchObject({
      learningRate: found.config.learningRate,
      hidden: 32,
      epochs: 2,
    });
  });

  it('keeps and reports the default when nothing in the space is better', async () => {
    const parameters = {
      head: { hidden: 32, epochs: 9, minSteps: 0 },
      space: { kind: ['logistic' as const], learningRate: [1e-7, 2e-7] as [number, number] },
      trials: 2,
    };
    const { outputs, result } = await runComponent(tunerSpec, run, folder.path, { inputs, parameters });
    const found = hyperparametersSchema.parse(read(outputs.bestHyperparameters!, 'hyperparameters.json'));
    expect(found).toMatchObject({ beatDefault: false, config: { hidden: 32, kind: 'mlp' } });
    expect(result.summary).toContain('the default is kept');
  });

  it('starts no trial over its time budget, uses the best so far, and says what each trial cost', async () => {
    // a second passes whenever somebody looks at the clock
    let ms = 0;
    const now = () => {
      ms += 1_000;
      return new Date(ms);
    };
    const head = { kind: 'logistic', learningRate: 1e-6, epochs: 9, minSteps: 0, members: 1 } as const;
    const space = { kind: ['mlp' as const], hidden: [32], members: [1] };
    const parameters = { head, space, trials: 8, budget: '12s' };
    const { outputs, result } = await runComponent(tunerSpec, run, folder.path, { inputs, parameters, now });
    const trials = readFileSync(join(outputs.tunerResults!, 'trials.jsonl'), 'utf8').trim().split('\n');
    const rows = trials.map((line) => JSON.parse(line));
    expect(rows.length).toBeLessThan(9);
    expect(rows.map(({ trial }) => trial)).toContain(0);
    expect(rows.every(({ seconds }) => seconds === 1)).toBe(true);
    const summary = read(outputs.tunerResults!, 'summary.json');
    expect(summary).toMatchObject({ budget: '12s', trialsRun: rows.length, rungs: 1, beatDefault: true });
    expect(summary.trialsNotStarted).toBeGreaterThan(0);
    expect(result.summary).toMatch(
      /beats the default.*trainings in .* s, the longest 1\.0 s; \d+ not started: over the/,
    );
    expect(result.properties?.tunerResults).toMatchObject({ trials_run: rows.length });
  });

  it('chooses loss, members, views and embeddings; the Trainer takes them, and refuses other embeddings', async () => {
    const blind = join(folder.path, 'blind');
    cpSync(inputs.transformGraph.uri, blind, { recursive: true });
    for (const split of ['train', 'eval', 'test'] as const) {
      const file = embeddingsFile(blind, split);
      writeFileSync(file, new Uint8Array(readFileSync(file).length));
    }
    const about = read(blind, 'transform.json');
    writeFileSync(join(blind, 'transform.json'), JSON.stringify({ ...about, transformDigest: 'f'.repeat(64) }));
    const all = {
      ...inputs,
      transformGraph: artifactAt('TransformGraph', blind),
      transformGraph2: inputs.transformGraph,
    };
    const parameters = {
      head: { hidden: 16, epochs: 6, minSteps: 0 },
      space: { loss: ['focal' as const], members: [3], trainViews: ['plain' as const], testViews: ['all' as const] },
      trials: 6,
    };
    const { outputs, result } = await runComponent(tunerSpec, run, folder.path, { inputs: all, parameters });
    const found = hyperparametersSchema.parse(read(outputs.bestHyperparameters!, 'hyperparameters.json'));
    expect(found).toMatchObject({
      beatDefault: true,
      config: { loss: 'focal', members: 3, trainViews: 'plain' },
      testViews: ['plain'],
      transformDigest: read(inputs.transformGraph.uri, 'transform.json').transformDigest,
    });
    expect(result.absent).toBeUndefined();
    const chosen = artifactAt('TransformGraph', outputs.transformGraph!);
    const bestHyperparameters = artifactAt('HyperParameters', outputs.bestHyperparameters!);
    const train = (transformGraph: typeof chosen) =>
      runComponent(trainerSpec, runTrainer, folder.path, {
        inputs: { examples, transformGraph, bestHyperparameters },
        parameters: { head: { epochs: 2 } },
      });
    expect(read((await train(chosen)).outputs.modelRun!, 'config.json')).toMatchObject({ loss: 'focal', members: 3 });
    await expect(train(all.transformGraph)).rejects.toMatchObject({ code: 'TRAINING_OTHER_TRANSFORM' });
  });
});
