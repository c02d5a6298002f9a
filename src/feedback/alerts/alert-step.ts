import type { Alert } from '../../contracts/loop/alert.ts';
import type { MonitorResult } from '../../contracts/loop/monitor.ts';
import type { AlertChange } from '../../store/alerts/contract.ts';
import { alarm } from '../alarm-policy.ts';

/** What new results make of a monitor's alert. */
export type AlertStep =
  | { kind: 'none' }
  /** By the newest breach. */
  | { kind: 'open'; breach: MonitorResult; since: Date }
  | { kind: 'change'; change: AlertChange; tells: 'opened' | 'resolved' | null };

const none: AlertStep = { kind: 'none' };

/**
 * One alert a monitor: opened when the policy raises, kept up to date while it does, resolved when it clears. What was looked at before is not
 * looked at again, so an alert that somebody resolved comes back only with the next breach.
 * @param last the monitor's newest alert, live or resolved
 * @param results newest first
 */
export function alertStep(last: Alert | null, results: readonly MonitorResult[], now: Date): AlertStep {
  const [newest] = results;
  const live = last !== null && last.state !== 'resolved' ? last : null;
  const isNew = ({ seq }: MonitorResult) => seq > (last?.resultSeq ?? 0);
  if (newest === undefined || !isNew(newest)) return live ? unsilenced(live, now) : none;
  const verdict = alarm(results);
  // a window without data, or a check that failed, may have come since
  const breach = results.find((result) => result.state === 'breach' && isNew(result));
  if (live === null) return verdict === 'raise' && breach ? { kind: 'open', breach, since: sinceOf(results) } : none;
  if (verdict === 'clear') return resolved(live, newest, now);
  const wakes = wokenBy(live, now);
  return {
    kind: 'change',
    tells: wakes ? 'opened' : null,
    change: {
      resultSeq: newest.seq,
      ...(breach && {
        lastSeenAt: breach.at,
        windowStart: breach.windowStart,
        windowEnd: breach.windowEnd,
        finding: breach.finding,
      }),
      ...(wakes && woken(now)),
    },
  };
}

/** Start of the oldest breach that no quiet window parts from the newest. */
function sinceOf(results: readonly MonitorResult[]): Date {
  const quiet = results.findIndex(({ state }) => state === 'ok');
  const streak = quiet === -1 ? results : results.slice(0, quiet);
  const starts = streak.filter(({ state }) => state === 'breach').map(({ windowStart }) => windowStart.getTime());
  return new Date(Math.min(...starts));
}

function resolved(live: Alert, newest: MonitorResult, now: Date): AlertStep {
  const entry = { at: now.toISOString(), who: 'mitate', what: `resolved: ${newest.finding.said}` };
  const change: AlertChange = { state: 'resolved', resolvedAt: now, silencedUntil: null, resultSeq: newest.seq, entry };
  // whoever asked for silence is not told of its end
  return { kind: 'change', change, tells: live.state === 'silenced' ? null : 'resolved' };
}

const wokenBy = ({ state, silencedUntil }: Alert, now: Date) =>
  state === 'silenced' && silencedUntil !== null && silencedUntil <= now;

const woken = (now: Date): AlertChange => ({
  state: 'open',
  silencedUntil: null,
  entry: { at: now.toISOString(), who: 'mitate', what: 'open again: the silence is over' },
});

function unsilenced(live: Alert, now: Date): AlertStep {
  return wokenBy(live, now) ? { kind: 'change', change: woken(now), tells: 'opened' } : none;
}
