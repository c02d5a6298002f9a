import type { Alert } from '../../contracts/loop/alert.ts';
import type { MonitorResult } from '../../contracts/loop/monitor.ts';
import type { AlertChange } from '../../store/alerts/contract.ts';
import { alarm } from '../alarm-policy.ts';

/** The change of a monitor's alert after new results. */
export type AlertStep =
  | { kind: 'none' }
  | { kind: 'open'; breach: MonitorResult; since: Date }
  | { kind: 'change'; change: AlertChange; news: 'opened' | 'resolved' | null };

const none: AlertStep = { kind: 'none' };

/**
 * One alert per monitor: opened when the policy raises, updated while it does, resolved when it clears. Each result counts once, so an alert that
 * was resolved manually reopens only with the next breach.
 * @param last the monitor's newest alert, live or resolved
 * @param results newest first
 */
export function alertStep(last: Alert | null, results: readonly MonitorResult[], now: Date): AlertStep {
  const [newest] = results;
  const live = last !== null && last.state !== 'resolved' ? last : null;
  const isNew = ({ seq }: MonitorResult) => seq > (last?.resultSeq ?? 0);
  if (newest === undefined || !isNew(newest)) return live ? unsilenced(live, now) : none;
  const verdict = alarm(results);
  // the newest result may be a window without data or a failed check
  const breach = results.find((result) => result.state === 'breach' && isNew(result));
  if (live === null) return verdict === 'raise' && breach ? { kind: 'open', breach, since: sinceOf(results) } : none;
  if (verdict === 'clear') return resolved(live, newest, now);
  const reopens = silenceEnded(live, now);
  return {
    kind: 'change',
    news: reopens ? 'opened' : null,
    change: {
      resultSeq: newest.seq,
      ...(breach && {
        lastSeenAt: breach.at,
        windowStart: breach.windowStart,
        windowEnd: breach.windowEnd,
        finding: breach.finding,
      }),
      ...(reopens && reopened(now)),
    },
  };
}

/** Start of the oldest breach without an ok window after it. */
function sinceOf(results: readonly MonitorResult[]): Date {
  const ok = results.findIndex(({ state }) => state === 'ok');
  const streak = ok === -1 ? results : results.slice(0, ok);
  const starts = streak.filter(({ state }) => state === 'breach').map(({ windowStart }) => windowStart.getTime());
  return new Date(Math.min(...starts));
}

function resolved(live: Alert, newest: MonitorResult, now: Date): AlertStep {
  const entry = { at: now.toISOString(), who: 'mitate', what: `resolved: ${newest.finding.said}` };
  const change: AlertChange = { state: 'resolved', resolvedAt: now, silencedUntil: null, resultSeq: newest.seq, entry };
  // no message after a silence
  return { kind: 'change', change, news: live.state === 'silenced' ? null : 'resolved' };
}

const silenceEnded = ({ state, silencedUntil }: Alert, now: Date) =>
  state === 'silenced' && silencedUntil !== null && silencedUntil <= now;

const reopened = (now: Date): AlertChange => ({
  state: 'open',
  silencedUntil: null,
  entry: { at: now.toISOString(), who: 'mitate', what: 'reopened: the silence ended' },
});

function unsilenced(live: Alert, now: Date): AlertStep {
  return silenceEnded(live, now) ? { kind: 'change', change: reopened(now), news: 'opened' } : none;
}
