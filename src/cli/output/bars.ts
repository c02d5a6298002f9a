import type { StepProgress } from '../../contracts/run.ts';
import { cellWidth } from './cell-width.ts';

const redrawEveryMs = 100;

/** The lines at the bottom of the terminal that redraw. */
export class Bars {
  #lines = new Map<string, { text: string; progress?: StepProgress }>();
  #drawn = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;

  set(step: string, text: string, progress?: StepProgress): void {
    this.#lines.set(step, { text, ...(progress && { progress }) });
    if (performance.now() - this.#drawnAt >= redrawEveryMs) this.#draw();
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
    this.#drawnAt = performance.now();
  }
}

function bar(progress?: StepProgress): string {
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : 0;
  const filled = Math.round(share * 9);
  return '━'.repeat(filled) + '─'.repeat(9 - filled);
}

const graphemes = new Intl.Segmenter();

function clip(text: string, width: number): string {
  let kept = '';
  let left = width;
  for (const { segment } of graphemes.segment(text)) {
    left -= cellWidth(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept;
}
