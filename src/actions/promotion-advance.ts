import { randomUUID } from 'node:crypto';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/component.ts';
import type { DeploymentPlan } from '../contracts/endpoint.ts';
import type { PromotionState } from '../contracts/promotion.ts';
import { isMitateError, toMitateError } from '../errors/index.ts';
import { advance } from '../feedback/promotion/advance.ts';
import type { Decision } from '../feedback/promotion/decision.ts';
import { bootGate } from '../serving/deployments/boot-gate.ts';
import { checkPlan, planWith, planWithout, promotedPlan } from '../store/endpoint-plan.ts';
import type { Endpoint } from '../store/endpoint-store.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { Promotion, PromotionMove } from '../store/promotion-store.ts';
import { planOf } from './endpoint-plans.ts';
import { dropDecision, keepDecision } from './promotion-artifact.ts';
import { disagreementsIn } from './promotion-disagreements.ts';
import { factsOf, isCandidate } from './promotion-facts.ts';
import { replay } from './promotion-replay.ts';

export interface AdvanceOptions {
  now: Date;
  logger: Logger;
  /**
   * Replays take as long as their photos: with this they go on here, by promotion, while a breach of another promotion is answered at once, and
   * the next call does not start them again. The caller waits for them before it closes the store. Absent: they are waited for.
   */
  background?: Map<string, Promise<void>>;
}

/** A replay whose process says nothing for so long is taken over. */
const claimMs = 60_000;
const who = 'worker';

/**
 * Moves every active promotion of every project on by what is known now: at most one step each. Whoever calls it, as often and in as many
 * processes as they like: each step is taken once.
 */
export async function advancePromotions(config: Config, store: OpenStore, options: AdvanceOptions): Promise<void> {
  const active = await store.promotions.listActive();
  const work = active.map(async ({ id, project, state }) => {
    // its replay goes on here
    if (options.background?.has(id)) return;
    const scoped = store.forProject(project);
    const isolated = advanceOne(config, scoped, id, options).catch((error) => {
      const { code, message } = toMitateError(error);
      options.logger.error('a promotion could not go on', { promotion: id, code, reason: message });
    });
    if (state !== 'replaying' || !options.background) return await isolated;
    const { background } = options;
    const done = isolated.finally(() => background.delete(id));
    background.set(id, done);
  });
  await Promise.all(work);
}

async function advanceOne(config: Config, store: OpenStore, id: string, options: AdvanceOptions): Promise<void> {
  const promotion = await store.promotions.get(id);
  if (promotion === null || promotion.endedAt !== null) return;
  const endpoint = await store.endpoints.getEndpoint(promotion.endpoint);
  const overtaken = overtakenBy(promotion, endpoint);
  if (endpoint === null || overtaken !== null)
    return await take(store, promotion, endpoint, ended('superseded', promotion, overtaken ?? ''), {}, options);
  if (promotion.state === 'replaying' && promotion.policy.replay.requests > 0)
    return await replayAndGoOn(config, store, promotion, options);
  const facts = await factsOf(store, promotion, endpoint, null);
  await take(store, promotion, endpoint, advance(promotion, facts), evidenceOf(facts.shadow?.pairs ?? []), options);
}

/** One process at a time; what it found is lost when it is killed, and another begins anew. */
async function replayAndGoOn(config: Config, store: OpenStore, promotion: Promotion, options: AdvanceOptions) {
  const by = randomUUID();
  const start = performance.now();
  const hold = async () => {
    const now = new Date(options.now.getTime() + performance.now() - start);
    return await store.promotions.claim(promotion.id, by, now, new Date(now.getTime() + claimMs));
  };
  if (!(await hold())) return;
  try {
    options.logger.info('logged requests are replayed', { promotion: promotion.id, endpoint: promotion.endpoint });
    const found = await replayed(config, store, promotion, hold);
    // it took its time: the endpoint may be another one now
    const endpoint = await store.endpoints.getEndpoint(promotion.endpoint);
    if (found === null || endpoint === null) return;
    const later = { ...options, now: new Date(options.now.getTime() + performance.now() - start) };
    if ('unready' in found) {
      const decision = ended('rejected', promotion, `it could not be loaded: ${found.unready}`);
      return await take(store, promotion, endpoint, decision, {}, later);
    }
    const facts = await factsOf(store, promotion, endpoint, found);
    const { answers, ...counts } = found;
    const evidence = { replay: counts, ...evidenceOf(answers) };
    await take(store, promotion, endpoint, advance(promotion, facts), evidence, later);
  } finally {
    await store.promotions.unclaim(promotion.id, by);
  }
}

async function replayed(config: Config, store: OpenStore, promotion: Promotion, isWanted: () => Promise<boolean>) {
  try {
    return await replay(store, promotion, { processes: config.processes, isWanted });
  } catch (error) {
    const { code, message } = toMitateError(error);
    if (code.startsWith('MODEL_')) return { unready: message };
    throw error;
  }
}

/** For people to look at; its photos stay in the image store, from which they may be erased. */
function evidenceOf(answers: Parameters<typeof disagreementsIn>[0]): object {
  const disagreements = disagreementsIn(answers);
  return disagreements.length === 0 ? {} : { disagreements };
}

/** What someone did to the endpoint by hand meanwhile goes before the promotion. */
function overtakenBy(promotion: Promotion, endpoint: Endpoint | null): string | null {
  if (endpoint === null) return 'the endpoint was removed';
  const stable = endpoint.deployments.find(({ role }) => role === 'stable');
  if (stable === undefined) return 'the endpoint was taken down';
  const { championName, championVersion, state } = promotion;
  if (isCandidate(promotion, stable)) return 'it was made the stable version by hand';
  if (stable.modelName !== championName || stable.version !== championVersion)
    return `${stable.modelName}@${stable.version} became the stable version`;
  const expected = state === 'waiting-for-approval' && promotion.step >= 0 ? 'canary' : state;
  if (expected !== 'shadow' && expected !== 'canary') return null;
  const role = endpoint.deployments.find((each) => isCandidate(promotion, each))?.role;
  return role === expected ? null : 'its deployment was changed by hand';
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
  const taken =
    refusal === null ? decision : ended(promotion.step < 0 ? 'rejected' : 'rolled-back', promotion, refusal);
  const evidence = { checks: taken.checks, ...found };
  const said = { who, why: taken.why, evidence };
  const artifact = await keepDecision(store, promotion, { ...said, state: taken.state, at: now });
  const moved = await move(store, promotion, {
    state: taken.state,
    step: taken.step,
    gate: taken.gate,
    at: now,
    decision: { ...said, artifact },
    ...(plan && { change: plan }),
  });
  if (!moved) return await dropDecision(store, artifact);
  const { endpoint: name, id } = promotion;
  logger.info('a promotion went on', { promotion: id, endpoint: name, state: taken.state, why: taken.why });
}

/** Someone changed the endpoint between the look and the step: the next look sees it. */
async function move(store: OpenStore, { id, revision }: Promotion, wanted: PromotionMove): Promise<boolean> {
  try {
    return (await store.promotions.move(id, revision, wanted)) !== null;
  } catch (error) {
    if (isMitateError(error, 'ENDPOINT_CHANGED')) return false;
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
