import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../codecs/digest.ts';
import { bytesFeature, encodeTfExample, type Features, intFeature, textFeature } from '../../codecs/tf-example.ts';
import {
  type Example,
  type ExamplesSummary,
  type Rejected,
  type Split,
  splits,
} from '../../contracts/artifacts/example.ts';
import { indexFile, rejectedFile, shardName, splitFolder, summaryFile } from './files.ts';
import { writeTfrecord } from './tfrecord/writer.ts';

const shardBytes = 64 * 2 ** 20;

/** The `image/*` keys of TensorFlow's own image data sets; `image/group` and `image/attribute/*` are ours. */
export function toTfExample(example: Example, image: Uint8Array, labels: readonly string[]): Uint8Array {
  const features: Features = new Map([
    ['image/encoded', bytesFeature(image)],
    ['image/format', textFeature(example.format)],
    ['image/height', intFeature(example.properties.height)],
    ['image/width', intFeature(example.properties.width)],
    ['image/class/label', intFeature(labels.indexOf(example.label))],
    ['image/class/text', textFeature(example.label)],
    ['image/filename', textFeature(example.filename)],
    ['image/key/sha256', textFeature(example.sha256)],
    ['image/group', textFeature(example.group)],
  ]);
  for (const [name, value] of Object.entries(example.attributes)) {
    features.set(`image/attribute/${name}`, textFeature(value));
  }
  return encodeTfExample(features);
}

/** Photos in each shard, of photos of these bytes: at least one shard; the photos of each add up to about `shardBytes`. */
export function shardSizes(sizesBytes: readonly number[]): number[] {
  const shards = [0];
  let size = 0;
  for (const bytes of sizesBytes) {
    if (size > 0 && size + bytes > shardBytes) {
      shards.push(0);
      size = 0;
    }
    shards[shards.length - 1]!++;
    size += bytes;
  }
  return shards;
}

function planShards(examples: Example[]): Example[][] {
  let end = 0;
  return shardSizes(examples.map(({ sizeBytes }) => sizeBytes)).map((photos) => {
    end += photos;
    return examples.slice(end - photos, end);
  });
}

export interface ExamplesToWrite {
  summary: ExamplesSummary;
  /** Sorted by split, then sha256. */
  examples: Example[];
  rejected: Rejected[];
  /** The photo's bytes, read again, since they do not all fit into memory. */
  readImage: (example: Example) => Promise<Uint8Array>;
  onWritten?: (examples: number) => void;
}

async function writeLines(path: string, lines: Iterable<unknown>): Promise<void> {
  await using file = await open(path, 'w');
  let block = '';
  for (const line of lines) {
    block += `${canonicalJson(line)}\n`;
    if (block.length > 1 << 20) {
      await file.write(block);
      block = '';
    }
  }
  await file.write(block);
}

async function writeSplit(uri: string, split: Split, content: ExamplesToWrite): Promise<void> {
  const examples = content.examples.filter((example) => example.split === split);
  const shards = planShards(examples);
  const folder = splitFolder(uri, split);
  await mkdir(folder, { recursive: true });
  for (const [i, shard] of shards.entries()) {
    const records = async function* () {
      for (const example of shard) {
        yield toTfExample(example, await content.readImage(example), content.summary.labels);
        content.onWritten?.(1);
      }
    };
    await writeTfrecord(join(folder, shardName(i, shards.length)), records());
  }
}

/** Writes the files of an Examples artifact into the folder `uri`; the same content gives the same bytes. */
export async function writeExamples(uri: string, content: ExamplesToWrite): Promise<void> {
  await mkdir(uri, { recursive: true });
  for (const split of splits) {
    if (content.examples.some((example) => example.split === split)) await writeSplit(uri, split, content);
  }
  await writeLines(indexFile(uri), content.examples);
  await writeLines(rejectedFile(uri), content.rejected);
  const summary = JSON.parse(canonicalJson(withoutEmptyNotes(content.summary)));
  await writeFile(summaryFile(uri), `${JSON.stringify(summary, null, 2)}\n`);
}

/** Notes that say nothing are left out: the bytes are those of version 0.1, so that an upgrade alone retrains nothing. */
function withoutEmptyNotes({ passedOver, splitFolders, emptyLabels, alikeConflicts, ...summary }: ExamplesSummary) {
  return {
    ...summary,
    ...(passedOver.count > 0 && { passedOver }),
    ...(splitFolders.length > 0 && { splitFolders }),
    ...(emptyLabels.length > 0 && { emptyLabels }),
    ...(alikeConflicts.length > 0 && { alikeConflicts }),
  };
}
