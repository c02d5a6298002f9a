import type { StoredArtifact } from '../../contracts/artifact.ts';
import type { ExecutionRecord } from '../../contracts/run.ts';
import type { Store } from '../../store/store.ts';

export type Relation = 'subject' | 'ancestor' | 'descendant';

export interface LineageArtifact extends StoredArtifact {
  relation: Relation;
}

export interface LineageExecution {
  id: string;
  step: string;
  component: string;
  startedAt: Date;
  summary: string | null;
  /** The run that executed it, and those that took its outputs from the cache. */
  runIds: string[];
}

/** `to` read `from`, or `from` wrote `to`; one end is an artifact, the other an execution. */
export interface LineageEdge {
  from: string;
  to: string;
  key: string;
  /** An input that only stabilised the result (sticky splits): lineage stops at it. */
  isHistory: boolean;
}

/** Collects the ancestors and descendants of artifacts. */
export class LineageWalk {
  readonly #store: Store;
  readonly #artifacts = new Map<string, LineageArtifact>();
  readonly #executions = new Map<string, LineageExecution>();
  readonly #edges = new Map<string, LineageEdge>();

  constructor(store: Store) {
    this.#store = store;
  }

  async from(artifact: StoredArtifact): Promise<void> {
    this.#artifacts.set(artifact.id, { ...artifact, relation: 'subject' });
    await this.#up(artifact);
    await this.#down(artifact);
  }

  graph(): { artifacts: LineageArtifact[]; executions: LineageExecution[]; edges: LineageEdge[] } {
    const byTime =
      <T>(time: (item: T) => Date) =>
      (a: T, b: T) =>
        time(a).getTime() - time(b).getTime();
    return {
      artifacts: [...this.#artifacts.values()].sort(byTime(({ createdAt }) => createdAt)),
      executions: [...this.#executions.values()].sort(byTime(({ startedAt }) => startedAt)),
      edges: [...this.#edges.values()],
    };
  }

  /** @returns whether it is new */
  #note(artifact: StoredArtifact, relation: Relation): boolean {
    if (this.#artifacts.has(artifact.id)) return false;
    this.#artifacts.set(artifact.id, { ...artifact, relation });
    return true;
  }

  #join(from: string, to: string, key: string, isHistory = false): void {
    this.#edges.set(`${from} ${to} ${key}`, { from, to, key, isHistory });
  }

  #noteExecution(record: ExecutionRecord, runId: string): void {
    const { id, step, component, startedAt, summary } = record;
    const known = this.#executions.get(id) ?? { id, step, component, startedAt, summary, runIds: [record.runId] };
    if (!known.runIds.includes(runId)) known.runIds.push(runId);
    this.#executions.set(id, known);
  }

  async #up(artifact: StoredArtifact): Promise<void> {
    const execution = await this.#store.getExecution(artifact.executionId);
    if (!execution) return;
    this.#noteExecution(execution, execution.runId);
    this.#join(execution.id, artifact.id, artifact.key);
    const { inputs } = await this.#store.executionArtifacts(execution.id);
    for (const { key, artifact: input } of inputs) {
      const isHistory = isHistoryInput(execution, key);
      this.#join(input.id, execution.id, key, isHistory);
      if (this.#note(input, 'ancestor') && !isHistory) await this.#up(input);
    }
  }

  async #down(artifact: StoredArtifact): Promise<void> {
    for (const consumer of await this.#store.consumers(artifact.id)) {
      const original = await this.#originalOf(consumer);
      if (!original) continue;
      this.#noteExecution(original.record, consumer.runId);
      for (const key of original.keys(artifact.id)) {
        const isHistory = isHistoryInput(consumer, key);
        this.#join(artifact.id, original.record.id, key, isHistory);
        if (!isHistory) await this.#outputs(original.record);
      }
    }
  }

  async #outputs(execution: ExecutionRecord): Promise<void> {
    for (const { key, artifact } of (await this.#store.executionArtifacts(execution.id)).outputs) {
      this.#join(execution.id, artifact.id, key);
      if (this.#note(artifact, 'descendant')) await this.#down(artifact);
    }
  }

  /** The execution whose outputs the consumer has (its own or cached ones), and the keys under which the consumer read an artifact. */
  async #originalOf(consumer: ExecutionRecord) {
    if (consumer.state !== 'succeeded' && consumer.state !== 'cached') return null;
    const { inputs } = await this.#store.executionArtifacts(consumer.id);
    const keys = (id: string) => inputs.filter(({ artifact }) => artifact.id === id).map(({ key }) => key);
    const record = consumer.cachedFrom ? await this.#store.getExecution(consumer.cachedFrom) : consumer;
    return record && { record, keys };
  }
}

/** Inputs with a history are not part of the cache key. */
function isHistoryInput({ keyParts }: ExecutionRecord, key: string): boolean {
  return !(`input.${key}` in keyParts);
}
