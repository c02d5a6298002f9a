import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../codecs/digest.ts';
import { safeFileName } from '../../codecs/safe-file-name.ts';
import { type Example, splits } from '../../contracts/artifacts/example.ts';
import { toExportedRow } from './exported-row.ts';
import { splitFolder } from './files.ts';
import { readImages, readIndex } from './read-examples.ts';

export type ExportFormat = 'folder' | 'tfrecord';

const extensions = { jpeg: 'jpg', png: 'png', webp: 'webp' } as const;

/** `healthy/3f2a...c1.jpg`: the first 16 digits of the photo's sha256, so that names do not collide. */
function exportedPath({ label, sha256, format }: Example): string {
  return `${safeFileName(label)}/${sha256.slice(0, 16)}.${extensions[format]}`;
}

async function exportFolder(uri: string, dir: string): Promise<number> {
  const lines: string[] = [];
  for (const split of splits) {
    for await (const { example, image } of readImages(uri, split)) {
      const path = exportedPath(example);
      await mkdir(join(dir, path, '..'), { recursive: true });
      await writeFile(join(dir, path), image);
      lines.push(canonicalJson(toExportedRow(example, path)));
    }
  }
  await writeFile(join(dir, 'manifest.jsonl'), lines.map((line) => `${line}\n`).join(''));
  return lines.length;
}

async function exportShards(uri: string, dir: string): Promise<number> {
  const examples = await readIndex(uri);
  for (const split of splits.filter((name) => examples.some((example) => example.split === name))) {
    await cp(splitFolder(uri, split), splitFolder(dir, split), { recursive: true });
  }
  return examples.length;
}

/**
 * Exports an Examples artifact for other tools: as a folder per label with a `manifest.jsonl` (a source for ExampleGen, with groups), or as its TFRecord
 * shards.
 * @returns the number of photos
 * @throws EXAMPLES_CORRUPT
 */
export async function exportExamples(uri: string, dir: string, { format }: { format: ExportFormat }): Promise<number> {
  await mkdir(dir, { recursive: true });
  return format === 'folder' ? exportFolder(uri, dir) : exportShards(uri, dir);
}
