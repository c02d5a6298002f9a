import { writeExamples } from '../../src/artifacts/examples/write-examples.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import {
  type Example,
  type ExamplesSummary,
  type Rejected,
  type Split,
  splits,
} from '../../src/contracts/artifacts/example.ts';
import { inspectImage } from '../../src/vision/inspect.ts';

export interface Photo {
  label: string;
  split: Split;
  bytes: Uint8Array;
  filename: string;
  /** Default: alone. */
  group?: string;
  attributes?: Record<string, string>;
}

/** The line of a photo, measured for real. */
export async function exampleOf(photo: Photo): Promise<Example> {
  const { format, properties, phash, border } = await inspectImage(photo.bytes);
  const identity = sha256(photo.bytes);
  return {
    sha256: identity,
    label: photo.label,
    split: photo.split,
    group: photo.group ?? identity,
    attributes: photo.attributes ?? {},
    filename: photo.filename,
    format,
    sizeBytes: photo.bytes.length,
    span: 0,
    version: 0,
    phash,
    properties,
    border,
  };
}

function summaryOf(examples: Example[], rejected: Rejected[]): ExamplesSummary {
  const labels = [...new Set(examples.map((example) => example.label))].sort();
  const count = (label: string, split: Split) => examples.filter((e) => e.label === label && e.split === split).length;
  return {
    span: 0,
    version: 0,
    labels,
    counts: Object.fromEntries(
      labels.map((label) => [label, Object.fromEntries(splits.map((split) => [split, count(label, split)]))]),
    ) as ExamplesSummary['counts'],
    groupBy: 'none',
    rejected: rejected.length,
    duplicates: [],
    conflicts: [],
    alikeConflicts: [],
    passedOver: { count: 0, first: [] },
    splitFolders: [],
    emptyLabels: [],
    mergedGroups: [],
    movedGroups: [],
    leftOutForTest: [],
    leftOutForGolden: [],
    relabelled: [],
  };
}

/**
 * An Examples artifact with exactly these photos in exactly these splits: also such as ExampleGen would never make, for the stages that
 * must find them out.
 */
export async function writePhotoExamples(
  uri: string,
  photos: Photo[],
  changes: { summary?: Partial<ExamplesSummary>; rejected?: Rejected[] } = {},
): Promise<Example[]> {
  const bytes = new Map(photos.map((photo) => [sha256(photo.bytes), photo.bytes]));
  const examples = await Promise.all(photos.map(exampleOf));
  const order = (example: Example) => `${splits.indexOf(example.split)}${example.sha256}`;
  examples.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  await writeExamples(uri, {
    summary: { ...summaryOf(examples, changes.rejected ?? []), ...changes.summary },
    examples,
    rejected: changes.rejected ?? [],
    readImage: async (example) => bytes.get(example.sha256)!,
  });
  return examples;
}
