import type { Finding, MonitorState } from '../contracts/loop/monitor.ts';

/** The fields of a stored monitor result that the policy uses. */
export interface JudgedWindow {
  state: MonitorState;
  windowStart: Date;
  windowEnd: Date;
  finding: Pick<Finding, 'p' | 'threshold'>;
}

/** `raise`: alert (also while one is open). `clear`: resolve it. `hold`: no change. */
export type Alarm = 'raise' | 'clear' | 'hold';

/** Alpha of all tests of an endpoint together: with ten monitors 0.002 each. `npm run bench -- feedback --only month` measures the result. */
const totalAlpha = 0.02;
/**
 * Lower bound: permutations resolve no smaller p in the time of a window. An alert needs two such windows; at three windows a minute that happens
 * by chance once in 3,700 days.
 */
const minAlpha = 2.5e-4;
/** Below threshold x this one window is enough: thirty daily windows spend as much alpha as a month's pairs. */
const decisiveFactor = 1 / 30;
/** Consecutive ok windows that resolve an alert. */
const okWindows = 2;

/**
 * Alpha of each test of an endpoint: its probability of a breach without a change.
 * @param tests number of tests, >= 1
 * @param checksADay runs of each test per day; below 1 counts as 1
 * @returns 0.00025..0.02
 */
export function alphaOfEach(tests: number, checksADay = 1): number {
  return Math.max(minAlpha, totalAlpha / Math.max(1, tests) / Math.max(1, checksADay));
}

/**
 * Decides on one monitor's alert. A test's breach raises it if it is decisive, or if an earlier breach of the same streak comes from a window
 * without common requests. A breach of a fixed threshold always raises it. Results without enough data, and failed checks, are ignored.
 * @param results newest first
 */
export function alarm(results: readonly JudgedWindow[]): Alarm {
  const judged = results.filter(({ state }) => state === 'ok' || state === 'breach');
  const [newest] = judged;
  if (newest === undefined) return 'hold';
  if (newest.state === 'ok') {
    const latest = judged.slice(0, okWindows);
    return latest.length === okWindows && latest.every(({ state }) => state === 'ok') ? 'clear' : 'hold';
  }
  return isDecisive(newest.finding) || isRepeated(newest, judged) ? 'raise' : 'hold';
}

function isDecisive({ p, threshold }: JudgedWindow['finding']): boolean {
  return p === null || p < (threshold ?? 0) * decisiveFactor;
}

function isRepeated(newest: JudgedWindow, judged: readonly JudgedWindow[]): boolean {
  const ended = judged.findIndex(({ state }) => state === 'ok');
  const streak = ended === -1 ? judged : judged.slice(0, ended);
  return streak.some(({ windowEnd }) => windowEnd <= newest.windowStart);
}
