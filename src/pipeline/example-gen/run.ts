import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readIndex, readSummary } from '../../artifacts/examples/read-examples.ts';
import { writeExamples } from '../../artifacts/examples/write-examples.ts';
import { sha256 } from '../../codecs/digest.ts';
import type { Properties } from '../../contracts/artifact.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import type { Logger } from '../../contracts/logger.ts';
import { MitateError } from '../../errors/index.ts';
import { absolutePlace } from '../../network/bucket/place.ts';
import { photoCache } from '../../sources/cache/photo-cache.ts';
import { StatCache } from '../../sources/cache/stat-cache.ts';
import { type Correction, readCorrections } from '../../sources/corrections.ts';
import type { Photo } from '../../sources/scan/scan.ts';
import { Spool } from '../../sources/scan/spool.ts';
import { correctLabels } from './correct-labels.ts';
import { type MadeExamples, makeExamples } from './make-examples.ts';
import { type Found, readPlaces } from './read-places.ts';
import type { ReadTools } from './read-source.ts';
import { type Place, resolveSources } from './resolve-sources.ts';
import type { exampleGenSpec } from './spec.ts';

export { fingerprint } from './fingerprint.ts';

type Context = ContextOf<typeof exampleGenSpec>;

/**
 * Photos of `source` (and `test`) as an Examples artifact.
 * @throws SOURCE_*, MANIFEST_*, URL_NOT_ALLOWED, SPAN_NOT_FOUND, SPLIT_*, GROUP_ATTRIBUTE_MISSING
 */
export async function run(context: Context): Promise<ResultOf<typeof exampleGenSpec>> {
  const { parameters, signal } = context;
  const uri = context.outputs.examples;
  await using spool = new Spool(join(uri, '.spool'));
  const tools = await openTools(context, spool);
  const places = resolveSources(parameters.source, parameters.span);
  const corrections = await readCorrections(parameters.corrections);
  const all: Photo[] = [];
  const read = async (from: readonly Place[]) => {
    const found = await withoutErased(await readPlaces(from, tools), context);
    all.push(...found.photos);
    return correctLabels(found, corrections);
  };
  const training = await read(places);
  const testPlaces = parameters.test === undefined ? null : resolveSources(parameters.test, parameters.span);
  const test = testPlaces && (await read(testPlaces));
  await tools.stats.save();

  const previous = await readPrevious(context);
  const golden = await context.golden.photos();
  const { cacheDir } = tools;
  const made = await makeExamples(training, test, { parameters, places, previous, golden, cacheDir, signal });
  report(made, context.logger);
  reportCorrections(all, corrections, context.logger);
  await write(uri, made, context);
  return {
    properties: {
      examples: {
        span: made.summary.span,
        version: made.summary.version,
        split_names: JSON.stringify(splits.filter((name) => made.examples.some(({ split }) => split === name))),
        examples: made.examples.length,
        labels: made.summary.labels.length,
        ...originOf(parameters, [...places, ...(testPlaces ?? [])]),
      },
    },
    summary: summaryLine(made),
  };
}

/** Where the photos and the corrections of their labels are; properties, since the content of an artifact depends on no path. */
function originOf({ corrections }: Context['parameters'], places: readonly Place[]): Properties {
  const sources = places.map(({ path, prefix }) => ({ path: absolutePlace(process.cwd(), path), prefix }));
  return { sources: JSON.stringify(sources), ...(corrections !== undefined && { corrections: resolve(corrections) }) };
}

async function openTools({ parameters, signal, progress, cacheDir }: Context, spool: Spool): Promise<ReadTools> {
  const own = photoCache(cacheDir);
  let scanned = 0;
  const onScanned = () => progress(++scanned, 0, 'photos read');
  return { parameters, cacheDir: own, stats: await StatCache.open(own), spool, signal, onScanned };
}

/** Leaves out photos that were erased but are still in the source. */
async function withoutErased(found: Found, { erasures, logger }: Context): Promise<Found> {
  const erased = await erasures.among(found.photos.map(({ sha256 }) => sha256));
  if (erased.size === 0) return found;
  logger.warn(`Erased photos are still in the source and left out: ${erased.size}`);
  return { ...found, photos: found.photos.filter(({ sha256 }) => !erased.has(sha256)) };
}

async function readPrevious({ inputs }: Context) {
  const uri = inputs.previous?.uri;
  return uri === undefined ? null : { summary: await readSummary(uri), examples: await readIndex(uri) };
}

async function write(uri: string, made: MadeExamples, { progress, signal }: Context): Promise<void> {
  let written = 0;
  await writeExamples(uri, {
    ...made,
    readImage: (example) => {
      if (signal.aborted) throw new MitateError('CANCELLED', {});
      return readAgain(example, made.paths.get(example.sha256) ?? '');
    },
    onWritten: () => progress(++written, made.examples.length, 'photos written'),
  });
}

/** @throws SOURCE_CHANGED when the file is no longer what was decoded */
async function readAgain({ sha256: digest, filename }: Example, path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause) => {
    throw new MitateError('SOURCE_CHANGED', { filename }, { cause });
  });
  if (sha256(bytes) !== digest) throw new MitateError('SOURCE_CHANGED', { filename });
  return bytes;
}

function report({ summary, rejected }: MadeExamples, logger: Logger): void {
  const [first] = rejected;
  if (first) logger.warn(`Rejected files: ${rejected.length}, first ${first.filename}: ${first.message}`);
  const { passedOver, splitFolders } = summary;
  if (splitFolders.length > 0) logger.info(`Read as splits: the folders ${splitFolders.join(', ')}`);
  if (passedOver.count > 0) logger.info(`Passed over: ${passedOver.count}, first ${passedOver.first[0]}`);
  const notes = [
    ['Photos with several labels, left out', summary.conflicts],
    ['Groups of photos that look alike, with several labels', summary.alikeConflicts],
    ['Labels without photos, left out', summary.emptyLabels],
    ['Duplicate photos, kept once', summary.duplicates],
    ['Training photos that are also in the test source, left out', summary.leftOutForTest],
    ['Golden photos and photos that look like them, left out', summary.leftOutForGolden],
    ['Photos relabelled by a later source or a correction', summary.relabelled],
    ['Groups merged across splits', summary.mergedGroups],
    ['Groups moved to another split', summary.movedGroups],
  ] as const;
  for (const [text, found] of notes) if (found.length > 0) logger.warn(`${text}: ${found.length}`);
}

/** A correction is of bytes: a photo that was edited has none. */
function reportCorrections(
  photos: readonly Photo[],
  corrections: ReadonlyMap<string, Correction>,
  logger: Logger,
): void {
  const there = new Set(photos.map(({ sha256 }) => sha256));
  const leftOut = [...corrections.values()].filter(({ sha256, label }) => label === null && there.has(sha256));
  if (leftOut.length > 0) logger.warn(`Photos left out by corrections: ${leftOut.length}`);
  const unused = [...corrections.values()].filter(({ sha256 }) => !there.has(sha256));
  if (unused[0])
    logger.warn(`Corrections of photos that are not in the source: ${unused.length}, first ${unused[0].filename}`);
}

function summaryLine({ examples, summary, rejected }: MadeExamples): string {
  const count = (value: number) => value.toLocaleString('en');
  const rejections = rejected.length === 0 ? 'none rejected' : `${count(rejected.length)} rejected`;
  const { passedOver, splitFolders } = summary;
  const others =
    passedOver.count === 0
      ? ''
      : `, ${count(passedOver.count)} other ${passedOver.count === 1 ? 'file' : 'files'} passed over`;
  const splitting = splitFolders.length === 0 ? '' : `, splits by the folders ${splitFolders.join(', ')}`;
  return `${count(examples.length)} photos, ${summary.labels.length} labels, ${rejections}${others}${splitting}`;
}
