import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/component.ts';
import type { RunOrder } from '../contracts/run-order.ts';
import { type MitateError, toMitateError } from '../errors/index.ts';
import type { OpenStore } from '../store/open-store.ts';

export interface TickOptions {
  now: Date;
  logger: Logger;
  /** Of the queue: the same id twice is one run. */
  enqueue(order: RunOrder): Promise<string>;
}

/** What one part did in one project. */
export interface TickPart {
  project: string;
  part: string;
  /** Things done: results, alerts, firings, ...; 0 when it failed. */
  done: number;
  error: MitateError | null;
}

type Work = (config: Config, store: OpenStore, options: TickOptions) => Promise<number>;

/** In the order in which one sees what the one before found. Loaded when the first tick comes: a server has none. */
const parts: Record<string, () => Promise<Work>> = {
  monitors: async () => {
    const { runDueMonitors } = await import('./monitor-run.ts');
    return async (config, store, options) => (await runDueMonitors(config, store, options)).length;
  },
  alerts: async () => {
    const { raiseAlerts } = await import('./alert-raise.ts');
    return async (_, store, options) => (await raiseAlerts(store, options)).length;
  },
  triggers: async () => {
    const { fireTriggers } = await import('./trigger-fire.ts');
    return async (config, store, options) => (await fireTriggers(config, store, options)).length;
  },
  deliveries: async () => {
    const { deliverDue } = await import('./deliver.ts');
    return async ({ channels }, store, options) => {
      const { delivered, failed, dead } = await deliverDue(store, { ...options, channels });
      return delivered + failed + dead;
    };
  },
};

/**
 * The minute's work of the loop, in every project: each part on its own, so that one that fails stops no other. Done twice at once it does
 * nothing twice: every part writes down what it did under a key.
 */
export async function tick(config: Config, store: OpenStore, options: TickOptions): Promise<TickPart[]> {
  const did: TickPart[] = [];
  for (const { name } of await store.access.listProjects()) {
    const scoped = name === store.project ? store : store.forProject(name);
    for (const [part, load] of Object.entries(parts))
      did.push(
        await isolated({ project: name, part }, options.logger, async () => (await load())(config, scoped, options)),
      );
  }
  return did;
}

async function isolated(
  place: Pick<TickPart, 'project' | 'part'>,
  logger: Logger,
  work: () => Promise<number>,
): Promise<TickPart> {
  try {
    return { ...place, done: await work(), error: null };
  } catch (thrown) {
    const error = toMitateError(thrown);
    logger.error('a part of the tick failed', { ...place, code: error.code, error: error.message });
    return { ...place, done: 0, error };
  }
}
