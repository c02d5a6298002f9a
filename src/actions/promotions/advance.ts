import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config/index.ts';
import type { DeploymentPlan, Endpoint } from '../../contracts/endpoint.ts';
import { checkPlan, planWith, planWithout, promotedPlan } from '../../contracts/endpoint-plan.ts';
import type { Logger } from '../../contracts/logger.ts';
import { activeStates, type Promotion, type PromotionState } from '../../contracts/loop/promotion.ts';
import { isMitateError, toMitateError } from '../../errors/index.ts';
import { advance } from '../../feedback/promotion/advance.ts';
import type { Decision } from '../../feedback/promotion/decision.ts';
import { bootGate } from '../../serving/deployments/boot-gate.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { PromotionMove } from '../../store/promotions/contract.ts';
import { planOf } from '../endpoints/plans.ts';
import { type DecisionToKeep, dropDecision, keepDecision } from './artifact.ts';
import { whileClaimed } from './claim.ts';
import { disagreementsIn } from './disagreements.ts';
import { factsOf, isCandidate } from './facts.ts';
import { replay } from './replay.ts';
import { overtakenBy } from './superseded.ts';

/** What goes on by itself in this process, also after a look has ended. */
export interface UnderWay {
  /** By promotion; whoever closes the store waits for them. */
  promotions: Map<string, Promise<unknown>>;
  /** Aborted when the process is to end: a replay is left to another. */
  signal: AbortSignal;
}

export interface AdvanceOptions {
  now: Date;
  logger: Logger;
  /**
   * With this each promotion goes on by itself, and the next call leaves it alone until it is done: one that replays or boots a version holds up no
   * breach of another. Absent: all are waited for.
   */
  underWay?: UnderWay;
}

const who = 'worker';
/** A canary of a million requests takes seconds to count: twice that is left to others, as far as a breach is still answered within 10 s. */
const longestPauseMs = 5_000;

/**
 * Moves every active promotion of every project on by what is known now: at most one step each. Whoever calls it, as often and in as many
 * processes as they like: each step is taken once.
 */
export async function advancePromotions(config: Config, store: OpenStore, options: AdvanceOptions): Promise<void> {
  const going = options.underWay?.promotions;
  const due = (await store.promotions.listActive()).filter(({ id }) => !going?.has(id));
  const work = due.map(async ({ id, project }) => {
    const start = performance.now();
    try {
      await advanceOne(config, store.forProject(project), id, options);
    } catch (error) {
      const { code, message } = toMitateError(error);
      options.logger.error('a promotion could not go on', { promotion: id, code, reason: message });
    }
    return performance.now() - start;
  });
  if (!going) return void (await Promise.all(work));
  for (const [i, { id }] of due.entries()) {
    going.set(id, work[i]!);
    void work[i]!.then(async (tookMs) => {
      await sleep(Math.min(longestPauseMs, 2 * tookMs), undefined, { ref: false });
      going.delete(id);
    });
  }
}

async function advanceOne(config: Config, store: OpenStore, id: string, options: AdvanceOptions): Promise<void> {
  const promotion = await store.promotions.get(id);
  if (promotion === null || promotion.endedAt !== null) return;
  const endpoint = await store.endpoints.getEndpoint(promotion.endpoint);
  const overtaken = overtakenBy(promotion, endpoint);
  if (overtaken !== null) {
    const left = overtaken.isItsOwn ? null : endpoint;
    return await take(store, promotion, left, ended('superseded', promotion, overtaken.why), {}, options);
  }
  if (promotion.state === 'replaying' && promotion.policy.replay.requests > 0)
    return await replayAndGoOn(config, store, promotion, options);
  const { decision, found } = await judged(store, promotion, endpoint!);
  await take(store, promotion, endpoint, decision, found, options);
}

/** A candidate that cannot be judged any more gets no more traffic. */
async function judged(store: OpenStore, promotion: Promotion, endpoint: Endpoint) {
  try {
    const facts = await factsOf(store, promotion, endpoint, null);
    return { decision: advance(promotion, facts), found: evidenceOf(facts.shadow?.pairs ?? []) };
  } catch (error) {
    const { code, message } = toMitateError(error);
    if (!code.startsWith('MODEL_')) throw error;
    return { decision: turnedBack(promotion, `it cannot be judged: ${message}`), found: {} };
  }
}

/** One process at a time; what it found is lost when it is killed, and another begins anew. */
async function replayAndGoOn(config: Config, store: OpenStore, promotion: Promotion, options: AdvanceOptions) {
  const start = performance.now();
  const clock = () => new Date(options.now.getTime() + performance.now() - start);
  await whileClaimed(store.promotions, promotion.id, clock, async (lost) => {
    options.logger.info('logged requests are replayed', { promotion: promotion.id, endpoint: promotion.endpoint });
    const { underWay } = options;
    const signal = underWay ? AbortSignal.any([lost, underWay.signal]) : lost;
    const found = await replayed(store, promotion, { processes: config.processes, signal });
    const endpoint = await store.endpoints.getEndpoint(promotion.endpoint);
    // it took its time: the endpoint may be another one now, as the next look will find
    if (found === null || endpoint === null || overtakenBy(promotion, endpoint)) return;
    const later = { ...options, now: clock() };
    if ('unready' in found)
      return await take(store, promotion, endpoint, ended('rejected', promotion, found.unready), {}, later);
    const facts = await factsOf(store, promotion, endpoint, found);
    const { answers, ...counts } = found;
    const evidence = { replay: counts, ...evidenceOf(answers) };
    await take(store, promotion, endpoint, advance(promotion, facts), evidence, later);
  });
}

async function replayed(store: OpenStore, promotion: Promotion, options: Parameters<typeof replay>[2]) {
  try {
    return await replay(store, promotion, options);
  } catch (error) {
    if (isMitateError(error, 'DEPLOYMENT_NOT_READY')) return { unready: error.message };
    throw error;
  }
}

/** For people to look at; its photos stay in the image store, from which they may be erased. */
function evidenceOf(answers: Parameters<typeof disagreementsIn>[0]): object {
  const disagreements = disagreementsIn(answers);
  return disagreements.length === 0 ? {} : { disagreements };
}

type Going = Extract<Decision, { kind: 'go' }>;

function ended(state: PromotionState, { step }: Promotion, why: string): Going {
  return { kind: 'go', state, step, gate: null, why, checks: [] };
}

/** The decision with its artifact and the endpoint's change; nothing of it when another process was quicker. */
async function take(
  store: OpenStore,
  promotion: Promotion,
  endpoint: Endpoint | null,
  decision: Decision,
  found: object,
  { now, logger }: AdvanceOptions,
): Promise<void> {
  if (decision.kind === 'stay') return;
  const { plan, refusal } = await planFor(store, promotion, endpoint, decision);
  const taken = refusal === null ? decision : turnedBack(promotion, refusal);
  const said = { who, why: taken.why, evidence: { checks: taken.checks, ...found } };
  const { id, endpoint: name } = promotion;
  const kept = { ...said, state: taken.state, at: now };
  const { state, step, gate } = taken;
  const artifact = isGoingOn(state) ? await keepDecision(store, promotion, kept) : null;
  const decided = { state, step, gate, at: now, decision: { ...said, artifact }, ...(plan && { change: plan }) };
  const moved = await unlessChanged(() => store.promotions.move(id, promotion.revision, decided));
  if (moved === null) return artifact === null ? undefined : await dropDecision(store, artifact);
  logger.info('a promotion went on', { promotion: id, endpoint: name, state, why: taken.why });
  if (!isGoingOn(state)) await keepEnd(store, promotion, kept, logger);
}

/** After the traffic went back: neither a full disk nor a busy one, which took 8 s beside a training, keeps a candidate in it. */
async function keepEnd(store: OpenStore, promotion: Promotion, kept: DecisionToKeep, logger: Logger): Promise<void> {
  try {
    await store.promotions.nameArtifact(promotion.id, await keepDecision(store, promotion, kept));
  } catch (error) {
    const { code, message: reason } = toMitateError(error);
    logger.error('what a promotion ended for could not be kept as an artifact', {
      promotion: promotion.id,
      code,
      reason,
    });
  }
}

const isGoingOn = (state: PromotionState) => state === 'promoted' || activeStates.some((each) => each === state);

/** From traffic that it has, or from traffic that it would have had. */
const turnedBack = (promotion: Promotion, why: string): Going =>
  ended(promotion.step < 0 ? 'rejected' : 'rolled-back', promotion, why);

/** @returns null when it, or the endpoint, was changed since it was read: the next look sees it */
export async function unlessChanged(move: () => Promise<Promotion | null>): Promise<Promotion | null> {
  try {
    return await move();
  } catch (error) {
    if (isMitateError(error, 'ENDPOINT_CHANGED') || isMitateError(error, 'PROMOTION_CHANGED')) return null;
    throw error;
  }
}

type Change = NonNullable<PromotionMove['change']>;

/** What the endpoint becomes; a version that is new to it is booted first. */
async function planFor(
  store: OpenStore,
  promotion: Promotion,
  endpoint: Endpoint | null,
  decision: Going,
): Promise<{ plan: Change | null; refusal: string | null }> {
  if (endpoint === null) return { plan: null, refusal: null };
  const expected = planOf(endpoint);
  const change = changeOf(promotion, expected, decision);
  if (change === null) return { plan: null, refusal: null };
  try {
    checkPlan(endpoint.name, change.plan);
    const isNew = !expected.some((each) => isCandidate(promotion, each));
    const candidate = change.plan.filter((each) => isCandidate(promotion, each));
    if (isNew) await bootGate(store).prepare(store.project, candidate);
    return { plan: { ...change, expected }, refusal: null };
  } catch (error) {
    if (!isMitateError(error, 'DEPLOYMENT_NOT_READY') && !isMitateError(error, 'TRAFFIC_INVALID')) throw error;
    return { plan: takenDown(promotion, expected), refusal: error.message };
  }
}

function changeOf(
  promotion: Promotion,
  now: readonly DeploymentPlan[],
  { state, step }: { state: PromotionState; step: number },
): Omit<Change, 'expected'> | null {
  const { modelName, version, policy } = promotion;
  if (state === 'shadow')
    return { plan: planWith(now, { modelName, version, role: 'shadow', traffic: 100 }), action: 'deploy' };
  if (state === 'canary') {
    const traffic = policy.canary.steps[step]!;
    return {
      plan: planWith(now, { modelName, version, role: 'canary', traffic }),
      action: step === 0 ? 'deploy' : 'traffic',
    };
  }
  if (state === 'promoted') return { plan: promotedPlan(now, { modelName, version }), action: 'promote' };
  return state === 'waiting-for-approval' ? null : takenDown(promotion, now);
}

/** Without the candidate; null when it is not there, or is what answers. */
export function takenDown(promotion: Promotion, now: readonly DeploymentPlan[]): Change | null {
  const candidate = now.find((each) => isCandidate(promotion, each));
  if (candidate === undefined || candidate.role === 'stable') return null;
  return { plan: planWithout(now, candidate), action: 'undeploy', expected: now };
}
