import { readSignature } from '../../artifacts/model/model-files.ts';
import type { Deployment, Endpoint } from '../../contracts/endpoint.ts';
import {
  type Promotion,
  type PromotionCheck,
  type PromotionCheckId,
  type PromotionGate,
  readEvidence,
} from '../../contracts/loop/promotion.ts';
import type { CanaryFacts, Facts, ReplayFacts, ShadowFacts } from '../../feedback/promotion/decision.ts';
import { labelledPairs } from '../../feedback/promotion/labelled-pairs.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findModel } from '../models/find-model.ts';

export const isCandidate = (
  { modelName, version }: Pick<Promotion, 'modelName' | 'version'>,
  deployed: Pick<Deployment, 'modelName' | 'version'>,
): boolean => deployed.modelName === modelName && deployed.version === version;

/** Collects the current facts. `replay` takes long and is passed in. */
export async function factsOf(
  store: Pick<OpenStore, 'promotions' | 'endpoints' | 'feedback' | 'listModels' | 'findVersion'>,
  promotion: Promotion,
  endpoint: Endpoint,
  replay: ReplayFacts | null,
): Promise<Facts> {
  const approvals = await store.promotions.listApprovals(promotion.id);
  const refusal = approvals.find(({ verdict }) => verdict === 'refused');
  const candidate = endpoint.deployments.find((each) => isCandidate(promotion, each));
  return {
    replay,
    shadow: promotion.state === 'shadow' ? await shadowFacts(store, promotion) : null,
    canary: candidate?.role === 'canary' ? await canaryFacts(store, promotion, endpoint, candidate) : null,
    approved: new Set(
      approvals.flatMap(({ before, verdict }): PromotionGate[] => (verdict === 'approved' ? [before] : [])),
    ),
    refused: refusal ? `by ${refusal.who}: ${refusal.why}` : null,
    unready: candidate ? await refusalByServer(store, promotion) : null,
  };
}

async function shadowFacts(
  store: Pick<OpenStore, 'listModels' | 'findVersion' | 'promotions' | 'feedback'>,
  promotion: Promotion,
): Promise<ShadowFacts> {
  const isQuestion = await asksQuestion(store, promotion);
  const pairs = await store.promotions.answerPairs(promotion, { limit: promotion.policy.shadow.requests, isQuestion });
  const answered = pairs.flatMap(({ id, champion, candidate }) =>
    champion !== null && candidate !== null ? [{ id, given: champion, champion, candidate }] : [],
  );
  const truths = await store.feedback.truths(answered.map(({ id }) => id));
  const isAsked = promotion.policy.behaviour?.by === 'acceptance';
  const behaviour = isAsked ? await store.feedback.behaviourOf(answered.map(({ id }) => id)) : null;
  return { pairs, labelled: labelledPairs(answered, truths), wasBetter: wasBetter(promotion), behaviour };
}

/** Slow = more than twice the champion's earlier 95th percentile. */
const slowFactor = 2;
const withoutLimitMs = 1e12;

async function canaryFacts(
  store: Pick<OpenStore, 'listModels' | 'findVersion' | 'promotions'>,
  promotion: Promotion,
  { deployments }: Endpoint,
  { traffic }: Deployment,
): Promise<CanaryFacts> {
  const stable = deployments.find(({ role }) => role === 'stable');
  const isQuestion = await asksQuestion(store, promotion);
  const usualMs = await store.promotions.latencyBefore(promotion, promotion.createdAt, 0.95);
  const slowMs = usualMs === null ? withoutLimitMs : slowFactor * usualMs;
  const arms = await store.promotions.countArms(promotion, { slowMs, isQuestion });
  const { behaviour: policy } = promotion.policy;
  const currency = policy?.by === 'value' ? policy.currency : null;
  const share = traffic / Math.max(1, traffic + (stable?.traffic ?? 0));
  return {
    ...arms,
    share: Math.min(0.99, Math.max(0.01, share)),
    slowMs,
    knownDisagreement: disagreementSoFar(promotion),
    wasBetter: wasBetter(promotion),
    behaviour: policy ? await store.promotions.countSessions(promotion, currency) : null,
  };
}

/** @throws MODEL_* when the candidate's files are gone */
async function asksQuestion(
  store: Pick<OpenStore, 'listModels' | 'findVersion'>,
  { modelName, version }: Promotion,
): Promise<boolean> {
  const model = await findModel(store, `${modelName}@${version}`);
  return (await readSignature(model.artifactUri)).task.kind === 'question';
}

/** Disagreement that replay and shadow accepted. */
function disagreementSoFar(promotion: Promotion): number | null {
  const shares = checksOf(promotion, 'disagreement').flatMap(({ disagreed, photos }) =>
    typeof disagreed === 'number' && photos ? [disagreed / photos] : [],
  );
  return shares.length === 0 ? null : Math.max(...shares);
}

/** Whether labels of an earlier stage showed that the candidate is better. */
function wasBetter(promotion: Promotion): boolean {
  return checksOf(promotion, 'measured-accuracy').some(({ better }) => better === 1);
}

/** The numbers of one check in all decisions so far. */
function checksOf({ decisions }: Promotion, wanted: PromotionCheckId): PromotionCheck['numbers'][] {
  return decisions
    .flatMap((decision) => readEvidence(decision).checks)
    .filter(({ id }) => id === wanted)
    .map(({ numbers }) => numbers);
}

/** The newest report of a server on the candidate since the step began. */
async function refusalByServer(store: Pick<OpenStore, 'endpoints'>, promotion: Promotion): Promise<string | null> {
  const timeline = await store.endpoints.endpointTimeline(promotion.endpoint, { limit: 20 });
  const report = timeline.find(
    ({ action, at, after }) =>
      (action === 'refused' || action === 'ready') &&
      at >= promotion.stepSince &&
      isCandidate(promotion, (after ?? {}) as Deployment),
  );
  return report?.action === 'refused' ? report.why : null;
}
