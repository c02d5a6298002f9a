import { join } from 'node:path';
import type { Task } from '../../src/contracts/task.ts';
import { run as runTrainer } from '../../src/pipeline/trainer/run.ts';
import { trainerSpec } from '../../src/pipeline/trainer/spec.ts';
import { run as runTransform } from '../../src/pipeline/transform/run.ts';
import { transformSpec } from '../../src/pipeline/transform/spec.ts';
import { drawnPhotos } from './drawn-photos.ts';
import { writePhotoExamples } from './photo-examples.ts';
import { artifactAt, runComponent } from './run-component.ts';

const wellOrNot: Task = {
  kind: 'question',
  positive: 'unwell',
  negative: 'healthy',
  negativePattern: { source: 'healthy', flags: 'i' },
};

/**
 * Model folders as the Trainer writes them, lightly trained on drawn leaves of 4 labels: "unwell?", with heat maps and a drift reference.
 * Each answers a little otherwise.
 */
export async function trainedModels(folder: string, count: number, photos = 100, task = wellOrNot): Promise<string[]> {
  const examples = join(folder, 'examples');
  await writePhotoExamples(examples, await drawnPhotos(photos));
  const transformed = await runComponent(transformSpec, runTransform, join(folder, 'transform'), {
    inputs: { examples: artifactAt('Examples', examples) },
    parameters: { views: ['plain'] },
    processes: 2,
  });
  const inputs = {
    examples: artifactAt('Examples', examples),
    transformGraph: artifactAt('TransformGraph', transformed.outputs.transformGraph!),
  };
  const uris: string[] = [];
  for (let i = 0; i < count; i++) {
    const parameters = { head: { hidden: 16, epochs: 8 + i, minSteps: 0 }, task };
    const { outputs } = await runComponent(trainerSpec, runTrainer, join(folder, `model-${i}`), { inputs, parameters });
    uris.push(outputs.model!);
  }
  return uris;
}
