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

/** Chance of a breach a day, of all tests of an endpoint together: with ten monitors 0.002 each. */
const totalAlpha = 0.02;
/** Lower bound: permutations resolve no smaller p in the time of a window. */
const minAlpha = 2.5e-4;
/**
 * False alerts a year of all tests of an endpoint together, at most, while alpha is above `minAlpha`: up to 8 checks a day of 10 tests. More
 * checks may raise more. `npm run bench -- verdicts --only alarms` measures them.
 */
const falseAlertsAYear = 0.2;
/** Exponent of the wager on p: near 0 it gains most from very small p, near 1 from moderate ones. */
const stake = 0.1;
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
 * Decides on one monitor's alert. The breaches of a streak are evidence: p of each becomes the e-value stake p^(stake - 1) (Vovk & Wang 2021),
 * which is at most 1 on average without a change, and those of windows without common requests multiply. An alert is raised at the evidence
 * that, started anew after each ok window, takes as long to come by chance as the budget of the year allows: an e-detector's time to a false
 * alarm is on average at least its limit in windows, however often it is looked at (Shin, Ramdas & Rinaldo 2024). A breach of a fixed threshold
 * always raises. Results without enough data, and failed checks, are ignored.
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
  const { p, threshold } = newest.finding;
  if (p === null || threshold === null) return 'raise';
  return evidence(judged) >= evidenceNeeded(threshold) ? 'raise' : 'hold';
}

/** Windows of an endpoint's tests in the time in which the budget allows one false alert. @param alpha of each test: it falls as the windows of a day rise */
const evidenceNeeded = (alpha: number) => (365 * totalAlpha) / alpha / falseAlertsAYear;

/** Of the newest breaches back to the last ok window, of those without common requests. */
function evidence(judged: readonly JudgedWindow[]): number {
  let found = 1;
  let from = Number.POSITIVE_INFINITY;
  for (const { state, finding, windowStart, windowEnd } of judged) {
    if (state === 'ok') break;
    if (windowEnd.getTime() > from) continue;
    found *= stake * (finding.p ?? 1) ** (stake - 1);
    from = windowStart.getTime();
  }
  return found;
}
