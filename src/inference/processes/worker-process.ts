import { Child } from '../../processes/child.ts';
import { childEntry } from '../../processes/child-entry.ts';
import type { HeldGraph, Job, JobAnswer, LoadAnswer, Request } from './messages.ts';

const entry = childEntry('./worker.ts', import.meta.url);
/** A model that takes longer hangs its process. */
const loadTimeoutMs = 60_000;
// One thread each: other threads that collect garbage take 3 % from the neighbours.
const execArgv = ['--disable-warning=ExperimentalWarning', '--single-threaded-gc', '--max-semi-space-size=4'];

export class WorkerProcess extends Child<Request> {
  /** Keys of the graphs that it holds. */
  readonly graphs = new Set<string>();

  /** @param nice 0 (as its parent) .. 19 */
  constructor(nice = 0) {
    super(entry, { nice, execArgv });
  }

  /** @returns the graph as the next process should take it. @throws what the worker threw, ProcessEnded */
  async load(graph: HeldGraph): Promise<HeldGraph> {
    await this.started;
    const { optimised } = await this.ask<LoadAnswer>({ kind: 'load', graph }, { timeoutMs: loadTimeoutMs });
    this.graphs.add(graph.key);
    return optimised ? { ...graph, bytes: optimised, isOptimised: true } : graph;
  }

  async unload(graph: string): Promise<void> {
    this.graphs.delete(graph);
    await this.ask({ kind: 'unload', graph });
  }

  /** The caller keeps the time. @throws what the worker threw, ProcessEnded */
  run(job: Job): Promise<JobAnswer> {
    return this.ask<JobAnswer>({ kind: 'job', job });
  }
}
