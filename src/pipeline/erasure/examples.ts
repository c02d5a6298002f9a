import { readImages, readIndex, readRejected, readSummary } from '../../artifacts/examples/read-examples.ts';
import { writeExamples } from '../../artifacts/examples/write-examples.ts';
import { sha256 } from '../../codecs/digest.ts';
import { type Example, type ExamplesSummary, type Split, splits } from '../../contracts/artifacts/example.ts';

/** Rewrites an Examples artifact without a photo: shards, index and summary, with one photo in memory at a time. */
export async function examplesWithoutPhoto(uri: string, output: string, photo: string): Promise<void> {
  const isKept = (example: Example) => example.sha256 !== photo;
  const all = await readIndex(uri);
  const kept = all.filter(isKept).map((example) => withoutGroupName(example, photo));
  const readers = splits.map((split) => [split, readImages(uri, split, isKept)] as const);
  const images = new Map<Split, AsyncGenerator<{ example: Example; image: Uint8Array }>>(readers);
  await writeExamples(output, {
    summary: summaryWithout(await readSummary(uri), photo, all),
    examples: kept,
    rejected: await readRejected(uri),
    // called in the order of the index, which is that of the shards
    readImage: async ({ split }) => (await images.get(split)!.next()).value.image,
  });
}

/** A group is named after one of its photos: if that is erased, the rest gets another common name. */
function withoutGroupName(example: Example, photo: string): Example {
  return example.group === photo ? { ...example, group: sha256(`without ${photo}`) } : example;
}

function summaryWithout(summary: ExamplesSummary, photo: string, all: readonly Example[]): ExamplesSummary {
  const counts = structuredClone(summary.counts);
  for (const { sha256: id, label, split } of all) {
    const ofLabel = counts[label];
    if (id === photo && ofLabel?.[split] !== undefined) ofLabel[split]--;
  }
  const others = <T extends { sha256: string }>(list: T[]) => list.filter((one) => one.sha256 !== photo);
  const groups = <T extends { group: string }>(list: T[]) => list.filter(({ group }) => group !== photo);
  return {
    ...summary,
    counts,
    duplicates: others(summary.duplicates),
    conflicts: others(summary.conflicts),
    alikeConflicts: summary.alikeConflicts
      .map((group) => ({ ...group, photos: others(group.photos) }))
      .filter(({ photos }) => photos.length > 1),
    mergedGroups: groups(summary.mergedGroups),
    movedGroups: groups(summary.movedGroups),
    leftOutForTest: groups(others(summary.leftOutForTest)),
    leftOutForGolden: groups(others(summary.leftOutForGolden)),
    relabelled: others(summary.relabelled),
  };
}
