import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSample } from '../src/vision/sample/write-sample.ts';

const most = 1200;

/** JPEGs of 256 px: PlantVillage's, or drawn ones without it. */
export async function photoFiles(data: string | null, scratch: string): Promise<string[]> {
  const folder = data ? join(data, 'plantvillage') : join(scratch, 'leaves');
  if (!data) await writeSample(folder, { photos: most, seed: 1, size: 256 });
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .slice(0, most)
    .map((name) => join(folder, name));
}
