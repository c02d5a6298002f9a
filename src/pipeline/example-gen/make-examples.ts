import { type Example, type ExamplesSummary, type Rejected, type Split, splits } from '../../contracts/example.ts';
import { MitateError } from '../../errors/index.ts';
import { mergePhotos } from './merge-photos.ts';
import type { Photo } from './scan.ts';
import { byCodeUnit } from './sources/source-path.ts';
import type { Span } from './span.ts';
import type { ExampleGenParameters } from './spec.ts';
import { assignSplits } from './split/assign-splits.ts';
import { groupedLike, groupIds } from './split/make-groups.ts';
import { type PreviousSplits, previousSplits } from './split/previous-splits.ts';

export interface Found {
  photos: Photo[];
  rejected: Rejected[];
}

export interface MakeTools {
  parameters: ExampleGenParameters;
  span: Span;
  previous: { summary: ExamplesSummary; examples: Example[] } | null;
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

/** Groups, splits and spans for the photos of a source and, if there is one, of its test source. */
export async function makeExamples(training: Found, test: Found | null, tools: MakeTools): Promise<MadeExamples> {
  const { parameters } = tools;
  const tested = new Set(test?.photos.map(({ sha256 }) => sha256));
  const merged = mergePhotos([...(test?.photos ?? []), ...training.photos]);
  requireLabels(parameters.source, merged.photos);

  const previous = previousSplits(tools.previous, groupedLike(parameters.groupBy));
  const groups = await groupIds(merged.photos, parameters.groupBy, previous, tools);
  const grouped = merged.photos.map((photo, i): Grouped => ({ ...photo, group: groups[i]! }));
  const { kept, leftOut } = leaveOutForTest(grouped, tested, test ? training.photos : []);
  if (test) requireSameLabels(kept, tested);
  const ratios = test ? { ...parameters.splits, test: 0 } : parameters.splits;
  const toSplit = kept.filter(({ sha256 }) => !tested.has(sha256));
  const splitting = assignSplits(toSplit, previous, ratios, parameters.splitSalt);

  const splitOf = ({ sha256, group }: Grouped): Split => (tested.has(sha256) ? 'test' : splitting.chosen.get(group)!);
  const number = spanNumber(tools, kept);
  const examples = kept
    .map((photo) => toExample(photo, splitOf(photo), number, tools, previous))
    .sort((a, b) => splits.indexOf(a.split) - splits.indexOf(b.split) || byCodeUnit(a.sha256, b.sha256));
  const rejected = [...training.rejected, ...(test?.rejected ?? [])];
  const labels = [...new Set(examples.map(({ label }) => label))].sort(byCodeUnit);
  return {
    summary: {
      span: number,
      version: tools.span.version,
      labels,
      counts: countsOf(examples, labels),
      ...groupedLike(parameters.groupBy),
      rejected: rejected.length,
      duplicates: merged.duplicates,
      conflicts: merged.conflicts,
      mergedGroups: splitting.mergedGroups,
      movedGroups: splitting.movedGroups,
      leftOutForTest: leftOut,
    },
    examples,
    rejected,
    paths: new Map(kept.map(({ sha256, path }) => [sha256, path])),
  };
}

function requireLabels(source: string, photos: Photo[]): void {
  if (photos.length === 0) throw new MitateError('SOURCE_EMPTY', { source });
  const label = photos[0]!.label;
  if (photos.some((photo) => photo.label !== label)) return;
  const folders = [...new Set(photos.map(({ attributes }) => attributes.folder?.split('/')[0] ?? ''))].sort(byCodeUnit);
  const hint =
    folders.length > 1 ? `; did you mean its folder "${label}", with ${folders.filter(Boolean).join(', ')}?` : '';
  throw new MitateError('SOURCE_SINGLE_LABEL', { source, label, photos: photos.length, hint });
}

function requireSameLabels(photos: Photo[], tested: Set<string>): void {
  const labelsOf = (inTest: boolean) =>
    new Set(photos.filter(({ sha256 }) => tested.has(sha256) === inTest).map(({ label }) => label));
  const [training, test] = [labelsOf(false), labelsOf(true)];
  const lone = [...training, ...test].filter((label) => training.has(label) !== test.has(label)).sort(byCodeUnit)[0];
  if (lone === undefined) return;
  throw new MitateError('SPLIT_TEST_LABEL', { label: lone, place: test.has(lone) ? 'test' : 'training' });
}

/** A training photo that is also in the test source, or in one group with a photo of it, is left out: nothing tested on is trained on. */
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

/** The path's own span; else one more than before when the photos are others. */
function spanNumber({ span, previous }: MakeTools, photos: Grouped[]): number {
  if (span.span !== null) return span.span;
  if (!previous) return 0;
  const known = new Set(previous.examples.map(({ sha256, label }) => `${sha256} ${label}`));
  const same = known.size === photos.length && photos.every(({ sha256, label }) => known.has(`${sha256} ${label}`));
  return previous.summary.span + (same ? 0 : 1);
}

/** Without a span in the path, an example keeps the span in which it was first seen. */
function toExample(
  photo: Grouped,
  split: Split,
  number: number,
  { span }: MakeTools,
  previous: PreviousSplits,
): Example {
  const { sha256, label, group, attributes, filename, format, sizeBytes, phash, properties, border } = photo;
  const firstSeen = span.span === null ? previous.examples.get(sha256)?.span : undefined;
  return {
    ...{ sha256, label, split, group, attributes, filename, format, sizeBytes },
    ...{ span: firstSeen ?? number, version: span.version, phash, properties, border },
  };
}

function countsOf(examples: Example[], labels: string[]): ExamplesSummary['counts'] {
  const counts = Object.fromEntries(labels.map((label) => [label, { train: 0, eval: 0, test: 0 }]));
  for (const { label, split } of examples) counts[label]![split]++;
  return counts;
}
