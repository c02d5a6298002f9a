import type { StoredTrigger } from '../../contracts/loop/trigger.ts';
import { driftEvent } from '../../feedback/triggers/drift.ts';
import { callEvent } from '../../feedback/triggers/new-data.ts';
import { accuracyEvent } from '../../feedback/triggers/performance.ts';
import { releaseEvent } from '../../feedback/triggers/release.ts';
import { dueMoment, handledMoment } from '../../feedback/triggers/schedule.ts';
import type { TriggerEvent } from '../../feedback/triggers/trigger-event.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { type OpenEvent, watchedEvent } from './watched-event.ts';

/** Newest firings that are read to find answered events. */
const mostFirings = 200;

/** Events that could fire the trigger now. */
export async function openEvents(
  store: Pick<OpenStore, 'triggers' | 'alerts' | 'monitors' | 'releases'>,
  trigger: StoredTrigger,
  now: Date,
): Promise<OpenEvent[]> {
  const { when } = trigger;
  switch (when.kind) {
    case 'schedule':
      return listed(dueMoment(when, trigger.since, await handledMoments(store, trigger.name), now));
    case 'drift':
      return await drift(store, trigger.name, when);
    case 'performance':
      return await performance(store, trigger, when);
    case 'new-data':
      return [...(await calls(store, trigger.name, when.minPhotos)), ...(await watched(store, trigger, when, now))];
    case 'release':
      return listed(
        releaseEvent(when.environment, trigger.since, await store.releases.listStarts({ limit: mostFirings })),
      );
    case 'demand':
      return [];
  }
}

type When<K> = Extract<StoredTrigger['when'], { kind: K }>;

const listed = (event: TriggerEvent | null): OpenEvent[] => (event === null ? [] : [event]);

async function handledMoments({ triggers }: Pick<OpenStore, 'triggers'>, trigger: string) {
  const firings = await triggers.listFirings({ trigger, kind: 'schedule', limit: mostFirings });
  return firings.toReversed().flatMap(({ occasion, evidence, at }) => handledMoment(occasion, evidence, at) ?? []);
}

async function drift(
  store: Pick<OpenStore, 'alerts' | 'triggers'>,
  trigger: string,
  { endpoint, monitors }: When<'drift'>,
): Promise<OpenEvent[]> {
  const open = await store.alerts.listAlerts({ states: ['open', 'acknowledged'], endpoint, limit: mostFirings });
  const answered = await store.triggers.listFirings({ trigger, kind: 'alert', limit: 5 * mostFirings });
  const keys = new Set<string>(answered.filter(({ state }) => state !== 'held').map(({ occasion }) => occasion));
  const alerts = open.map(({ finding, ...alert }) => ({ ...alert, found: finding.said }));
  return listed(driftEvent(monitors, alerts, (key) => keys.has(key)));
}

async function performance(
  store: Pick<OpenStore, 'monitors'>,
  { since }: StoredTrigger,
  when: When<'performance'>,
): Promise<OpenEvent[]> {
  const results = await store.monitors.latestResults();
  const newest = results
    .filter(({ endpoint, kind, at }) => endpoint === when.endpoint && kind === 'measured-accuracy' && at > since)
    .toSorted((a, b) => b.windowEnd.getTime() - a.windowEnd.getTime());
  return newest.flatMap((result) => listed(accuracyEvent(when, result)));
}

async function calls(
  { triggers }: Pick<OpenStore, 'triggers'>,
  trigger: string,
  minPhotos: number,
): Promise<OpenEvent[]> {
  const pending = await triggers.listFirings({ trigger, state: 'held', kind: 'call', limit: 1_000 });
  return listed(
    callEvent(
      minPhotos,
      pending.toReversed().map(({ occasion, evidence }) => ({ key: occasion, photos: Number(evidence.photos ?? 0) })),
    ),
  );
}

async function watched(
  { triggers }: Pick<OpenStore, 'triggers'>,
  trigger: StoredTrigger,
  { folder, minPhotos }: When<'new-data'>,
  now: Date,
): Promise<OpenEvent[]> {
  return folder === null ? [] : await watchedEvent(triggers, trigger, { folder, minPhotos }, now);
}
