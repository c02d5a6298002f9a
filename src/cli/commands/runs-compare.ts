import type { Command } from 'commander';
import { compareRuns } from '../../actions/runs/compare-runs.ts';
import type { PairedDifference, RunComparison } from '../../contracts/api/run-comparison.ts';
import { type IntervalJson, metricNames } from '../../contracts/artifacts/evaluation.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { duration } from '../output/duration.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';

export function registerCompare(runs: Command): void {
  const command = runs
    .command('compare <run> <others...>')
    .description('compare runs or model versions (id, its beginning, "latest", leaf@3) side by side, with the first');
  action(command, async ({ config, inStore, output, signal }, first: string, others: string[]) => {
    const { workspace, processes } = config;
    const work = { workspace, processes, logger: commandLogger(output), signal };
    const comparison = await inStore((store) => compareRuns(work, store, [first, ...others]));
    output.json(comparison);
    printComparison(output, comparison);
  });
}

function printComparison(output: Output, { runs, parameters, differences }: RunComparison): void {
  const name = (i: number) => runs[i]!.reference;
  output.table(
    ['RUN', 'ID', 'PIPELINE', 'MODEL', 'STATE', 'STARTED', '#DURATION', 'EXPERIMENT', 'NOTE'],
    runs.map(({ reference, run, model, seconds }) => [
      reference,
      run.id,
      run.pipeline,
      model ? `${model.name}@${model.version}` : '–',
      run.state,
      moment(run.startedAt),
      seconds === null ? '' : duration(seconds),
      run.experiment,
      run.note,
    ]),
  );
  output.line();
  output.table(
    ['PARAMETER', ...runs.map((_, i) => name(i).toUpperCase())],
    parameters.map(({ name, values }) => [name, ...values.map((value) => short(value ?? '–'))]),
    'All parameters are the same.',
  );
  output.line();
  output.table(
    ['DATA SET', 'PIPELINE', '#SPAN', 'DIGEST', '#LABELS', ...splits.map((split) => `#${split.toUpperCase()}`)],
    runs.map(({ reference, data }) => [
      reference,
      ...(data ? [data.pipeline, data.span, data.digest.slice(0, 12)] : ['–', '–', '–']),
      data?.counts ? Object.keys(data.counts).length : '–',
      ...splits.map((split) =>
        data?.counts ? Object.values(data.counts).reduce((sum, each) => sum + (each[split] ?? 0), 0) : '–',
      ),
    ]),
  );
  output.line();
  printMetrics(output, { runs, parameters, differences });
  output.line();
  const steps = [...new Set(runs.flatMap((run) => run.steps.map(({ step }) => step)))];
  output.table(
    ['STEP', ...runs.map((_, i) => `#${name(i).toUpperCase()}`)],
    steps.map((step) => [step, ...runs.map((run) => durationOf(run.steps.find((each) => each.step === step)))]),
  );
}

/** Each difference is paired on the photos that both runs were tested on. */
function printMetrics(output: Output, { runs, differences }: RunComparison): void {
  const paired = differences.filter(({ difference }) => difference !== null);
  const title = ({ run }: PairedDifference) => `#${runs[run]!.reference} - ${runs[0]!.reference}`.toUpperCase();
  output.table(
    ['METRIC', ...runs.map(({ reference }) => `#${reference.toUpperCase()}`), ...paired.map(title)],
    metricNames.map((name) => [
      name,
      ...runs.map(({ evaluation }) => intervalText(evaluation?.metrics[name])),
      ...paired.map(({ difference }) => intervalText(difference?.[name], '+')),
    ]),
  );
  for (const { run, photos, leftOut, why } of differences) {
    const pair = `${runs[run]!.reference} and ${runs[0]!.reference}`;
    const { inOneOnly, relabelled, unknownLabel } = leftOut;
    const parts = [
      ...(inOneOnly > 0 ? [`${inOneOnly} in the test photos of one only`] : []),
      ...(relabelled > 0 ? [`${relabelled} with another label`] : []),
      ...(unknownLabel > 0 ? [`${unknownLabel} of a label that one of the models lacks`] : []),
    ];
    const left = parts.length > 0 ? `; left out: ${parts.join(', ')}` : '';
    output.line(
      why === null
        ? `${pair}: paired on ${photos} test photos of both, 95 % intervals${left}.`
        : `${pair}: no paired difference: ${reasons[why]}${left}.`,
    );
  }
}

const reasons: Record<NonNullable<PairedDifference['why']>, string> = {
  'not-evaluated': 'one of them has no evaluation',
  'other-task': 'their models answer different questions, so that their metrics are not of the same thing',
  'no-common-photos': 'they have no test photo in common',
  'files-deleted': '"mitate gc" has deleted the model or photos of one',
};

function intervalText(interval: IntervalJson | undefined, plus = ''): string {
  if (!interval || interval.value === null) return '–';
  const text = (value: number | null) => (value === null ? '–' : `${value > 0 ? plus : ''}${value.toFixed(4)}`);
  return `${text(interval.value)} [${text(interval.low)}, ${text(interval.high)}]`;
}

function durationOf(step: RunComparison['runs'][number]['steps'][number] | undefined): string {
  if (!step) return '–';
  if (step.state !== 'succeeded') return step.state;
  return step.seconds === null ? '' : duration(step.seconds);
}

const longest = 40;
const short = (value: string) => (value.length <= longest ? value : `${value.slice(0, longest - 1)}…`);
