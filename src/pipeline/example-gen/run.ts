import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIndex, readSummary } from '../../artifacts/examples/read-examples.ts';
import { writeExamples } from '../../artifacts/examples/write-examples.ts';
import { sha256 } from '../../codecs/digest.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import type { Logger } from '../../contracts/logger.ts';
import { MitateError } from '../../errors/index.ts';
import { StatCache } from '../sources/cache/stat-cache.ts';
import { type MadeExamples, makeExamples } from './make-examples.ts';
import { type Found, readPlaces } from './read-places.ts';
import { ownCache, type ReadTools } from './read-source.ts';
import { resolveSources } from './resolve-sources.ts';
import type { exampleGenSpec } from './spec.ts';
import { Spool } from './spool.ts';

export { fingerprint } from './fingerprint.ts';

type Context = ContextOf<typeof exampleGenSpec>;

/**
 * Photos of `source` (and `test`) as an Examples artifact.
 * @throws MitateError SOURCE_*, MANIFEST_*, URL_NOT_ALLOWED, SPAN_NOT_FOUND, SPLIT_*, GROUP_ATTRIBUTE_MISSING
 */
export async function run(context: Context): Promise<ResultOf<typeof exampleGenSpec>> {
  const { parameters, signal } = context;
  const uri = context.outputs.examples;
  await using spool = new Spool(join(uri, '.spool'));
  const tools = await openTools(context, spool);
  const places = resolveSources(parameters.source, parameters.span);
  const training = await withoutErased(await readPlaces(places, tools), context);
  const test = parameters.test === undefined ? null : await withoutErased(await readTest(context, tools), context);
  await tools.stats.save();

  const previous = await readPrevious(context);
  const golden = await context.golden.photos();
  const { cacheDir } = tools;
  const made = await makeExamples(training, test, { parameters, places, previous, golden, cacheDir, signal });
  report(made, context.logger);
  await write(uri, made, context);
  return {
    properties: {
      examples: {
        span: made.summary.span,
        version: made.summary.version,
        split_names: JSON.stringify(splits.filter((name) => made.examples.some(({ split }) => split === name))),
        examples: made.examples.length,
        labels: made.summary.labels.length,
      },
    },
    summary: summaryLine(made),
  };
}

async function openTools({ parameters, signal, progress, cacheDir }: Context, spool: Spool): Promise<ReadTools> {
  const own = ownCache(cacheDir);
  let scanned = 0;
  const onScanned = () => progress(++scanned, 0, 'photos read');
  return { parameters, cacheDir: own, stats: await StatCache.open(own), spool, signal, onScanned };
}

/** A photo that was erased but still lies in the source is not taken in again. */
async function withoutErased(found: Found, { erasures, logger }: Context): Promise<Found> {
  const erased = await erasures.among(found.photos.map(({ sha256 }) => sha256));
  if (erased.size === 0) return found;
  logger.warn(`Photos that were erased are still in the source, and left out: ${erased.size}`);
  return { ...found, photos: found.photos.filter(({ sha256 }) => !erased.has(sha256)) };
}

function readTest({ parameters: { test, span } }: Context, tools: ReadTools): Promise<Found> {
  return readPlaces(resolveSources(test!, span), tools);
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
      return readAgain(example, made.paths.get(example.sha256)!);
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
  const note = (count: number, text: string) => {
    if (count > 0) logger.warn(text);
  };
  const { conflicts, duplicates, leftOutForGolden, leftOutForTest, mergedGroups, movedGroups, relabelled } = summary;
  const [first] = rejected;
  note(rejected.length, `Files were rejected: ${rejected.length}, first ${first?.filename}: ${first?.message}`);
  note(conflicts.length, `Photos that are under two labels are left out: ${conflicts.length}`);
  note(duplicates.length, `Photos that are there more than once are kept once: ${duplicates.length}`);
  note(
    leftOutForTest.length,
    `Training photos that are also in the test source are left out: ${leftOutForTest.length}`,
  );
  note(leftOutForGolden.length, `Golden photos, and photos like them, are left out: ${leftOutForGolden.length}`);
  note(relabelled.length, `Photos that a later span gave another label: ${relabelled.length}`);
  note(mergedGroups.length, `Groups that grew together across splits: ${mergedGroups.length}`);
  note(movedGroups.length, `Groups that changed their split: ${movedGroups.length}`);
}

function summaryLine({ examples, summary, rejected }: MadeExamples): string {
  const count = (value: number) => value.toLocaleString('en');
  const refused = rejected.length === 0 ? 'none rejected' : `${count(rejected.length)} rejected`;
  return `${count(examples.length)} photos, ${summary.labels.length} labels, ${refused}`;
}
