import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../files/write-whole.ts';
import { readJsonl } from './manifest-rows.ts';

/** At the top of a folder of photos: their attributes, one line each, `{"file": "rust/1.jpg", "severity": "3"}`. */
export const attributesFile = 'mitate-attributes.jsonl';

type Attributes = Readonly<Record<string, string>>;

/** By path below the folder. No file = no attributes. @throws MANIFEST_INVALID */
export async function readPhotoAttributes(folder: string): Promise<Map<string, Attributes>> {
  const found = new Map<string, Attributes>();
  const path = join(folder, attributesFile);
  if (!existsSync(path)) return found;
  for await (const { cells } of readJsonl(path)) {
    const { file, ...attributes } = cells;
    if (file !== undefined) found.set(file.normalize('NFC'), attributes);
  }
  return found;
}

/** Photos without attributes have no line; without any there is no file. */
export async function writePhotoAttributes(
  folder: string,
  photos: Iterable<readonly [file: string, attributes: Attributes]>,
): Promise<void> {
  const lines = [...photos].map(([file, attributes]) => `${JSON.stringify({ file, ...attributes })}\n`);
  if (lines.length > 0) await writeWhole(join(folder, attributesFile), lines);
}

/** Of photos that were erased. */
export async function removePhotoAttributes(folder: string, files: readonly string[]): Promise<void> {
  const known = await readPhotoAttributes(folder);
  if (!files.some((file) => known.delete(file.normalize('NFC')))) return;
  for (const file of files) known.delete(file.normalize('NFC'));
  const lines = [...known].map(([file, attributes]) => `${JSON.stringify({ file, ...attributes })}\n`);
  await writeWhole(join(folder, attributesFile), lines);
}
