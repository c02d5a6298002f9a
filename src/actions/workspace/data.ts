import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, parse, resolve } from 'node:path';
import { type ExportFormat, exportExamples } from '../../artifacts/examples/export-examples.ts';
import { readRejected } from '../../artifacts/examples/read-examples.ts';
import type { Config } from '../../config/index.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { type Anomalies, anomaliesSchema } from '../../contracts/artifacts/anomalies.ts';
import type { Rejected } from '../../contracts/artifacts/example.ts';
import { type Statistics, statisticsSchema } from '../../contracts/artifacts/statistics.ts';
import { MitateError } from '../../errors/index.ts';
import { exampleGen, exampleValidator, schemaGen, statisticsGen } from '../../orchestrator/components.ts';
import { definePipeline, type Pipeline } from '../../orchestrator/define/define-pipeline.ts';
import type { Listener } from '../../orchestrator/events.ts';
import { runPipeline } from '../../orchestrator/launcher/run-pipeline.ts';
import type { RunSummary } from '../../orchestrator/summary.ts';
import { type WriteSampleOptions, writeSample } from '../../vision/sample/write-sample.ts';
import { findDataSet } from '../datasets/find-data-set.ts';
import { withStore } from '../with-store.ts';

export interface ImportRequest {
  source: string;
  /** Name of the data set; default: that of the folder or file. Splits are sticky within it. */
  name?: string;
  groupBy: 'none' | 'near-duplicate' | { attribute: string };
  allowUrls: boolean;
  /** File of corrected labels. @see `relabel` */
  corrections?: string;
  signal: AbortSignal;
  onEvent: Listener;
}

export interface Imported {
  run: RunSummary;
  statistics: Statistics | null;
  /** Files that did not become examples, and why. */
  rejected: Rejected[];
  anomalies: Anomalies | null;
}

/** Imports and describes photos: ExampleGen, StatisticsGen, SchemaGen, ExampleValidator. @throws CORRECTIONS_NOT_FOUND */
export async function importData(config: Config, { signal, onEvent, ...request }: ImportRequest): Promise<Imported> {
  const { corrections } = request;
  if (corrections !== undefined && !existsSync(corrections))
    throw new MitateError('CORRECTIONS_NOT_FOUND', { file: corrections });
  const run = await withStore(config, { attach: 'server' }, (store) =>
    runPipeline(dataPipeline(request), {
      store,
      workspace: config.workspace,
      processes: config.processes,
      signal,
      onEvent,
    }),
  );
  const folder = (type: string) =>
    run.steps.flatMap(({ artifacts }) => Object.values(artifacts)).find((artifact) => artifact.type === type)?.uri;
  const [examples, statistics, anomalies] = (['Examples', 'ExampleStatistics', 'ExampleAnomalies'] as const).map(
    folder,
  );
  return {
    run,
    statistics: statistics === undefined ? null : await readStatistics(statistics),
    rejected: examples === undefined ? [] : await readRejected(examples),
    anomalies:
      anomalies === undefined ? null : anomaliesSchema.parse(await readJson(join(anomalies, 'anomalies.json'))),
  };
}

function dataPipeline({ source, name, corrections, ...rules }: Omit<ImportRequest, 'signal' | 'onEvent'>): Pipeline {
  return definePipeline(dataSetName(name ?? source), {}, () => {
    const { examples } = exampleGen({
      source: isUrl(source) ? source : resolve(source),
      ...(corrections !== undefined && { corrections: resolve(corrections) }),
      ...rules,
    });
    const { statistics } = statisticsGen({ examples });
    const { schema } = schemaGen({ statistics });
    exampleValidator({ statistics, schema });
  });
}

const isUrl = (source: string) => /^https?:\/\//.test(source);

/** `data-leaf-photos` for `/my/Leaf photos.zip`. */
function dataSetName(source: string): string {
  const slug = parse(basename(source))
    .name.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return `data-${slug}`.replace(/-+$/, '').slice(0, 128);
}

/** Statistics of an Examples artifact, or of the newest one (`reference`: the beginning of its id, or a data set's name). */
export async function dataStatistics(
  config: Config,
  reference?: string,
): Promise<{ artifact: StoredArtifact; statistics: Statistics }> {
  return await withStore(config, { attach: true }, async (store) => {
    const artifact = await findDataSet(store, 'ExampleStatistics', reference);
    return { artifact, statistics: await readStatistics(artifact.uri) };
  });
}

/** Exports an Examples artifact as a folder per label, or as TFRecord shards. */
export async function exportData(
  config: Config,
  request: { reference?: string; output: string; format: ExportFormat },
): Promise<{ artifact: StoredArtifact; output: string }> {
  return await withStore(config, { attach: true }, async (store) => {
    const artifact = await findDataSet(store, 'Examples', request.reference);
    const output = resolve(request.output);
    await exportExamples(artifact.uri, output, { format: request.format });
    return { artifact, output };
  });
}

/** Enough for the threshold of the leaf pipeline; with 600 photos, 59 of them in the test split, chance decides. */
export const defaultSamplePhotos = 1_000;

/** Draws leaves, a folder per label. */
export async function sampleData(dir: string, options: WriteSampleOptions): Promise<{ folder: string }> {
  const folder = resolve(dir);
  await writeSample(folder, options);
  return { folder };
}

async function readStatistics(uri: string): Promise<Statistics> {
  return statisticsSchema.parse(await readJson(join(uri, 'statistics.json')));
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
