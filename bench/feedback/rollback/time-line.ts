import type { ArmCounts, Promotion } from '../../../src/contracts/loop/promotion.ts';
import { judgeCanary } from '../../../src/feedback/promotion/judge-canary.ts';
import type { OpenStore } from '../../../src/store/open-store.ts';

/** One request of a canary's step, as it was logged. */
interface Logged {
  at: Date;
  isCandidate: boolean;
  status: number;
  latencyMs: number;
  label: string | null;
  probability: number | null;
}

/** Milliseconds of a breach. */
export interface TimeLine {
  /** From the request that makes a check fail to the last one that the candidate answered. */
  toLastAnswer: number;
  /** To the look that decided; what it cost is on top. */
  toLook: number;
  /** Requests of the step until that one. */
  requests: number;
}

/** When the log itself would first have turned the canary back, against what happened. Null: it never would have. */
export async function timeLineOf(store: OpenStore, promotion: Promotion): Promise<TimeLine | null> {
  const { policy, decisions } = promotion;
  const step = decisions.findLast(({ state }) => state === 'canary')!;
  const rows = await requestsSince(store, promotion, new Date(step.at));
  const usualMs = await store.promotions.latencyBefore(promotion, promotion.createdAt, 0.95);
  const arms = { champion: nothing(), candidate: nothing() };
  const settings = { wanted: policy.canary.requestsAStep, alpha: policy.alpha, maxDisagreement: 0.1, overrule: true };
  const slowMs = 2 * usualMs!;
  const share = policy.canary.steps[0]! / 100;
  const breach = rows.findIndex((row) => {
    count(row, row.isCandidate ? arms.candidate : arms.champion, slowMs);
    const checks = judgeCanary({ ...arms, share, slowMs, knownDisagreement: null, wasBetter: false }, settings);
    return checks.some(({ verdict }) => verdict === 'fail');
  });
  if (breach < 0) return null;
  const from = rows[breach]!.at.getTime();
  const last = rows.findLast(({ isCandidate }) => isCandidate)!.at.getTime();
  return { toLastAnswer: last - from, toLook: promotion.endedAt!.getTime() - from, requests: breach + 1 };
}

async function requestsSince(store: OpenStore, { endpoint, version }: Promotion, since: Date): Promise<Logged[]> {
  const { rows } = await store.connection.pool.query<Logged>(
    `select logging_time as at, model_version = $2 as "isCandidate", status, latency_ms as "latencyMs", label, coalesce(positive_probability, probability) as probability
     from fact_requests where endpoint = $1 and logging_time >= $3 and shadow_of is null order by logging_time`,
    [endpoint, version, since],
  );
  return rows;
}

/** Answers of a question: P(positive), whatever the answer. */
function count({ status, latencyMs, label, probability }: Logged, arm: ArmCounts, slowMs: number): void {
  arm.requests++;
  if (status >= 500) arm.failed++;
  if (status !== 200) return;
  arm.answered++;
  if (latencyMs > slowMs) arm.slow++;
  arm.labels[label!] = (arm.labels[label!] ?? 0) + 1;
  arm.unsure[Math.min(99, Math.floor((1 - Math.max(probability!, 1 - probability!)) * 100))]!++;
}

const nothing = (): ArmCounts => ({
  requests: 0,
  failed: 0,
  slow: 0,
  answered: 0,
  labels: {},
  unsure: new Array<number>(100).fill(0),
  labelled: 0,
  wrong: 0,
});
