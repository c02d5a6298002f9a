import type { HeldGraph } from './processes/messages.ts';
import type { Supervisor } from './processes/supervisor.ts';

/** A graph that is loaded on first use: most endpoints never compute a heat map. */
export class LazyGraph {
  #supervisor: Supervisor;
  #graph: HeldGraph;
  #loaded: Promise<void> | undefined;
  #users = 0;
  #isRetired = false;

  constructor(supervisor: Supervisor, graph: HeldGraph) {
    this.#supervisor = supervisor;
    this.#graph = graph;
  }

  /** The graph stays loaded until `work` is done. @throws MODEL_LOAD_FAILED (the next call tries again), what `work` throws */
  async use<T>(work: (key: string) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      this.#loaded ??= this.#supervisor.load(this.#graph);
      await this.#loaded.catch((error) => {
        this.#loaded = undefined;
        throw error;
      });
      return await work(this.#graph.key);
    } finally {
      this.#users--;
      this.#drop();
    }
  }

  /** Frees it after its last user. */
  unload(): void {
    this.#isRetired = true;
    this.#drop();
  }

  #drop(): void {
    if (!this.#isRetired || this.#users > 0 || !this.#loaded) return;
    this.#loaded = undefined;
    this.#supervisor.unload(this.#graph.key);
  }
}
