import type { Listener, RunEvent } from '../../orchestrator/events.ts';
import type { StepSummary } from '../../orchestrator/summary.ts';
import { Bars } from './bars.ts';
import { duration } from './duration.ts';
import type { Output } from './output.ts';
import { progressLines } from './progress-view.ts';
import { safeText } from './safe-text.ts';

export interface RunViewOptions {
  interactive: boolean;
  /** Print for each step which part of its cache key changed. */
  explain: boolean;
}

/** Shows progress on stderr: bars that redraw on a terminal, plain lines elsewhere. */
export function runView(output: Output, { interactive, explain }: RunViewOptions): Listener {
  const bars = interactive ? new Bars() : null;
  const progress = progressLines(output, bars);
  const print = (text: string) => (bars ? bars.above(text) : output.note(text));
  return (event: RunEvent) => {
    switch (event.type) {
      case 'run-started':
        return print(`${output.style('bold', event.pipeline)}  run ${event.runId}`);
      case 'step-explained':
        return explain ? print(output.style('dim', `  ${event.step}: ${safeText(event.explanation.text)}`)) : undefined;
      case 'step-started':
        return bars ? bars.set(event.step, '') : undefined;
      case 'step-progress':
        return progress(event.step, event.progress);
      case 'step-log':
        if (event.level === 'debug' || event.level === 'info' || isEchoOfFailure(event.fields)) return undefined;
        return print(`  ${event.step}: ${output.style('yellow', event.level)} ${safeText(event.message)}`);
      case 'step-retrying':
        return print(`  ${event.step}: ${safeText(event.error.message)} Retrying in ${duration(event.inSeconds)}.`);
      case 'run-finished':
        return bars?.end();
      default:
        bars?.remove(event.step);
        return print(stepLine(output, event.summary));
    }
  };
}

const marks = {
  succeeded: ['green', 'done'],
  cached: ['dim', 'cached'],
  failed: ['red', 'failed'],
  cancelled: ['yellow', 'cancelled'],
  skipped: ['dim', 'skipped'],
  running: ['dim', 'running'],
} as const;

function stepLine(output: Output, step: StepSummary): string {
  const [style, mark] = marks[step.state];
  const place = `${output.style(style, mark.padEnd(9))} ${step.name.padEnd(18)} ${duration(step.seconds).padStart(8)}`;
  return `  ${place}  ${safeText(resultOf(step))}`;
}

/** A failed step shows its error's code: the end of the run prints each error in full. */
function resultOf({ state, error, summary }: StepSummary): string {
  if (state === 'failed') return error?.code ?? '';
  return state === 'cancelled' ? '' : (summary ?? '');
}

/** The launcher logs a step's failure, which is also the step's last event. */
const isEchoOfFailure = (fields: Record<string, unknown>) => 'stack' in fields;
