import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSample } from '../../src/vision/sample/write-sample.ts';
import { mitate } from '../command.ts';
import type { BenchContext, BenchOptions } from '../figure.ts';
import type { LoadPlan } from '../load/plan.ts';
import { BenchServer } from './server.ts';

export const endpoint = 'leaf-health';
/** As many at once keep every process busy: two in each, and some to replace them. */
export const saturatingClients = 16;
const mostPhotos = 400;

/** What every subject works with: a workspace with two versions of a model, a key, and photos. */
export interface Setting {
  options: BenchOptions;
  log(text: string): void;
  /** 256-px JPEG files. */
  photos: string[];
  aboutPhotos: string;
  key: string;
  modelUri: string;
  processes: number;
  /** `seconds` or a count, shortened by `--scale`, at least `least`. */
  scaled(amount: number, least?: number): number;
  /** A server on a copy of the workspace of its own. */
  serve(): Promise<BenchServer>;
  /** A copy of the workspace. */
  copy(): Promise<string>;
  /** What a load on the server is sent: photos for predictions, with the key. */
  predictions(server: { url: string }): Pick<LoadPlan, 'url' | 'path' | 'headers' | 'photos'>;
}

export async function prepareSetting({ data, scratch, log, options }: BenchContext): Promise<Setting> {
  const folder = options.workspace ?? join(scratch, 'prepared');
  const photos = await findPhotos(data, join(folder, 'leaves'));
  const workspace = join(folder, 'workspace');
  if (!existsSync(join(folder, 'key'))) await makeWorkspace({ folder, workspace, data, options, log });
  const { key, modelUri } = JSON.parse(await readFile(join(folder, 'key'), 'utf8'));
  let copies = 0;
  const copy = async () => {
    const path = join(scratch, `workspace-${copies++}`);
    await cp(workspace, path, { recursive: true });
    return path;
  };
  return {
    options,
    log,
    photos,
    aboutPhotos: data ? 'PlantVillage photos' : 'drawn leaves',
    key,
    modelUri,
    processes: availableParallelism(),
    scaled: (amount, least = 1) => Math.max(least, Math.round(amount * options.scale)),
    copy,
    serve: async () => BenchServer.start({ ...options, workspace: await copy() }),
    predictions: ({ url }) => ({
      url,
      path: `/api/v1/endpoints/${endpoint}:predict`,
      headers: { Authorization: `Bearer ${key}` },
      photos,
    }),
  };
}

async function findPhotos(data: string | null, drawn: string): Promise<string[]> {
  const folder = data ? join(data, 'plantvillage') : drawn;
  if (!data && !existsSync(drawn)) await writeSample(drawn, { photos: mostPhotos, seed: 1, size: 256 });
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.jpg')).sort();
  const step = Math.max(1, Math.floor(names.length / mostPhotos));
  return names
    .filter((_, i) => i % step === 0)
    .slice(0, mostPhotos)
    .map((name) => join(folder, name));
}

interface Making {
  folder: string;
  workspace: string;
  data: string | null;
  options: BenchOptions;
  log(text: string): void;
}

async function makeWorkspace({ folder, workspace, data, options, log }: Making): Promise<void> {
  await mkdir(folder, { recursive: true });
  const images = data ? join(data, 'plantvillage') : join(folder, 'leaves');
  const pipeline = fileURLToPath(new URL('./leaf.pipeline.ts', import.meta.url));
  let modelUri = '';
  for (const seed of ['1', '2']) {
    const args = ['run', pipeline, '--param', `images=${images}`, '--seed', seed, '--workspace', workspace];
    const { json, seconds } = await mitate(args);
    const { steps } = json as { steps: { name: string; artifacts: Record<string, { uri: string }> }[] };
    modelUri ||= steps.find(({ name }) => name === 'trainer')?.artifacts.model?.uri as string;
    log(`version ${seed} of the model in ${seconds.toFixed(0)} s`);
  }
  await using server = await BenchServer.start({ ...options, profile: null, workspace });
  await writeFile(join(folder, 'key'), JSON.stringify({ key: server.firstKey, modelUri }));
}
