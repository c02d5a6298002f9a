import { join } from 'node:path';
import type { RunSummary } from '../../orchestrator/summary.ts';
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
  for (const { modelName, version, endpoint } of run.pushed) {
    const deployed = endpoint ? `; endpoint ${endpoint}` : '';
    output.line(`Registered ${output.style('bold', `${modelName}@${version}`)}${deployed}.`);
  }
  const report = reportPath(run);
  if (report) output.line(`Report: ${safeText(report)}`);
  return requireBlessing && run.blessed !== true ? exitCodes.notBlessed : exitCodes.success;
}

/** Prints the error of each failed step in full. */
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

function blessingLine(output: Output, blessed: boolean): string {
  return blessed
    ? output.style('green', 'Blessed.')
    : output.style(
        'yellow',
        'Not blessed: nothing was pushed. The report lists every check with its value and threshold.',
      );
}
