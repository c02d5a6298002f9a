import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
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

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache/mitate-models');
/** What a model's bytes depend on. */
const sources = [
  'artifacts',
  'backbones',
  'codecs',
  'contracts',
  'inference',
  'math',
  'onnx',
  'pipeline',
  'sources',
  'vision',
];
const trained = 2;

/**
 * Copies of model folders as the Trainer writes them, lightly trained on drawn leaves of 4 labels: "unwell?", with heat maps and a drift
 * reference. Each answers a little differently. Trained once, and again when the code that makes them changes.
 * The photos are beside them, in `examples`.
 * @param count 1 or 2
 */
export async function trainedModels(folder: string, count: number, photos = 80, task = wellOrNot): Promise<string[]> {
  const made = join(cache, digestOf(photos, task));
  await once(made, (staged) => train(staged, photos, task));
  cpSync(join(made, 'examples'), join(folder, 'examples'), { recursive: true });
  return Array.from({ length: count }, (_, i) => {
    const uri = join(folder, `model-${i}`);
    cpSync(join(made, `model-${i}`), uri, { recursive: true });
    return uri;
  });
}

async function train(folder: string, photos: number, task: Task): Promise<void> {
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
  for (let i = 0; i < trained; i++) {
    const parameters = { head: { hidden: 16, epochs: 8 + i, minSteps: 0 }, task };
    const { outputs } = await runComponent(trainerSpec, runTrainer, join(folder, `trained-${i}`), {
      inputs,
      parameters,
    });
    cpSync(outputs.model!, join(folder, `model-${i}`), { recursive: true });
  }
}

function digestOf(...asked: unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(asked));
  for (const source of sources)
    for (const name of readdirSync(join(root, 'src', source), { recursive: true, encoding: 'utf8' }).sort())
      if (name.endsWith('.ts') && !name.endsWith('.test.ts'))
        hash.update(name).update(readFileSync(join(root, 'src', source, name)));
  return hash.digest('hex').slice(0, 16);
}

const staleMs = 300_000;

/** Made by one process while others wait; appears whole. */
async function once(folder: string, make: (staged: string) => Promise<void>): Promise<void> {
  const lock = `${folder}.making`;
  while (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    try {
      mkdirSync(lock);
    } catch {
      if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0) > staleMs)
        rmSync(lock, { recursive: true, force: true });
      await sleep(100);
      continue;
    }
    await make(lock);
    renameSync(lock, folder);
  }
}
