import { changesOf } from '../actions/workspace/changes.ts';
import type { Topic } from '../contracts/api/events.ts';
import type { OpenStore } from '../store/open-store.ts';

const lookMs = 1_000;

type Listener = (topic: Topic) => void;

/**
 * Tells who listens which topics of their project changed. Commands and workers change the database too, so it is asked: once a second per project,
 * and only while somebody listens to it.
 */
export class ChangeFeed implements Disposable {
  readonly #projects = new Map<string, { listeners: Set<Listener>; timer: NodeJS.Timeout }>();

  /** @returns ends it */
  listen(store: OpenStore, listener: Listener): () => void {
    const { project } = store;
    const found = this.#projects.get(project) ?? this.#watch(store);
    found.listeners.add(listener);
    return () => {
      found.listeners.delete(listener);
      if (found.listeners.size > 0) return;
      clearInterval(found.timer);
      this.#projects.delete(project);
    };
  }

  #watch(store: OpenStore) {
    const listeners = new Set<Listener>();
    let before: Record<Topic, string> | null = null;
    let isLooking = false;
    const look = async () => {
      if (isLooking) return;
      isLooking = true;
      try {
        const now = await changesOf(store);
        const changed =
          before === null ? [] : (Object.keys(now) as Topic[]).filter((topic) => now[topic] !== before?.[topic]);
        before = now;
        for (const topic of changed) for (const listener of listeners) listener(topic);
      } catch {
        // the database is away: the next look tells what changed meanwhile
      } finally {
        isLooking = false;
      }
    };
    void look();
    const watched = { listeners, timer: setInterval(() => void look(), lookMs).unref() };
    this.#projects.set(store.project, watched);
    return watched;
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#projects.values()) clearInterval(timer);
    this.#projects.clear();
  }
}
