import { type ArmCounts, promotionPolicySchema } from '../../src/contracts/loop/promotion.ts';
import { judgeCanary } from '../../src/feedback/promotion/judge-canary.ts';
import { judgeShadow } from '../../src/feedback/promotion/judge-pairs.ts';
import { wilsonInterval } from '../../src/math/stats/proportion.ts';
import { Random } from '../../src/math/stats/random.ts';
import type { BenchContext, Figure } from '../figure.ts';

const steps = 2_000;
const looksEvery = 20;
const { alpha, canary, shadow } = promotionPolicySchema.parse({});
const noLabels = { bothRight: 0, bothWrong: 0, candidateOnly: 0, championOnly: 0 };
const wanted = canary.requestsAStep;
const share = canary.steps[0]! / 100;

/** How often answers of a version fail, are slow, are wrong where a label tells (a third of them), and what they say. */
interface Version {
  failed: number;
  slow: number;
  wrong: number;
  unwell: number;
  /** Confidence lies evenly between this and 1. */
  leastSure: number;
}

const usual: Version = { failed: 0.01, slow: 0.03, wrong: 0.1, unwell: 0.6, leastSure: 0.6 };
const worse: Record<string, Partial<Version>> = {
  'errors 1 % -> 15 %': { failed: 0.15 },
  'slow answers 3 % -> 20 %': { slow: 0.2 },
  'wrong answers 10 % -> 40 %': { wrong: 0.4 },
  'unwell 60 % -> 95 % of the answers': { unwell: 0.95 },
  'confidence 80 % -> 65 %': { leastSure: 0.3 },
};

/** The tests of a canary's step, evaluated after every 20 requests: how often they turn back one that is as good, and find one that is not. */
export async function canaryAnalysis({ options, log }: BenchContext): Promise<Figure[]> {
  const count = Math.max(20, Math.round(steps * options.scale));
  const figures: Figure[] = [];
  for (const [world, burst] of [
    ['steady', false],
    ['with hours in which a third of all requests fail', true],
  ] as const) {
    const back = simulate(count, usual, burst, `as good ${world}`);
    const { high } = wilsonInterval(back.turnedBack, count);
    log(`${world}: ${back.turnedBack} of ${count}`);
    figures.push({
      what: `canary as good as the champion, ${world}: steps of ${wanted} requests at ${100 * share} % that roll it back`,
      got: `${percent(back.turnedBack / count)}, upper end ${percent(high)}`,
      toReach: `<= ${percent(alpha)} (the policy's alpha)`,
      met: back.turnedBack / count <= alpha,
      note: `${count} steps, evaluated after every ${looksEvery} requests`,
    });
  }
  const some = Math.max(20, Math.round(count / 10));
  for (const [what, change] of Object.entries(worse)) {
    const back = simulate(some, { ...usual, ...change }, false, what);
    figures.push({
      what: `canary with ${what}: steps that roll it back; its requests until then`,
      got: `${percent(back.turnedBack / some)}; ${back.medianRequests ?? '-'}`,
      toReach: 'no target',
      met: null,
      note: `${some} steps`,
    });
  }
  return [...figures, ...shadows(count)];
}

/** Confidence on the same photos: of two models that are independent of each other, which is the hardest to tell. */
function shadows(count: number): Figure[] {
  const some = Math.max(20, Math.round(count / 10));
  const good = shadowsTurnedBack(count, usual.leastSure);
  const { high } = wilsonInterval(good, count);
  const worse = shadowsTurnedBack(some, 0.3);
  return [
    {
      what: `shadow as good as the champion: ${shadow.requests} requests that roll it back`,
      got: `${percent(good / count)}, upper end ${percent(high)}`,
      toReach: `<= ${percent(alpha)} (the policy's alpha)`,
      met: good / count <= alpha,
      note: `${count} shadows, evaluated after every ${looksEvery} requests; 4 % different answers, 0.3 % failures`,
    },
    {
      what: `shadow with confidence 80 % -> 65 %: ${shadow.requests} requests that roll it back`,
      got: percent(worse / some),
      toReach: 'no target',
      met: null,
      note: `${some} shadows`,
    },
  ];
}

function shadowsTurnedBack(count: number, leastSure: number): number {
  const random = new Random(`shadow ${leastSure}`);
  const sure = (least: number) => least + (1 - least) * random.float();
  const limits = { maxDisagreement: shadow.maxDisagreement, alpha, overrule: true };
  let turnedBack = 0;
  for (let i = 0; i < count; i++) {
    const pairs = Array.from({ length: shadow.requests }, (_, id) => ({
      id: `${id}`,
      status: random.float() < 0.003 ? 500 : 200,
      champion: 'unwell',
      candidate: random.float() < 0.04 ? 'healthy' : 'unwell',
      championSure: sure(usual.leastSure),
      candidateSure: sure(leastSure),
    }));
    const isTurnedBack = (seen: number) => {
      const facts = { pairs: pairs.slice(0, seen), labelled: noLabels, wasBetter: false };
      return judgeShadow(facts, shadow.requests, limits).some(({ verdict }) => verdict === 'fail');
    };
    for (let seen = looksEvery; seen <= shadow.requests; seen += looksEvery)
      if (isTurnedBack(seen)) {
        turnedBack++;
        break;
      }
  }
  return turnedBack;
}

function simulate(count: number, candidate: Version, burst: boolean, seed: string) {
  const random = new Random(seed);
  const until: number[] = [];
  for (let step = 0; step < count; step++) {
    const requests = oneStep(candidate, burst, random);
    if (requests !== null) until.push(requests);
  }
  until.sort((a, b) => a - b);
  return { turnedBack: until.length, medianRequests: until[until.length >> 1] ?? null };
}

/** @returns requests of the canary after which it was turned back; null = it went on */
function oneStep(version: Version, burst: boolean, random: Random): number | null {
  const arms = { champion: nothing(), candidate: nothing() };
  for (let i = 1; arms.candidate.requests < wanted; i++) {
    const isCanary = random.float() < share;
    const isBad = burst && Math.floor(i / 200) % 3 === 1;
    request(isCanary ? arms.candidate : arms.champion, isCanary ? version : usual, isBad, random);
    if (i % looksEvery !== 0 && arms.candidate.requests < wanted) continue;
    const facts = { ...arms, share, slowMs: 20, knownDisagreement: null, wasBetter: false };
    const checks = judgeCanary(facts, { wanted, alpha, maxDisagreement: 0.1, overrule: true });
    if (checks.some(({ verdict }) => verdict === 'fail')) return arms.candidate.requests;
  }
  return null;
}

function request(arm: ArmCounts, version: Version, isBad: boolean, random: Random): void {
  arm.requests++;
  if (random.float() < (isBad ? 1 / 3 : version.failed)) {
    arm.failed++;
    return;
  }
  if (random.float() < version.slow) arm.slow++;
  arm.answered++;
  const label = random.float() < version.unwell ? 'unwell' : 'healthy';
  arm.labels[label] = (arm.labels[label] ?? 0) + 1;
  arm.unsure[Math.floor(random.float() * (1 - version.leastSure) * 100)]!++;
  if (random.float() > 1 / 3) return;
  arm.labelled++;
  if (random.float() < version.wrong) arm.wrong++;
}

function nothing(): ArmCounts {
  const unsure = new Array<number>(100).fill(0);
  return { requests: 0, failed: 0, slow: 0, answered: 0, labels: {}, unsure, labelled: 0, wrong: 0 };
}

const percent = (value: number) => `${Number((100 * value).toFixed(2))} %`;
