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
import { supersededBy } from './superseded.ts';

/** Promotion steps that outlive one call of `advancePromotions`. */
export interface BackgroundSteps {
  /** By promotion id. Await them before you close the store. */
  promotions: Map<string, Promise<unknown>>;
  /** Aborted at shutdown: another process replays. */
  signal: AbortSignal;
}

export interface AdvanceOptions {
  now: Date;
  logger: Logger;
  /**
   * Steps run in the background, and later calls skip their promotions until they end, so that a replay or boot does not delay the rollback of
   * another. Absent: all steps are awaited.
   */
  background?: BackgroundSteps;
}

const who = 'worker';
/** After a step, pause twice its duration (counting a canary of a million requests takes seconds), but still roll back within 10 s. */
const longestPauseMs = 5_000;

/** Takes at most one step of every active promotion in every project. Safe to call in several processes: each step is taken once. */
export async function advancePromotions(
  config: Config,
  store: Pick<OpenStore, 'promotions' | 'forProject'>,
  options: AdvanceOptions,
): Promise<void> {
  const running = options.background?.promotions;
  const due = (await store.promotions.listActive()).filter(({ id }) => !running?.has(id));
  const step = async ({ id, project }: (typeof due)[number]) => {
    const start = performance.now();
    try {
      await advanceOne(config, store.forProject(project), id, options);
    } catch (error) {
      const { code, message } = toMitateError(error);
      options.logger.error('promotion step failed', { promotion: id, code, reason: message });
    }
    return performance.now() - start;
  };
  if (!running) return void (await Promise.all(due.map(step)));
  for (const promotion of due) {
    const work = step(promotion);
    running.set(promotion.id, work);
    void work.then(async (tookMs) => {
      await sleep(Math.min(longestPauseMs, 2 * tookMs), undefined, { ref: false });
      running.delete(promotion.id);
    });
  }
}

async function advanceOne(config: Config, store: OpenStore, id: string, options: AdvanceOptions): Promise<void> {
  const promotion = await store.promotions.get(id);
  if (promotion === null || promotion.endedAt !== null) return;
  const endpoint = await store.endpoints.getEndpoint(promotion.endpoint);
  const superseded = supersededBy(promotion, endpoint);
  if (superseded !== null) {
    const changed = superseded.isOwnDeployment ? null : endpoint;
    return await take(store, promotion, changed, ended('superseded', promotion, superseded.why), {}, options);
  }
  if (promotion.state === 'replaying' && promotion.policy.replay.requests > 0)
    return await replayAndAdvance(config, store, promotion, options);
  const { decision, found } = await judged(store, promotion, endpoint!);
  await take(store, promotion, endpoint, decision, found, options);
}

/** A candidate that can no longer be evaluated loses its traffic. */
async function judged(
  store: Pick<OpenStore, 'promotions' | 'endpoints' | 'feedback' | 'listModels' | 'findVersion'>,
  promotion: Promotion,
  endpoint: Endpoint,
) {
  try {
    const facts = await factsOf(store, promotion, endpoint, null);
    return { decision: advance(promotion, facts), found: evidenceOf(facts.shadow?.pairs ?? []) };
  } catch (error) {
    const { code, message } = toMitateError(error);
    if (!code.startsWith('MODEL_')) throw error;
    return { decision: rejectedOrRolledBack(promotion, `it cannot be evaluated: ${message}`), found: {} };
  }
}

/** One process at a time. When it is killed, another starts over. */
async function replayAndAdvance(config: Config, store: OpenStore, promotion: Promotion, options: AdvanceOptions) {
  const start = performance.now();
  const clock = () => new Date(options.now.getTime() + performance.now() - start);
  await whileClaimed(store.promotions, promotion.id, clock, async (lost) => {
    const { background } = options;
    const signal = background ? AbortSignal.any([lost, background.signal]) : lost;
    const found = await replayed(store, promotion, { processes: config.processes, signal });
    const endpoint = await store.endpoints.getEndpoint(promotion.endpoint);
    // the endpoint may have changed during the replay: the next call handles that
    if (found === null || endpoint === null || supersededBy(promotion, endpoint)) return;
    if ('photos' in found && found.photos > 0)
      options.logger.info('promotion replayed', {
        promotion: promotion.id,
        endpoint: promotion.endpoint,
        photos: found.photos,
      });
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

/** Ids only: the photos stay in the image store, where they can be erased. */
function evidenceOf(answers: Parameters<typeof disagreementsIn>[0]): object {
  const disagreements = disagreementsIn(answers);
  return disagreements.length === 0 ? {} : { disagreements };
}

type Transition = Extract<Decision, { kind: 'go' }>;

function ended(state: PromotionState, { step }: Promotion, why: string): Transition {
  return { kind: 'go', state, step, gate: null, why, checks: [] };
}

/** Stores the decision with its artifact and the endpoint's change; nothing if another process was first. */
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
  const taken = refusal === null ? decision : rejectedOrRolledBack(promotion, refusal);
  const recorded = { who, why: taken.why, evidence: { checks: taken.checks, ...found } };
  const { id, endpoint: name } = promotion;
  const kept = { ...recorded, state: taken.state, at: now };
  const { state, step, gate } = taken;
  const artifact = keepsTraffic(state) ? await keepDecision(store, promotion, kept) : null;
  const decided = { state, step, gate, at: now, decision: { ...recorded, artifact }, ...(plan && { change: plan }) };
  const moved = await unlessChanged(() => store.promotions.move(id, promotion.revision, decided));
  if (moved === null) return artifact === null ? undefined : await dropDecision(store, artifact);
  logger.info('promotion advanced', { promotion: id, endpoint: name, state, why: taken.why });
  if (!keepsTraffic(state)) await keepEnd(store, promotion, kept, logger);
}

/** Runs after the traffic was restored: a full disk, or a busy one (8 s beside a training), must not delay that. */
async function keepEnd(store: OpenStore, promotion: Promotion, kept: DecisionToKeep, logger: Logger): Promise<void> {
  try {
    await store.promotions.nameArtifact(promotion.id, await keepDecision(store, promotion, kept));
  } catch (error) {
    const { code, message: reason } = toMitateError(error);
    logger.error('promotion decision not stored as an artifact', {
      promotion: promotion.id,
      code,
      reason,
    });
  }
}

const keepsTraffic = (state: PromotionState) => state === 'promoted' || activeStates.some((each) => each === state);

/** Rolled back if it has had traffic, else rejected. */
const rejectedOrRolledBack = (promotion: Promotion, why: string): Transition =>
  ended(promotion.step < 0 ? 'rejected' : 'rolled-back', promotion, why);

/** @returns null when the promotion or the endpoint changed since it was read: the next call handles that */
export async function unlessChanged(move: () => Promise<Promotion | null>): Promise<Promotion | null> {
  try {
    return await move();
  } catch (error) {
    if (isMitateError(error, 'ENDPOINT_CHANGED') || isMitateError(error, 'PROMOTION_CHANGED')) return null;
    throw error;
  }
}

type Change = NonNullable<PromotionMove['change']>;

/** The endpoint's next plan; a version that is new to it is booted first. */
async function planFor(
  store: Pick<OpenStore, 'project' | 'forProject'>,
  promotion: Promotion,
  endpoint: Endpoint | null,
  decision: Transition,
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

/** The plan without the candidate; null when it is not deployed, or is the stable version. */
export function takenDown(promotion: Promotion, now: readonly DeploymentPlan[]): Change | null {
  const candidate = now.find((each) => isCandidate(promotion, each));
  if (candidate === undefined || candidate.role === 'stable') return null;
  return { plan: planWithout(now, candidate), action: 'undeploy', expected: now };
}
