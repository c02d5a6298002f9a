import { dayMs } from '../../codecs/duration.ts';
import type { MaturityAnswer } from '../../contracts/api/maturity.ts';
import type { Alert } from '../../contracts/loop/alert.ts';
import type { Behaviour } from '../../contracts/loop/behaviour.ts';
import type { LabelDelay } from '../../contracts/loop/feedback.ts';
import type { Agreement, Labeller } from '../../contracts/loop/labellers.ts';
import type { MonitorResult } from '../../contracts/loop/monitor.ts';
import type { Promotion } from '../../contracts/loop/promotion.ts';
import type { Firing } from '../../contracts/loop/trigger.ts';
import type { ReleaseStart } from '../../contracts/release.ts';
import type { RunRecord } from '../../contracts/run.ts';
import { MitateError } from '../../errors/index.ts';
import {
  accuracyBySeverity,
  type MeasuredAccuracy,
  measuredAccuracy,
  type SeverityAccuracy,
} from '../../feedback/labels/measured-accuracy.ts';
import type { PeriodFilter } from '../../store/feedback/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { StepCost, TrafficDay, TrafficTotals } from '../../store/reports/contract.ts';
import { behaviour } from '../feedback/behaviour.ts';
import { followedStarts } from '../releases/releases.ts';
import { labelAgreement, listLabellers } from '../review/labellers.ts';
import { maturity } from './maturity.ts';

/** A project's activity over a period. */
export interface Report {
  project: string;
  from: Date;
  to: Date;
  traffic: { totals: TrafficTotals[]; days: TrafficDay[] };
  /** `measured` is computed from the labels themselves; `results` are of the monitors, which judge a window once. */
  quality: {
    measured: MeasuredAccuracy[];
    bySeverity: SeverityAccuracy[];
    results: MonitorResult[];
    delays: ({ endpoint: string } & LabelDelay)[];
  };
  /** How far labellers agree, and how often each is right, on predictions of the period. */
  labels: { agreement: Agreement[]; labellers: Labeller[] };
  /** What users did with the predictions of the period, per version and role, and what those were worth. */
  business: Behaviour[];
  /** Alerts that were open at some time of the period. */
  drift: { monitors: MonitorSummary[]; alerts: Alert[] };
  cost: { steps: StepCost[]; trainingS: number; inferenceS: number };
  runs: RunRecord[];
  firings: Firing[];
  promotions: Promotion[];
  releases: ReleaseStart[];
  /** At the end of the period; not of the period alone. */
  maturity: MaturityAnswer[];
}

/** A monitor over the period, with its latest result. */
export interface MonitorSummary {
  latest: MonitorResult;
  windows: number;
  breaches: number;
}

const mostResults = 10_000;
const longestMs = 400 * dayMs;

interface ReportOptions {
  lastMs: number;
  now: Date;
  /** Default: computed here. It resamples: a server asks a child process. */
  agreement?: (filter: PeriodFilter) => Promise<Agreement[]>;
}

/** @throws REPORT_TIME_INVALID */
export async function makeReport(
  store: OpenStore,
  { lastMs, now, agreement = (filter) => labelAgreement(store, filter) }: ReportOptions,
): Promise<Report> {
  if (!(lastMs > 0 && lastMs <= longestMs)) throw new MitateError('REPORT_TIME_INVALID', { days: lastMs / dayMs });
  const [from, to] = [new Date(now.getTime() - lastMs), now];
  const since = <T>(all: readonly T[], at: (each: T) => Date) =>
    all.filter((each) => at(each) >= from && at(each) <= to);
  const totals = await store.reports.trafficTotals(from, to);
  const results = await store.monitors.listResults({ from, limit: mostResults });
  const labelled = await store.reports.labelledCounts(from, to);
  const steps = await store.reports.stepCosts(from, to);
  return {
    project: store.project,
    from,
    to,
    traffic: { totals, days: await store.reports.trafficDays(from, to) },
    quality: {
      measured: measuredAccuracy(labelled),
      bySeverity: accuracyBySeverity(labelled),
      results: results.filter(({ kind }) => isQuality(kind)),
      delays: await delays(store, totals, from, to),
    },
    labels: {
      agreement: await agreement({ from, to }),
      labellers: await listLabellers(store, { from, to }),
    },
    business: await behaviour(store, { from, to }),
    drift: {
      monitors: summarise(results),
      alerts: (await store.alerts.listAlerts({ limit: 1_000 })).filter(
        ({ openedAt, resolvedAt }) => openedAt <= to && (resolvedAt === null || resolvedAt >= from),
      ),
    },
    cost: {
      steps,
      trainingS: sum(steps.map(({ seconds }) => seconds)),
      inferenceS: sum(totals.map((each) => each.inferenceS)),
    },
    runs: since(await store.listRuns({ limit: 1_000 }), ({ startedAt }) => startedAt),
    firings: since(await store.triggers.listFirings({ limit: 1_000 }), ({ at }) => at),
    promotions: since(await store.promotions.list({ limit: 200 }), ({ createdAt }) => createdAt),
    releases: since(await followedStarts(store), ({ at }) => at),
    maturity: await maturity(store, now),
  };
}

const isQuality = (kind: string) => kind === 'measured-accuracy' || kind === 'estimated-accuracy';
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

async function delays(store: Pick<OpenStore, 'feedback'>, totals: readonly TrafficTotals[], from: Date, to: Date) {
  return await Promise.all(
    totals.map(async ({ endpoint }) => ({ endpoint, ...(await store.feedback.delay({ endpoint, from, to })) })),
  );
}

/** @param results newest first */
function summarise(results: readonly MonitorResult[]): MonitorSummary[] {
  const found = new Map<string, MonitorSummary>();
  for (const result of results) {
    const known = found.get(result.monitor) ?? { latest: result, windows: 0, breaches: 0 };
    known.windows++;
    if (result.state === 'breach') known.breaches++;
    found.set(result.monitor, known);
  }
  return [...found.values()].sort((a, b) => (a.latest.monitor < b.latest.monitor ? -1 : 1));
}
