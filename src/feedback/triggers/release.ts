import type { ReleaseStart } from '../../contracts/release.ts';
import type { Occasion } from './occasion.ts';

/** The newest release that landed for the environment without a run of its own; the ones before it are answered for. */
export function releaseOccasion(environment: string, since: Date, starts: readonly ReleaseStart[]): Occasion | null {
  const landed = starts
    .filter((start) => start.environment === environment && start.state === 'landed' && start.runId === null)
    .filter(({ at }) => at > since)
    .toSorted((a, b) => b.seq - a.seq);
  const [newest, ...older] = landed;
  if (newest === undefined) return null;
  return {
    key: releaseKey(newest.seq),
    why: `release ${newest.release} landed for ${environment}`,
    evidence: { release: newest.release, environment, start: newest.seq },
    otherwise: 'held',
    covers: older.map(({ seq }) => releaseKey(seq)),
  };
}

/** Of the occasion that a landing is. */
export const releaseKey = (seq: number) => `release:${seq}`;
