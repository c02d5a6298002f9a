import { join } from 'node:path';
import type { PushedVersion, RunSummary } from '../../orchestrator/summary.ts';
import { exitCodes } from '../cli.ts';
import { duration } from './duration.ts';
import type { Output } from './output.ts';
import { safeText } from './safe-text.ts';

/** Prints how a run ended. @returns exit code */
export function printOutcome(output: Output, run: RunSummary, requireBlessing: boolean): number {
  output.json(run);
  const took = duration(run.seconds);
  if (run.state === 'cancelled') {
    output.line(output.style('yellow', `Cancelled after ${took}. Run the same command to resume.`));
    return exitCodes.cancelled;
  }
  if (run.state === 'failed') {
    printFailures(output, run);
    output.line(`Failed after ${took}. Run "mitate runs show ${run.runId}" to see every step.`);
    return exitCodes.failed;
  }
  output.line(`Finished in ${took}.`);
  if (run.blessed !== null) output.line(blessingLine(output, run.blessed));
  for (const warning of testSplitWarnings(run)) output.line(output.style('yellow', warning));
  for (const pushed of run.pushed) {
    const { modelName, version } = pushed;
    output.line(`Registered ${output.style('bold', `${modelName}@${version}`)}. ${servingLines(pushed)}`.trimEnd());
  }
  const report = reportPath(run);
  if (report) output.line(`Report: ${safeText(report)}`);
  return requireBlessing && run.blessed !== true ? exitCodes.notBlessed : exitCodes.success;
}

/** What the Evaluator says about the photos that it measured on. */
function testSplitWarnings({ steps }: RunSummary): string[] {
  const artifacts = steps.flatMap((step) => Object.values(step.artifacts));
  const property = (name: string) =>
    artifacts.map(({ properties }) => properties[name]).find((value) => value !== undefined);
  const [small, doubted] = [property('small_test_split'), property('suspicious_in_test')];
  return [
    ...(small === undefined ? [] : [`The test split is small: ${small}.`]),
    ...(doubted === undefined
      ? []
      : [
          `Suspicious labels in the test split: ${doubted}.`,
          'To see them: mitate data suspicious --split test. To correct them: mitate data relabel.',
        ]),
  ];
}

export function printFailures(output: Output, { steps, error }: RunSummary): void {
  const failed = steps.filter((step) => step.state === 'failed' && step.error);
  for (const step of failed) if (step.error) output.problem(step.error);
  if (failed.length === 0 && error) output.problem(error);
}

/** The Evaluator's report of the run. */
export function reportPath(run: RunSummary): string | null {
  const evaluation = run.steps
    .flatMap(({ artifacts }) => Object.values(artifacts))
    .find(({ type }) => type === 'ModelEvaluation');
  return evaluation ? join(evaluation.uri, 'report.html') : null;
}

/** What the endpoint serves now, and the command that changes it. */
export function servingLines({ modelName, version, endpoint, deployments, promotion }: PushedVersion): string {
  if (endpoint === null) return '';
  const model = `${modelName}@${version}`;
  const stable = deployments.find(({ role }) => role === 'stable');
  if (!stable)
    return `The endpoint ${endpoint} serves no model.\nTo serve it: mitate endpoint deploy ${endpoint} ${model}`;
  const serving = `${stable.modelName}@${stable.version}`;
  if (serving === model) return `The endpoint ${endpoint} serves it.`;
  const others = deployments.filter((each) => each.role === 'canary' && each.traffic > 0);
  const split = [stable, ...others].map((each) => `${each.modelName}@${each.version} (${each.traffic} %)`).join(', ');
  const next =
    promotion === null
      ? `To serve ${model}: mitate endpoint promote ${endpoint} ${model}`
      : `Its promotion: mitate promotion show ${promotion}`;
  return `The endpoint ${endpoint} still serves ${split}.\n${next}`;
}

function blessingLine(output: Output, blessed: boolean): string {
  return blessed
    ? output.style('green', 'Blessed.')
    : output.style(
        'yellow',
        'Not blessed: nothing was pushed. The report lists every check with its value and threshold.',
      );
}
