import { recordFrom } from '../../codecs/record-from.ts';
import {
  type Example,
  type ExamplesSummary,
  type Rejected,
  type Split,
  splits,
} from '../../contracts/artifacts/example.ts';
import type { GoldenPhoto } from '../../contracts/loop/golden.ts';
import { MitateError } from '../../errors/index.ts';
import { countByKey, groupByKey } from '../../math/stats/group-by-key.ts';
import { alikeConflicts } from '../../sources/near-duplicates/alike-conflicts.ts';
import type { Photo } from '../../sources/scan/scan.ts';
import { byCodeUnit } from '../../sources/source-path.ts';
import { leaveOutGolden } from './leave-out-golden.ts';
import { type MergedPhotos, mergePhotos } from './merge-photos.ts';
import { type Found, notesOf } from './read-places.ts';
import type { Place } from './resolve-sources.ts';
import type { ExampleGenParameters } from './spec.ts';
import { assignSplits, precedence } from './split/assign-splits.ts';
import { groupedLike, groupIds } from './split/make-groups.ts';
import { type PreviousSplits, previousSplits } from './split/previous-splits.ts';

export interface MakeTools {
  parameters: ExampleGenParameters;
  places: readonly [Place, ...Place[]];
  previous: { summary: ExamplesSummary; examples: Example[] } | null;
  /** Never trained on. */
  golden: readonly GoldenPhoto[];
  cacheDir: string;
  signal: AbortSignal;
}

export interface MadeExamples {
  summary: ExamplesSummary;
  /** Sorted by split, then sha256. */
  examples: Example[];
  rejected: Rejected[];
  /** sha256 -> where the photo can be read again. */
  paths: Map<string, string>;
}

type Grouped = Photo & { group: string };

/** Assigns groups, splits and spans to the photos of a source and, if there is one, of its test source. */
export async function makeExamples(training: Found, test: Found | null, tools: MakeTools): Promise<MadeExamples> {
  const { parameters } = tools;
  // without a train split, all of the source goes to the one that is wanted
  const given: Photo[] =
    parameters.splits.train > 0 ? training.photos : training.photos.map(({ split: _, ...photo }) => photo);
  const all = [...(test?.photos ?? []).map((photo): Photo => ({ ...photo, split: 'test' })), ...given];
  // of equal photos in several splits the one that measures the model stays
  const merged = mergePhotos(precedence.flatMap((split) => all.filter((photo) => (photo.split ?? 'train') === split)));
  const tested = new Set(all.filter(({ split }) => split === 'test').map(({ sha256 }) => sha256));
  requireLabels([parameters.source].flat().join(', '), all.length, merged);

  const previous = previousSplits(tools.previous, groupedLike(parameters.groupBy));
  const groups = await groupIds(merged.photos, parameters.groupBy, previous, tools);
  const grouped = merged.photos.map((photo, i): Grouped => ({ ...photo, group: groups[i] ?? photo.sha256 }));
  const { kept, leftOut } = leaveOutForTest(
    grouped,
    tested,
    training.photos.filter(({ split }) => split !== 'test'),
  );
  const ratios = tested.size > 0 ? { ...parameters.splits, test: 0 } : parameters.splits;
  const golden = ratios.train + ratios.eval > 0 ? tools.golden : [];
  const toSplit = await leaveOutGolden(
    kept.filter(({ sha256 }) => !tested.has(sha256)),
    golden,
    tools,
  );
  const photos = [...kept.filter(({ sha256 }) => tested.has(sha256)), ...toSplit.kept];
  if (tested.size > 0) requireSameLabels(photos, tested);
  const splitting = assignSplits(toSplit.kept, previous, ratios, parameters.splitSalt);

  const splitOf = ({ sha256, group }: Grouped): Split => (tested.has(sha256) ? 'test' : splitting.chosen.get(group)!);
  const number = spanNumber(tools, photos);
  const examples = photos
    .map((photo) => toExample(photo, splitOf(photo), number, previous))
    .sort((a, b) => splits.indexOf(a.split) - splits.indexOf(b.split) || byCodeUnit(a.sha256, b.sha256));
  const rejected = [...training.rejected, ...(test?.rejected ?? [])];
  const labels = [...new Set(examples.map(({ label }) => label))].sort(byCodeUnit);
  return {
    summary: {
      span: number,
      version: tools.places.at(-1)!.version,
      labels,
      counts: countsOf(examples),
      ...groupedLike(parameters.groupBy),
      rejected: rejected.length,
      duplicates: merged.duplicates,
      conflicts: merged.conflicts,
      ...notesOf(test ? [training, test] : [training]),
      emptyLabels: training.emptyLabels.filter((label) => !labels.includes(label)),
      alikeConflicts: await alikeConflicts(merged.photos, tools),
      mergedGroups: splitting.mergedGroups,
      movedGroups: splitting.movedGroups,
      leftOutForTest: leftOut,
      leftOutForGolden: toSplit.leftOut,
      relabelled: [...training.relabelled, ...(test?.relabelled ?? [])],
    },
    examples,
    rejected,
    paths: new Map(photos.map(({ sha256, path }) => [sha256, path])),
  };
}

/** @param all photos before equal ones were merged */
function requireLabels(source: string, all: number, { photos, conflicts }: MergedPhotos): void {
  const labels = [...new Set(photos.map(({ label }) => label))];
  const [label] = labels;
  if (labels.length > 1) return;
  if (conflicts.length > 0) throw conflictError(source, all, conflicts, labels);
  if (label === undefined) throw new MitateError('SOURCE_EMPTY', { source });
  const folders = [...new Set(photos.map(({ attributes }) => attributes.folder?.split('/')[0] ?? ''))].sort(byCodeUnit);
  const hint =
    folders.length > 1 ? `; did you mean its folder "${label}", with ${folders.filter(Boolean).join(', ')}?` : '';
  throw new MitateError('SOURCE_SINGLE_LABEL', { source, label, photos: photos.length, hint });
}

function conflictError(source: string, all: number, conflicts: MergedPhotos['conflicts'], left: string[]): MitateError {
  const counts = countByKey(conflicts, ({ labels }) => labels.map((label) => `"${label}"`).join(' and '));
  const [most, ...more] = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return new MitateError('SOURCE_LABELS_CONFLICT', {
    source,
    conflicts: conflicts.reduce((sum, { filenames }) => sum + filenames.length, 0),
    photos: all,
    labels: [most!, ...more]
      .slice(0, 5)
      .map(([labels, count]) => `${labels}: ${count}`)
      .join(', '),
    first: conflicts[0]!.filenames.join(', '),
    left: left[0] === undefined ? 'none' : `"${left[0]}"`,
  });
}

function requireSameLabels(photos: Photo[], tested: Set<string>): void {
  const labelsOf = (inTest: boolean) =>
    new Set(photos.filter(({ sha256 }) => tested.has(sha256) === inTest).map(({ label }) => label));
  const [training, test] = [labelsOf(false), labelsOf(true)];
  const lone = [...training, ...test].filter((label) => training.has(label) !== test.has(label)).sort(byCodeUnit)[0];
  if (lone === undefined) return;
  throw new MitateError('SPLIT_TEST_LABEL', { label: lone, place: test.has(lone) ? 'test' : 'training' });
}

/** Leaves out training photos that are also in the test source or share a group with one of its photos: nothing tested on is trained on. */
function leaveOutForTest(photos: Grouped[], tested: Set<string>, training: Photo[]) {
  const testGroups = new Set(photos.filter(({ sha256 }) => tested.has(sha256)).map(({ group }) => group));
  const leaves = (photo: Grouped) => !tested.has(photo.sha256) && testGroups.has(photo.group);
  const groupOf = new Map(photos.map(({ sha256, group }) => [sha256, group]));
  const leftOut = [
    ...training.filter(({ sha256 }) => tested.has(sha256) && groupOf.has(sha256)),
    ...photos.filter(leaves),
  ].map(({ sha256, filename }) => ({ sha256, filename, group: groupOf.get(sha256)! }));
  leftOut.sort((a, b) => byCodeUnit(a.filename, b.filename));
  return { kept: photos.filter((photo) => !leaves(photo)), leftOut };
}

/** The newest span of places that all have one; else that of the previous run, plus one if the photos changed. */
function spanNumber({ places, previous }: MakeTools, photos: Grouped[]): number {
  const spans = places.flatMap(({ span }) => span ?? []);
  if (spans.length === places.length) return Math.max(...spans);
  if (!previous) return 0;
  const known = new Set(previous.examples.map(({ sha256, label }) => `${sha256} ${label}`));
  const same = known.size === photos.length && photos.every(({ sha256, label }) => known.has(`${sha256} ${label}`));
  return previous.summary.span + (same ? 0 : 1);
}

/** Without a span in its path, a photo keeps the span in which it first occurred. */
function toExample(photo: Grouped, split: Split, number: number, previous: PreviousSplits): Example {
  const { sha256, label, group, attributes, filename, format, sizeBytes, phash, properties, border } = photo;
  const span = photo.span ?? previous.examples.get(sha256)?.span ?? number;
  return {
    ...{ sha256, label, split, group, attributes, filename, format, sizeBytes },
    ...{ span, version: photo.version ?? 0, phash, properties, border },
  };
}

function countsOf(examples: Example[]): ExamplesSummary['counts'] {
  const byLabel = [...groupByKey(examples, ({ label }) => label)].map(([label, members]) => {
    const counts = { train: 0, eval: 0, test: 0 };
    for (const { split } of members) counts[split]++;
    return [label, counts] as const;
  });
  return recordFrom(byLabel);
}
