import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
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
});
