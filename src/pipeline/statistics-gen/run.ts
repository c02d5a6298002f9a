import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArtifactJson } from '../../artifacts/artifact-json.ts';
import { readIndex, readRejected, readSummary } from '../../artifacts/examples/read-examples.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { Statistics } from '../../contracts/artifacts/statistics.ts';
import type { ContextOf, ResultOf } from '../../contracts/component.ts';
import { MitateError } from '../../errors/index.ts';
import { buildStatistics } from './build-statistics.ts';
import type { statisticsGenSpec } from './spec.ts';

type Spec = typeof statisticsGenSpec;

/** @throws DATA_EMPTY, EXAMPLES_CORRUPT */
export async function run({ inputs, outputs, parameters, progress }: ContextOf<Spec>): Promise<ResultOf<Spec>> {
  const { uri } = inputs.examples;
  const examples = await readIndex(uri);
  if (examples.length === 0) throw new MitateError('DATA_EMPTY', { path: uri });
  const statistics = buildStatistics(
    examples,
    await readSummary(uri),
    await readRejected(uri),
    parameters.nearDuplicateDistance,
  );
  await writeStatistics(outputs.statistics, statistics);
  await writeBorderPixels(outputs.statistics, examples);
  progress(examples.length, examples.length, 'photos');
  return {
    properties: { statistics: { span: statistics.span, version: statistics.version, examples: examples.length } },
    summary: summaryLine(statistics, examples),
  };
}

async function writeStatistics(uri: string, statistics: Statistics): Promise<void> {
  await writeArtifactJson(join(uri, 'statistics.json'), statistics);
  for (const [split, content] of Object.entries(statistics.splits)) {
    const folder = join(uri, `Split-${split}`);
    await mkdir(folder, { recursive: true });
    await writeArtifactJson(join(folder, 'statistics.json'), content);
  }
}

async function writeBorderPixels(uri: string, examples: readonly Example[]): Promise<void> {
  const lines = examples.map(({ label, group, border }) => `${JSON.stringify({ label, group, border })}\n`);
  await writeFile(join(uri, 'border-pixels.jsonl'), lines.join(''));
}

function summaryLine(statistics: Statistics, examples: readonly Example[]): string {
  const splits = Object.values(statistics.splits);
  const grouped = splits.reduce((sum, split) => sum + split.grouped, 0);
  const labels = new Set(examples.map((example) => example.label)).size;
  const sides = splits.flatMap((split) => split.smallest[0] ?? []).map(({ width, height }) => Math.min(width, height));
  return `${examples.length} photos, ${labels} labels, ${grouped} in groups of more than one, shortest side ${Math.min(...sides)} px`;
}
