import type { StepProgress } from '../../contracts/run.ts';
import { ProgressMeter } from '../../orchestrator/launcher/progress.ts';
import { Bars } from './bars.ts';
import { duration } from './duration.ts';
import type { Output } from './output.ts';

/** Plain lines of a step: the first after 2 s, then one every 10 s. */
const firstAfterMs = 2_000;
const everyMs = 10_000;

/** Shows the progress of steps on stderr: bars that redraw, or plain lines when `bars` is null. */
export function progressLines(output: Output, bars: Bars | null): (step: string, progress: StepProgress) => void {
  const nextAt = new Map<string, number>();
  return (step, progress) => {
    const text = progressText(progress);
    if (bars) return bars.set(step, text, progress);
    const now = performance.now();
    const next = nextAt.get(step);
    if (next === undefined) nextAt.set(step, now + firstAfterMs);
    if (next === undefined || now < next) return;
    nextAt.set(step, now + everyMs);
    output.note(`  ${step}: ${text}`);
  };
}

/** Progress of a command that is not a run. */
export function commandProgress(
  output: Output,
  { interactive }: { interactive: boolean },
  { name, unit }: { name: string; unit: string },
): (done: number, total: number) => void {
  const bars = interactive ? new Bars() : null;
  const show = progressLines(output, bars);
  const meter = new ProgressMeter();
  return (done, total) => {
    const progress = meter.update(done, total, unit);
    if (progress) show(name, progress);
    if (done >= total) bars?.end();
  };
}

/** The same for a number of bytes, shown as MB. */
export function byteProgress(
  output: Output,
  terminal: { interactive: boolean },
  name: string,
): (doneBytes: number, totalBytes: number) => void {
  const show = commandProgress(output, terminal, { name, unit: 'MB' });
  return (done, total) => {
    const totalMb = Math.ceil(total / 1e6);
    show(done >= total ? totalMb : Math.floor(done / 1e6), totalMb);
  };
}

/** Without a time left once it is below a second: what remains, such as a file to write, is not counted. */
function progressText({ done, total, unit, rate, secondsLeft }: StepProgress): string {
  const count = total
    ? `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit}`
    : `${done.toLocaleString('en')} ${unit}`;
  if (total > 0 && done >= total) return `${count}, finishing`;
  const speed = rate === null ? '' : `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} per second`;
  return count + speed + (secondsLeft === null || secondsLeft < 1 ? '' : `, ${duration(secondsLeft)} left`);
}
