import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { sha256 } from '../../codecs/digest.ts';
import { linesOf } from '../../codecs/lines-of.ts';
import { decodeTfExample, firstBytes } from '../../codecs/tf-example.ts';
import {
  type Example,
  type ExamplesSummary,
  exampleSchema,
  examplesSummarySchema,
  type Rejected,
  rejectedSchema,
  type Split,
} from '../../contracts/artifacts/example.ts';
import { MitateError } from '../../errors/index.ts';
import { readArtifactJson, readArtifactLines } from '../artifact-json.ts';
import { indexFile, rejectedFile, splitFolder, summaryFile } from './files.ts';
import { readTfrecord } from './tfrecord/reader.ts';

function corrupt(path: string, reason: string, cause?: unknown): MitateError {
  return new MitateError('EXAMPLES_CORRUPT', { path, reason }, { cause });
}

function parse<T extends z.ZodType>(schema: T, text: string, path: string): z.output<T> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw corrupt(path, (error as Error).message, error);
  }
}

/** `examples.json`. @throws FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export function readSummary(uri: string): Promise<ExamplesSummary> {
  return readArtifactJson(summaryFile(uri), examplesSummarySchema);
}

/** The files that did not become examples. @throws FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export function readRejected(uri: string): Promise<Rejected[]> {
  return readArtifactLines(rejectedFile(uri), rejectedSchema);
}

async function* parseLines<T extends z.ZodType>(path: string, schema: T): AsyncGenerator<z.output<T>> {
  let line = 0;
  try {
    for await (const text of linesOf(createReadStream(path, 'utf8'))) yield parse(schema, text, `${path}:${++line}`);
  } catch (error) {
    if (error instanceof MitateError) throw error;
    throw corrupt(path, (error as Error).message, error);
  }
}

/** The lines of `examples.jsonl`, of one split or all, in file order (train, eval, test; then sha256). @throws EXAMPLES_CORRUPT */
export async function readIndex(uri: string, split?: Split): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const example of parseLines(indexFile(uri), exampleSchema)) {
    if (split === undefined || example.split === split) examples.push(example);
  }
  return examples;
}

async function shards(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw corrupt(folder, error.message, error);
  });
  return names.filter((name) => name.startsWith('data_tfrecord-')).sort();
}

/** The serialized records of a split, in the order of its lines. @throws EXAMPLES_CORRUPT */
async function* readRecords(uri: string, split: Split): AsyncGenerator<Uint8Array> {
  const folder = splitFolder(uri, split);
  for (const name of await shards(folder)) {
    const path = join(folder, name);
    yield* readTfrecord(path, {
      corrupt: (record, offset, reason) => corrupt(path, `record ${record} at byte ${offset}: ${reason}`),
    });
  }
}

/**
 * The wanted photos of a split with their lines, one at a time, in the order of `examples.jsonl`; each photo's sha256 is checked, and reading stops
 * after the last wanted one. The caller may keep the image's bytes.
 * @throws EXAMPLES_CORRUPT
 */
export async function* readImages(
  uri: string,
  split: Split,
  wanted: (example: Example) => boolean = () => true,
): AsyncGenerator<{ example: Example; image: Uint8Array<ArrayBuffer> }> {
  const examples = await readIndex(uri, split);
  const isWanted = examples.map(wanted);
  const last = isWanted.lastIndexOf(true);
  const ends = last === examples.length - 1;
  let i = 0;
  for await (const record of last < 0 ? [] : readRecords(uri, split)) {
    const example = examples[i++];
    if (!example) throw corrupt(splitFolder(uri, split), `more than the ${examples.length} records of examples.jsonl`);
    if (!isWanted[i - 1]) continue;
    const image = firstBytes(decodeTfExample(record), 'image/encoded');
    if (!image || sha256(image) !== example.sha256)
      throw corrupt(splitFolder(uri, split), `record ${i} is not ${example.sha256}`);
    yield { example, image: Uint8Array.from(image) };
    if (i > last && !ends) return;
  }
  if (ends && i < examples.length)
    throw corrupt(splitFolder(uri, split), `${i} records, ${examples.length} in examples.jsonl`);
}
