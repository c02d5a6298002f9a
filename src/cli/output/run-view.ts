import stringWidth from 'string-width';
import type { Listener, RunEvent, StepProgress } from '../../orchestrator/events.ts';
import type { StepSummary } from '../../orchestrator/summary.ts';
import { duration } from './duration.ts';
import type { Output } from './output.ts';
import { safeText } from './safe-text.ts';

/** Seconds between two plain progress lines of a step. */
const plainEverySeconds = 10;
const redrawEveryMs = 100;

export interface RunViewOptions {
  interactive: boolean;
  /** Print for each step which part of its cache key changed. */
  explain: boolean;
}

/** Shows progress on stderr: bars that redraw on a terminal, plain lines elsewhere. */
export function runView(output: Output, { interactive, explain }: RunViewOptions): Listener {
  const bars = interactive ? new Bars() : null;
  const lastLine = new Map<string, number>();
  const print = (text: string) => (bars ? bars.above(text) : output.note(text));
  return (event: RunEvent) => {
    switch (event.type) {
      case 'run-started':
        return print(`${output.style('bold', event.pipeline)}  run ${event.runId}`);
      case 'step-explained':
        return explain ? print(output.style('dim', `  ${event.step}: ${safeText(event.explanation.text)}`)) : undefined;
      case 'step-started':
        return bars ? bars.set(event.step, '') : undefined;
      case 'step-progress': {
        const text = progressText(event.progress);
        if (bars) return bars.set(event.step, text, event.progress);
        const now = Date.now();
        const last = lastLine.get(event.step);
        if (last !== undefined && now - last < plainEverySeconds * 1000) return undefined;
        lastLine.set(event.step, now);
        if (last === undefined) return undefined;
        return print(`  ${event.step}: ${text}`);
      }
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

function progressText({ done, total, unit, rate, secondsLeft }: StepProgress): string {
  const count = total
    ? `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit}`
    : `${done.toLocaleString('en')} ${unit}`;
  const speed = rate === null ? '' : `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} ${unit}/s`;
  return count + speed + (secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`);
}

const graphemes = new Intl.Segmenter();

/** The lines at the bottom of the terminal that redraw. */
class Bars {
  #lines = new Map<string, { text: string; progress?: StepProgress }>();
  #drawn = 0;
  #drawnAt = 0;

  set(step: string, text: string, progress?: StepProgress): void {
    this.#lines.set(step, { text, ...(progress && { progress }) });
    if (Date.now() - this.#drawnAt >= redrawEveryMs) this.#draw();
  }

  remove(step: string): void {
    this.#lines.delete(step);
  }

  /** A line that stays, above the bars. */
  above(text: string): void {
    this.#clear();
    process.stderr.write(`${text}\n`);
    this.#draw();
  }

  end(): void {
    this.#clear();
    this.#lines.clear();
  }

  #clear(): void {
    if (this.#drawn) process.stderr.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }

  #draw(): void {
    this.#clear();
    // 0 columns: a terminal without a size (script, some containers)
    const width = (process.stderr.columns || 80) - 1;
    for (const [step, { text, progress }] of this.#lines) {
      process.stderr.write(`${clip(`  ${bar(progress)} ${step.padEnd(18)} ${text}`, width)}\n`);
      this.#drawn++;
    }
    this.#drawnAt = Date.now();
  }
}

function bar(progress?: StepProgress): string {
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : 0;
  const filled = Math.round(share * 9);
  return '━'.repeat(filled) + '─'.repeat(9 - filled);
}

function clip(text: string, width: number): string {
  let kept = '';
  let left = width;
  for (const { segment } of graphemes.segment(text)) {
    left -= stringWidth(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept;
}
