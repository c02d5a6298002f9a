import { isDeepStrictEqual } from 'node:util';
import { type Permission, rolePermissions } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import {
  type Approval,
  type Promotion,
  type PromotionCheck,
  type PromotionPolicy,
  promotionPolicySchema,
} from '../../contracts/loop/promotion.ts';
import { issueOf, MitateError } from '../../errors/index.ts';
import { advance } from '../../feedback/promotion/advance.ts';
import { isSamePerson } from '../../feedback/promotion/person.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { PromotionMove } from '../../store/promotions/contract.ts';
import { findPromoted, planOf } from '../endpoints/plans.ts';
import { requireEndpoint } from '../endpoints/require-endpoint.ts';
import { requireBlessed } from '../models/blessed.ts';
import { takenDown, unlessChanged } from './advance.ts';
import { factsOf } from './facts.ts';
import { requirePromotion } from './require-promotion.ts';

type Facets = Pick<OpenStore, 'access' | 'audited' | 'project' | 'promotions' | 'endpoints'>;

/** Who acts on a promotion, with their permissions. */
export interface PromotionVerb {
  actor: Actor;
  permissions: ReadonlySet<Permission>;
  why: string;
  now: Date;
}

/**
 * Starts the promotion of a version to an endpoint's stable one; a worker takes the steps. Supersedes the endpoint's active promotion, unless
 * that has the same version and policy: then it continues.
 * @throws ENDPOINT_UNKNOWN, MODEL_NOT_FOUND, MODEL_PROMOTION_UNBLESSED, PROMOTION_*
 */
export async function startPromotion(
  store: Pick<OpenStore, 'audited' | 'endpoints' | 'listModels' | 'findVersion'>,
  input: { endpoint: string; model?: string | undefined; policy: unknown; force?: boolean | undefined },
  { actor, why, now }: Omit<PromotionVerb, 'permissions'>,
): Promise<Promotion> {
  const policy = parsePolicy(input.policy);
  const endpoint = await requireEndpoint(store, input.endpoint);
  const version = await findPromoted(store, endpoint, input.model);
  requireBlessed(version, input.force);
  const { name: modelName } = version;
  const candidate = { modelName, version: version.version };
  const fresh = { endpoint: endpoint.name, ...candidate, policy, who: actor.name, why, at: now };
  return await store.audited(
    async ({ promotions }) => {
      const opened = await promotions.open(fresh);
      // an active promotion of the same version keeps its policy
      if (!isDeepStrictEqual(opened.policy, policy))
        throw new MitateError('PROMOTION_UNDER_WAY', {
          id: opened.id,
          model: `${modelName}@${version.version}`,
          endpoint: endpoint.name,
        });
      return opened;
    },
    ({ id }) => ({ actor, action: 'promotion.start', subject: id, details: { endpoint: endpoint.name, why } }),
  );
}

/** Newest first. */
export async function listPromotions(
  { promotions }: Pick<OpenStore, 'promotions'>,
  filter: Parameters<OpenStore['promotions']['list']>[0],
): Promise<Promotion[]> {
  return await promotions.list(filter);
}

/** @throws PROMOTION_POLICY_INVALID */
export function parsePolicy(policy: unknown): PromotionPolicy {
  const parsed = promotionPolicySchema.safeParse(policy);
  if (parsed.success) return parsed.data;
  const { place, reason } = issueOf(parsed.error);
  throw new MitateError('PROMOTION_POLICY_INVALID', { where: place || 'the whole', reason });
}

export interface PromotionDetails {
  promotion: Promotion;
  approvals: Approval[];
  /** Current checks; null when it has ended. */
  now: { why: string; checks: PromotionCheck[] } | null;
}

/** @throws PROMOTION_UNKNOWN */
export async function showPromotion(
  store: Pick<OpenStore, 'promotions' | 'endpoints' | 'feedback' | 'listModels' | 'findVersion'>,
  id: string,
): Promise<PromotionDetails> {
  const promotion = await requirePromotion(store, id);
  const approvals = await store.promotions.listApprovals(promotion.id);
  const endpoint = await store.endpoints.getEndpoint(promotion.endpoint);
  if (promotion.endedAt !== null || endpoint === null) return { promotion, approvals, now: null };
  const { why, checks } = advance(promotion, await factsOf(store, promotion, endpoint, null));
  return { promotion, approvals, now: { why, checks } };
}

/** Approves the gate that it waits at. @throws PROMOTION_UNKNOWN, PROMOTION_NOT_WAITING, PROMOTION_ROLE_MISSING, PROMOTION_FOUR_EYES, PROMOTION_ALREADY_SAID */
export async function approvePromotion(store: Facets, id: string, verb: PromotionVerb): Promise<Promotion> {
  return await decide(store, id, verb, 'approved');
}

/** Refuses the gate that it waits at: it is rejected or rolled back. @throws as `approvePromotion` */
export async function refusePromotion(store: Facets, id: string, verb: PromotionVerb): Promise<Promotion> {
  return await decide(store, id, verb, 'refused');
}

async function decide(
  store: Facets,
  id: string,
  { actor, permissions, why, now }: PromotionVerb,
  verdict: Approval['verdict'],
): Promise<Promotion> {
  const promotion = await requireActive(store, id);
  const { gate, policy, state } = promotion;
  const who = actor.name;
  const wanted = gate && policy.approvals[gate];
  if (state !== 'waiting-for-approval' || !gate || !wanted)
    throw new MitateError('PROMOTION_NOT_WAITING', { id: promotion.id, state });
  const { role, fourEyes } = wanted;
  if (!rolePermissions[role].every((each) => permissions.has(each)))
    throw new MitateError('PROMOTION_ROLE_MISSING', { who, role, gate });
  if (verdict === 'approved' && fourEyes && (await mayBeSame(store, who, promotion.who)))
    throw new MitateError('PROMOTION_FOUR_EYES', { who, role, gate });
  await store.audited(
    ({ promotions }) => promotions.addApproval(promotion.id, { before: gate, who, role, verdict, why, at: now }),
    {
      actor,
      action: verdict === 'approved' ? 'promotion.approve' : 'promotion.refuse',
      subject: promotion.id,
      details: { why },
    },
  );
  return promotion;
}

/** A key acts for the person who created it. */
async function mayBeSame(store: Pick<OpenStore, 'access' | 'project'>, one: string, other: string): Promise<boolean> {
  const keys = await store.access.listKeys(store.project);
  const behind = (who: string) => [who, ...keys.flatMap((key) => (`key:${key.name}` === who ? [key.createdBy] : []))];
  return behind(one).some((mine) => behind(other).some((theirs) => isSamePerson(mine, theirs)));
}

/** Retries when a worker takes a step at the same time. */
const abortAttempts = 5;

/** Ends it at once and removes the candidate's traffic. @throws PROMOTION_UNKNOWN, PROMOTION_ENDED, PROMOTION_CHANGED */
export async function abortPromotion(
  store: Facets,
  id: string,
  { actor, why, now }: Omit<PromotionVerb, 'permissions'>,
): Promise<Promotion> {
  // resolve an endpoint's name once: not a newer promotion
  const { id: wanted } = await requireActive(store, id);
  for (let attempt = 0; attempt < abortAttempts; attempt++) {
    const promotion = await requireActive(store, wanted);
    const endpoint = await store.endpoints.getEndpoint(promotion.endpoint);
    const change = endpoint && takenDown(promotion, planOf(endpoint));
    const move: PromotionMove = {
      ...{ state: 'aborted', step: promotion.step, gate: null, at: now },
      decision: { who: actor.name, why, evidence: null, artifact: null },
      ...(change && { change }),
    };
    const moved = await unlessChanged(() =>
      store.audited(
        async ({ promotions }) => {
          const aborted = await promotions.move(wanted, promotion.revision, move);
          if (aborted === null) throw new MitateError('PROMOTION_CHANGED', { id: wanted });
          return aborted;
        },
        { actor, action: 'promotion.abort', subject: wanted, details: { why } },
      ),
    );
    if (moved !== null) return moved;
  }
  throw new MitateError('PROMOTION_CHANGED', { id: wanted });
}

async function requireActive(store: Pick<OpenStore, 'promotions'>, id: string): Promise<Promotion> {
  const promotion = await requirePromotion(store, id);
  const { endedAt, state, endpoint } = promotion;
  if (endedAt !== null) throw new MitateError('PROMOTION_ENDED', { id: promotion.id, state, endpoint });
  return promotion;
}
