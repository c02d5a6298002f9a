import { describe, expect, it } from 'vitest';
import type { Alert } from '../../contracts/loop/alert.ts';
import type { MonitorResult, MonitorState } from '../../contracts/loop/monitor.ts';
import { Random } from '../../math/stats/random.ts';
import { type AlertStep, alertStep } from './alert-step.ts';

const day = (n: number) => new Date(Date.UTC(2026, 2, n));

/** Of days in a row from March 1st, newest first; p is far below doubt. */
function results(...states: MonitorState[]): MonitorResult[] {
  return states
    .map((state, i): MonitorResult => {
      const finding = {
        state,
        statistic: 1,
        p: 1e-9,
        threshold: 0.002,
        interval: null,
        said: `day ${i + 1}`,
        movers: [],
        details: {},
      };
      const window = { windowStart: day(i + 1), windowEnd: day(i + 2), at: day(i + 2) };
      return { seq: i + 1, monitor: 'm', endpoint: 'leaf', kind: 'label-drift', state, finding, ...window };
    })
    .reverse();
}

function alert(change: Partial<Alert> = {}): Alert {
  const { finding } = results('breach')[0]!;
  return {
    id: 'a',
    seq: 1,
    monitor: 'm',
    kind: 'label-drift',
    severity: 'warning',
    endpoint: 'leaf',
    state: 'open',
    since: day(1),
    openedAt: day(2),
    lastSeenAt: day(2),
    resultSeq: 1,
    windowStart: day(1),
    windowEnd: day(2),
    resolvedAt: null,
    silencedUntil: null,
    finding,
    remedy: '',
    timeline: [],
    ...change,
  };
}

describe('a monitor without an alert', () => {
  it.each<[string, MonitorState[]]>([
    ['nothing was found', ['ok', 'ok']],
    ['there is not enough data', ['not-enough-data']],
    ['its check fails', ['failed']],
    ['nothing ran', []],
  ])('gets none while %s', (_what, states) => {
    expect(alertStep(null, results(...states), day(5))).toEqual({ kind: 'none' });
  });

  it('gets one with the first breach beyond doubt, since the first window of the streak', () => {
    expect(alertStep(null, results('ok', 'breach'), day(3))).toMatchObject({ kind: 'open', since: day(2) });
    const streak = results('breach', 'ok', 'breach', 'not-enough-data', 'breach');
    expect(alertStep(null, streak, day(6))).toMatchObject({ kind: 'open', since: day(3), breach: { seq: 5 } });
  });

  it('gets one that says what the breach said, though a check without data came after it', () => {
    const step = alertStep(null, results('ok', 'breach', 'not-enough-data'), day(5));
    expect(step).toMatchObject({ kind: 'open', breach: { seq: 2, finding: { said: 'day 2' } } });
  });
});

describe('an open alert', () => {
  it('is left alone until there is a new result', () => {
    expect(alertStep(alert(), results('breach'), day(3))).toEqual({ kind: 'none' });
  });

  it.each([
    'open',
    'acknowledged',
  ] as const)('that is %s is kept up to date by the next breach, and nobody is told again', (state) => {
    const step = alertStep(alert({ state }), results('breach', 'breach'), day(3));
    expect(step).toMatchObject({ kind: 'change', news: null });
    expect(step).toMatchObject({ change: { resultSeq: 2, lastSeenAt: day(3), finding: { said: 'day 2' } } });
    expect(step).not.toHaveProperty('change.state');
  });

  it('keeps its finding over a quiet window, and is resolved by the second', () => {
    const quiet = alertStep(alert(), results('breach', 'ok'), day(3));
    expect(quiet).toMatchObject({ kind: 'change', news: null, change: { resultSeq: 2 } });
    expect(quiet).not.toHaveProperty('change.finding');
    const over = alertStep(alert({ resultSeq: 2 }), results('breach', 'ok', 'ok'), day(4));
    expect(over).toMatchObject({
      kind: 'change',
      news: 'resolved',
      change: { state: 'resolved', resolvedAt: day(4) },
    });
  });

  it('is kept up to date by a breach though a check that failed came after it', () => {
    const step = alertStep(alert(), results('breach', 'breach', 'failed'), day(4));
    expect(step).toMatchObject({ change: { resultSeq: 3, lastSeenAt: day(3), finding: { said: 'day 2' } } });
  });

  it('is not resolved by days without data', () => {
    const step = alertStep(alert(), results('breach', 'not-enough-data', 'failed', 'not-enough-data'), day(5));
    expect(step).toMatchObject({ kind: 'change', news: null });
    expect(step).not.toHaveProperty('change.state');
  });
});

describe('a silenced alert', () => {
  const silenced = (until: Date) => alert({ state: 'silenced', silencedUntil: until });

  it('is told of by nobody until then', () => {
    expect(alertStep(silenced(day(9)), results('breach', 'breach'), day(3))).toMatchObject({ news: null });
    expect(alertStep(silenced(day(9)), results('breach', 'breach'), day(3))).not.toHaveProperty('change.state');
  });

  it('is open again then, also without a new result', () => {
    const again = { kind: 'change', news: 'opened', change: { state: 'open', silencedUntil: null } };
    expect(alertStep(silenced(day(3)), results('breach'), day(3))).toMatchObject(again);
    expect(alertStep(silenced(day(3)), results('breach', 'breach'), day(3))).toMatchObject(again);
  });

  it('is resolved in silence', () => {
    const step = alertStep(silenced(day(9)), results('breach', 'ok', 'ok'), day(4));
    expect(step).toMatchObject({ news: null, change: { state: 'resolved' } });
  });
});

describe('a resolved alert', () => {
  const resolved = alert({ state: 'resolved', resolvedAt: day(2) });

  it('is not raised again by what it was raised by', () => {
    expect(alertStep(resolved, results('breach'), day(3))).toEqual({ kind: 'none' });
  });

  it.each([
    'not-enough-data',
    'failed',
  ] as const)('is not raised again by what it was raised by when the next check is %s', (state) => {
    expect(alertStep(resolved, results('breach', state), day(3))).toEqual({ kind: 'none' });
  });

  it('is followed by another with the next breach', () => {
    expect(alertStep(resolved, results('breach', 'breach'), day(3))).toMatchObject({
      kind: 'open',
      breach: { seq: 2 },
    });
  });
});

describe('whatever monitors find and people do', () => {
  it('an alert speaks of a breach that nobody resolved before, and is told once at either end', () => {
    const random = new Random('alerts');
    const states: MonitorState[] = ['ok', 'breach', 'not-enough-data', 'failed'];
    for (let round = 0; round < 300; round++) {
      const found: MonitorResult[] = [];
      let last = null as Alert | null;
      const told: string[] = [];
      for (let n = 1; n <= 30; n++) {
        const [result] = results(states[random.int(states.length)]!);
        const p = random.float() < 0.5 ? 1e-9 : 0.001;
        const window = { windowStart: day(n), windowEnd: day(n + 1), at: day(n + 1) };
        found.unshift({ ...result!, ...window, seq: n, finding: { ...result!.finding, p, said: `day ${n}` } });
        const chance = random.float();
        if (chance < 0.3) continue;
        if (chance < 0.4 && last && last.state !== 'resolved') {
          last = { ...last, state: 'resolved' };
          told.push('resolved');
        }
        const step: AlertStep = alertStep(last, found.slice(0, 31), day(n + 1));
        const newestBreach = found.find(({ state }) => state === 'breach');
        if (step.kind === 'open') {
          expect(last === null || last.state === 'resolved').toBe(true);
          expect(step.breach).toBe(newestBreach);
          expect(step.breach.seq).toBeGreaterThan(last?.resultSeq ?? 0);
          expect(step.since.getTime()).toBeLessThanOrEqual(step.breach.windowStart.getTime());
          last = alert({ resultSeq: step.breach.seq, finding: step.breach.finding });
          told.push('opened');
        } else if (step.kind === 'change') {
          last = { ...last!, ...step.change };
          if (step.news) told.push(step.news);
          expect(last.resultSeq).toBe(n);
          if (last.state === 'open') expect(last.finding.said).toBe(newestBreach!.finding.said);
        }
      }
      expect(told.every((news, i) => news === (i % 2 === 0 ? 'opened' : 'resolved'))).toBe(true);
    }
  });
});
