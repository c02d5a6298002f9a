import { eventKey } from '../../contracts/loop/event-key.ts';
import type { ReleaseStart } from '../../contracts/release.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** The newest release that was deployed to the environment without starting a run; it covers the older ones. */
export function releaseEvent(environment: string, since: Date, starts: readonly ReleaseStart[]): TriggerEvent | null {
  const deployed = starts
    .filter((start) => start.environment === environment && start.state === 'landed' && start.runId === null)
    .filter(({ at }) => at > since)
    .toSorted((a, b) => b.seq - a.seq);
  const [newest, ...older] = deployed;
  if (newest === undefined) return null;
  return {
    key: eventKey('release', newest.seq),
    why: `release ${newest.release} was deployed to ${environment}`,
    evidence: { release: newest.release, environment, start: newest.seq },
    otherwise: 'held',
    covers: older.map(({ seq }) => eventKey('release', seq)),
  };
}
