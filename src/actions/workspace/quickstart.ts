import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readImages } from '../../artifacts/examples/read-examples.ts';
import type { Config } from '../../config/index.ts';
import { packageRoot } from '../../config/package-root.ts';
import type { Listener } from '../../orchestrator/events.ts';
import type { RunSummary } from '../../orchestrator/summary.ts';
import { writeSample } from '../../vision/sample/write-sample.ts';
import { type Explained, explainPhoto } from '../models/explain.ts';
import { runFile } from '../runs/run.ts';
import { defaultSamplePhotos } from './data.ts';

export interface Quickstart {
  run: RunSummary;
  /** Folder of the photos that were used. */
  images: string;
  /** The predicted photo, its true label, and the prediction; null when no model was registered. */
  diagnosis: { photo: string; label: string; explained: Explained } | null;
}

/** Trains and registers a model with the leaf pipeline, and classifies one photo. Without `images`, leaves are drawn. */
export async function quickstart(
  config: Config,
  request: { images?: string; signal: AbortSignal; onEvent: Listener; onDraw: (done: number, total: number) => void },
): Promise<Quickstart> {
  const folder = join(config.workspace, 'quickstart');
  await mkdir(folder, { recursive: true });
  const images = request.images === undefined ? await drawnLeaves(folder, request) : resolve(request.images);
  // beside its photos, for the user to read; Node strips no types under node_modules, where an installed Mitate is
  const file = join(folder, 'pipeline.ts');
  await writeFile(file, await readFile(join(packageRoot, 'examples', 'leaf', 'pipeline.ts')));
  const run = await runFile({
    config,
    file,
    // drawn leaves are there for a first look, which takes a minute
    parameters: { images, ...(request.images === undefined && { views: 'plain' }) },
    signal: request.signal,
    onEvent: request.onEvent,
  });
  if (run.state !== 'succeeded') return { run, images, diagnosis: null };
  return { run, images, diagnosis: await diagnose(config, run, folder, request.signal) };
}

async function drawnLeaves(
  folder: string,
  { onDraw, signal }: { onDraw: (done: number, total: number) => void; signal: AbortSignal },
): Promise<string> {
  const leaves = join(folder, 'leaves');
  if (existsSync(leaves)) return leaves;
  onDraw(0, defaultSamplePhotos);
  await rm(`${leaves}.new`, { recursive: true, force: true });
  await writeSample(`${leaves}.new`, { photos: defaultSamplePhotos, seed: 20, signal, progress: onDraw });
  await rename(`${leaves}.new`, leaves);
  return leaves;
}

/** The first test photo of an unwell leaf (any test photo if all are healthy), which the model was not trained on. */
async function diagnose(config: Config, run: RunSummary, folder: string, signal: AbortSignal) {
  const artifacts = run.steps.flatMap((step) => Object.entries(step.artifacts));
  const uri = (wanted: string) => artifacts.find(([key]) => key === wanted)?.[1].uri;
  const [examples, model] = [uri('examples'), uri('model')];
  if (!examples || !model) return null;
  let chosen: { label: string; image: Uint8Array; format: string } | null = null;
  for await (const { example, image } of readImages(examples, 'test')) {
    const ill = !/healthy/i.test(example.label);
    if (chosen && !ill) continue;
    chosen = { label: example.label, image, format: example.format };
    if (ill) break;
  }
  if (!chosen) return null;
  const photo = join(folder, `photo.${chosen.format === 'jpeg' ? 'jpg' : chosen.format}`);
  await writeFile(photo, chosen.image);
  const output = join(folder, 'heat.png');
  return { photo, label: chosen.label, explained: await explainPhoto(config, { file: photo, model, output, signal }) };
}
