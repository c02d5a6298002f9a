import type { MonitorKind, MonitorWindow, Observation, WindowCounts } from '../../contracts/loop/monitor.ts';
import type { WindowFilter, WindowRead } from '../../store/monitors/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Observations that are held at a time: a million requests would be 1.5 GB, and 10,000 tell a share to one point. */
const mostRead = 10_000;
const idsAtOnce = 1_000;
/** Heat maps among the rows that others read anyway: so many need no search of their own, which takes 2 s of a million requests. */
const enoughExplained = 500;

export type Scope = Omit<WindowFilter, keyof MonitorWindow | 'only'>;

interface Kept<T> {
  key: string;
  value: Promise<T> | null;
}

/** Reads windows; monitors that ask for the same one share what was read last. */
export class WindowReader {
  readonly #store: Pick<OpenStore, 'monitors' | 'feedback'>;
  #read: Kept<WindowRead> = { key: '', value: null };
  #counts: Kept<WindowCounts> = { key: '', value: null };

  constructor(store: Pick<OpenStore, 'monitors' | 'feedback'>) {
    this.#store = store;
  }

  /** With what the kind needs beside the log's own columns. */
  async read(kind: MonitorKind, scope: Scope, window: MonitorWindow): Promise<WindowRead> {
    if (kind === 'measured-accuracy') return await this.#withTruths({ ...scope, ...window, only: 'labelled' });
    if (kind === 'heat-map-drift') return await this.#explained({ ...scope, ...window });
    const read = await this.#rows({ ...scope, ...window });
    return kind === 'user-events' ? await this.#withEvents(read) : read;
  }

  /** Exact, however large the window. @param above scores that count as positive */
  async count(filter: WindowFilter, above: number): Promise<WindowCounts> {
    const key = JSON.stringify([filter, above]);
    if (this.#counts.key !== key) this.#counts = { key, value: this.#store.monitors.countWindow(filter, above) };
    return await this.#counts.value!;
  }

  async #rows(filter: WindowFilter): Promise<WindowRead> {
    const key = JSON.stringify(filter);
    if (this.#read.key !== key && !(await this.#holdsAll(filter)))
      this.#read = { key, value: this.#store.monitors.readWindow(filter, mostRead) };
    return await this.#read.value!;
  }

  /** What was read of all versions is that of one, when no other answered. */
  async #holdsAll({ model, ...anyVersion }: WindowFilter): Promise<boolean> {
    const { key, value } = this.#read;
    if (value === null || model === undefined || key !== JSON.stringify(anyVersion)) return false;
    const { requests } = await this.#store.monitors.countWindow({ ...anyVersion, model }, 0);
    return requests === (await value).total;
  }

  /** Of a window of which not one in 10,000 was explained: none. */
  async #explained(filter: WindowFilter): Promise<WindowRead> {
    const { observations, total } = await this.#rows(filter);
    const explained = observations.filter(({ attention }) => attention !== null);
    if (observations.length === total) return { observations: explained, total: explained.length };
    if (explained.length === 0 || explained.length >= enoughExplained) return { observations: explained, total };
    return await this.#store.monitors.readWindow({ ...filter, only: 'explained' }, mostRead);
  }

  async #withTruths(filter: WindowFilter): Promise<WindowRead> {
    const { observations, total } = await this.#store.monitors.readWindow(filter, mostRead);
    const truths = await byIds(observations, (ids) => this.#store.feedback.truths(ids));
    return { total, observations: observations.map((each) => ({ ...each, truth: truths.get(each.id) ?? null })) };
  }

  async #withEvents({ observations, total }: WindowRead): Promise<WindowRead> {
    const events = await byIds(observations, (ids) => this.#store.feedback.eventsOf(ids));
    return { total, observations: observations.map((each) => ({ ...each, events: events.get(each.id) ?? [] })) };
  }
}

async function byIds<T>(
  observations: readonly Observation[],
  ask: (ids: string[]) => Promise<Map<string, T>>,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  for (let from = 0; from < observations.length; from += idsAtOnce) {
    const ids = observations.slice(from, from + idsAtOnce).map(({ id }) => id);
    for (const [id, value] of await ask(ids)) found.set(id, value);
  }
  return found;
}
