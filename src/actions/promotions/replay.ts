import { answer, underThreshold } from '../../artifacts/model/answer.ts';
import type { Promotion, ReplayableRequest } from '../../contracts/loop/promotion.ts';
import { isMitateError, MitateError, toMitateError } from '../../errors/index.ts';
import type { ReplayFacts } from '../../feedback/promotion/decision.ts';
import { type Answers, labelledPairs } from '../../feedback/promotion/labelled-pairs.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { mapOrdered } from '../../inference/map-ordered.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findModel } from '../models/find-model.ts';

/** Facts, with the answers of both models. */
export interface Replay extends ReplayFacts {
  answers: readonly Answers[];
  /** Photos deleted since they were listed, or on which the champion fails. */
  leftOut: number;
}

interface Replayed extends Answers {
  /** The candidate failed on it. */
  failure: boolean;
}

type Answering = (image: Uint8Array) => Promise<string>;

/**
 * Runs the newest logged requests with kept photos through the candidate, and through the champion where another version answered them.
 * @returns null when `signal` was aborted @throws DEPLOYMENT_NOT_READY, INFERENCE_*
 */
export async function replay(
  store: OpenStore,
  promotion: Promotion,
  { processes, signal }: { processes: number; signal: AbortSignal },
): Promise<Replay | null> {
  const requests = await store.promotions.replayable(promotion.endpoint, promotion.policy.replay.requests);
  if (requests.length === 0) return count([], 0, new Map());
  // lower priority than serving
  await using pool = await InferencePool.open({ processes, nice: 10 });
  const { modelName, version, championName, championVersion } = promotion;
  const threshold = (await store.endpoints.getEndpoint(promotion.endpoint))?.settings.threshold ?? null;
  const candidate = await open(pool, store, `${modelName}@${version}`, threshold);
  const isChampions = (request: ReplayableRequest) =>
    request.modelName === championName && request.modelVersion === championVersion;
  const champion = requests.every(isChampions)
    ? null
    : await open(pool, store, `${championName}@${championVersion}`, threshold);
  const images = localImages(store.workspace.images);
  const one = async (request: ReplayableRequest): Promise<Replayed | null> => {
    const image = signal.aborted ? null : await images.get(store.project, request.imageSha256);
    if (image === null) return null;
    const before = isChampions(request) ? request.label : await unlessItFails(champion!(image));
    return before === null ? null : await through(request, image, before, candidate);
  };
  const seen: Replayed[] = [];
  for await (const each of mapOrdered(requests, 3 * processes, one)) if (each !== null) seen.push(each);
  if (signal.aborted) return null;
  const truths = await store.feedback.truths(seen.map(({ id }) => id));
  return count(seen, requests.length - seen.length, truths);
}

/** @throws DEPLOYMENT_NOT_READY */
async function open(
  pool: InferencePool,
  store: Pick<OpenStore, 'listModels' | 'findVersion'>,
  reference: string,
  threshold: number | null,
): Promise<Answering> {
  try {
    const { artifactUri } = await findModel(store, reference);
    const signature = underThreshold(await pool.loadModel(reference, artifactUri), threshold);
    return async (image) => answer((await pool.predict(reference, image)).probabilities, signature).label;
  } catch (error) {
    const { code, message: reason } = toMitateError(error);
    if (!code.startsWith('MODEL_')) throw error;
    throw new MitateError('DEPLOYMENT_NOT_READY', { model: reference, reason }, { cause: error });
  }
}

async function through(
  { id, label: given }: ReplayableRequest,
  image: Uint8Array,
  champion: string,
  candidate: Answering,
): Promise<Replayed> {
  const answers = { id, given, champion };
  const answered = await unlessItFails(candidate(image));
  return answered === null
    ? { ...answers, candidate: '', failure: true }
    : { ...answers, candidate: answered, failure: false };
}

/** Null for a photo that the model fails on. */
async function unlessItFails(answering: Promise<string>): Promise<string | null> {
  return await answering.catch((error) => {
    if (isMitateError(error, 'INFERENCE_CLOSED')) throw error;
    return null;
  });
}

function count(seen: readonly Replayed[], leftOut: number, truths: Parameters<typeof labelledPairs>[1]): Replay {
  const answered = seen.filter(({ failure }) => !failure);
  const differing = answered.filter(({ champion, candidate }) => champion !== candidate);
  return {
    photos: answered.length,
    disagreed: differing.length,
    failed: seen.length - answered.length,
    labelled: labelledPairs(answered, truths),
    answers: answered,
    leftOut,
  };
}
