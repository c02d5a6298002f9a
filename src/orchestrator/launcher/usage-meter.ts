import type { Usage } from '../../contracts/run.ts';
import { treeUsage } from '../../processes/tree-usage.ts';

const everyMs = 500;

type Cost = Pick<Usage, 'cpuSeconds' | 'peakMemoryBytes'>;

/** What steps cost: CPU time and peak memory of this process and those that it started, looked at twice a second while steps run. */
export class UsageMeter {
  readonly #running = new Set<Cost>();
  #cpuSeconds = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `end` may be called again: it gives the same. */
  begin(): { end(): Cost } {
    this.#look();
    const cost: Cost = { cpuSeconds: 0, peakMemoryBytes: 0 };
    this.#running.add(cost);
    this.#timer ??= setInterval(() => this.#look(), everyMs).unref();
    return {
      end: () => {
        if (this.#running.has(cost)) this.#look();
        this.#running.delete(cost);
        if (this.#running.size === 0) {
          clearInterval(this.#timer);
          this.#timer = undefined;
        }
        return cost;
      },
    };
  }

  #look(): void {
    const { cpuSeconds, memoryBytes } = treeUsage();
    const spent = Math.max(0, cpuSeconds - this.#cpuSeconds);
    this.#cpuSeconds = cpuSeconds;
    for (const cost of this.#running) {
      cost.cpuSeconds += spent / this.#running.size;
      cost.peakMemoryBytes = Math.max(cost.peakMemoryBytes, memoryBytes);
    }
  }
}
