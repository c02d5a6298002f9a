import type { Finding, MonitorState } from '../contracts/loop/monitor.ts';

/** What the policy looks at; a stored result of a monitor has it. */
export interface JudgedWindow {
  state: MonitorState;
  windowStart: Date;
  windowEnd: Date;
  finding: Pick<Finding, 'p' | 'threshold'>;
}

/** `raise`: this is an alert (also while one is open). `clear`: it is over. `hold`: nothing changes. */
export type Alarm = 'raise' | 'clear' | 'hold';

/** Spent by all tests of an endpoint at a time: 0.02 over ten monitors is 0.002 each. `npm run bench -- feedback --only month` measures what comes of it. */
const shareOfTests = 0.02;
/**
 * No finer: permutations tell no more in the time that a window may take. An alarm needs two windows at it, which come together by chance once
 * in 3,700 days of three windows a minute.
 */
const finest = 2.5e-4;
/** Below threshold x this a test needs no second window: thirty daily ones together spend as much as a month's pairs. */
const beyondDoubt = 1 / 30;
/** Quiet windows in a row that end an alert. */
const quietWindows = 2;

/**
 * Chance of a breach without a change that each test of an endpoint is given.
 * @param tests that run at a time, >= 1
 * @param checksADay how often each runs; less than daily is as daily
 * @returns 0.00025..0.02
 */
export function alphaOfEach(tests: number, checksADay = 1): number {
  return Math.max(finest, shareOfTests / Math.max(1, tests) / Math.max(1, checksADay));
}

/**
 * What the results of one monitor amount to. A test's breach is an alarm when it is beyond doubt, or when the breach before it was found in a
 * window that shares no request with this one and no quiet window lies between. A fixed threshold is what somebody chose: beyond it is an alarm.
 * Windows without enough data, and checks that failed, say nothing.
 * @param results newest first
 */
export function alarm(results: readonly JudgedWindow[]): Alarm {
  const heard = results.filter(({ state }) => state === 'ok' || state === 'breach');
  const [newest] = heard;
  if (newest === undefined) return 'hold';
  if (newest.state === 'ok') {
    const quiet = heard.slice(0, quietWindows);
    return quiet.length === quietWindows && quiet.every(({ state }) => state === 'ok') ? 'clear' : 'hold';
  }
  return isBeyondDoubt(newest.finding) || wasSeenBefore(newest, heard) ? 'raise' : 'hold';
}

function isBeyondDoubt({ p, threshold }: JudgedWindow['finding']): boolean {
  return p === null || p < (threshold ?? 0) * beyondDoubt;
}

function wasSeenBefore(newest: JudgedWindow, heard: readonly JudgedWindow[]): boolean {
  const ended = heard.findIndex(({ state }) => state === 'ok');
  const streak = ended === -1 ? heard : heard.slice(0, ended);
  return streak.some(({ windowEnd }) => windowEnd <= newest.windowStart);
}
