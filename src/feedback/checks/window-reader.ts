import {
  behaviourKinds,
  type MonitorKind,
  type MonitorWindow,
  type Observation,
  type WindowCounts,
} from '../../contracts/loop/monitor.ts';
import type { WindowFilter, WindowRead } from '../../store/monitors/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Observations in memory: a million would take 1.5 GB, and 10,000 give a share to one point. */
const mostRead = 10_000;
const idsAtOnce = 1_000;
/** These use labelled requests alone. */
const byLabels: ReadonlySet<MonitorKind> = new Set(['measured-accuracy', 'calibration']);
/** So many heat maps among the sampled rows need no query of their own (2 s on a million requests). */
const enoughExplained = 500;

export type Scope = Omit<WindowFilter, keyof MonitorWindow | 'only'>;

const needEvents: ReadonlySet<MonitorKind> = new Set(['user-events', ...behaviourKinds]);

interface Kept<T> {
  key: string;
  value: Promise<T> | null;
}

/** Reads windows and keeps the last one for monitors with the same window. */
export class WindowReader {
  readonly #store: Pick<OpenStore, 'monitors' | 'feedback'>;
  #read: Kept<WindowRead> = { key: '', value: null };
  #withEvents = new WeakMap<WindowRead, Promise<WindowRead>>();
  #counts: Kept<WindowCounts> = { key: '', value: null };

  constructor(store: Pick<OpenStore, 'monitors' | 'feedback'>) {
    this.#store = store;
  }

  /** Rows of the log with the labels or events that the kind needs. */
  async read(kind: MonitorKind, scope: Scope, window: MonitorWindow): Promise<WindowRead> {
    if (byLabels.has(kind)) return await this.#withTruths({ ...scope, ...window, only: 'labelled' });
    if (kind === 'heat-map-drift') return await this.#explained({ ...scope, ...window });
    const read = await this.#rows({ ...scope, ...window });
    if (!needEvents.has(kind)) return read;
    const known = this.#withEvents.get(read) ?? this.#readEvents(read);
    this.#withEvents.set(read, known);
    return await known;
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

  /** Whether the rows of all versions are those of one version. */
  async #holdsAll({ model, ...anyVersion }: WindowFilter): Promise<boolean> {
    const { key, value } = this.#read;
    if (value === null || model === undefined || key !== JSON.stringify(anyVersion)) return false;
    const { requests } = await this.#store.monitors.countWindow({ ...anyVersion, model }, 0);
    return requests === (await value).total;
  }

  /** Rows with a heat map; empty when none of the sampled rows has one. */
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

  async #readEvents({ observations, total }: WindowRead): Promise<WindowRead> {
    const behaviour = await byIds(observations, (ids) => this.#store.feedback.behaviourOf(ids));
    return {
      total,
      observations: observations.map((each) => {
        const found = behaviour.get(each.id);
        return found ? { ...each, behaviour: found } : each;
      }),
    };
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
