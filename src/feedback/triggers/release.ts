import { eventKey } from '../../contracts/loop/event-key.ts';
import type { ReleaseStart } from '../../contracts/release.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** The newest release that landed for the environment without a run of its own; the ones before it are answered for. */
export function releaseEvent(environment: string, since: Date, starts: readonly ReleaseStart[]): TriggerEvent | null {
  const landed = starts
    .filter((start) => start.environment === environment && start.state === 'landed' && start.runId === null)
    .filter(({ at }) => at > since)
    .toSorted((a, b) => b.seq - a.seq);
  const [newest, ...older] = landed;
  if (newest === undefined) return null;
  return {
    key: eventKey('release', newest.seq),
    why: `release ${newest.release} landed for ${environment}`,
    evidence: { release: newest.release, environment, start: newest.seq },
    otherwise: 'held',
    covers: older.map(({ seq }) => eventKey('release', seq)),
  };
}
