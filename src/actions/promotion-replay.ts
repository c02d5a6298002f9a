import { toMitateError } from '../errors/index.ts';
import type { ReplayFacts } from '../feedback/promotion/decision.ts';
import { type Answers, labelledPairs } from '../feedback/promotion/labelled-pairs.ts';
import { answer } from '../inference/answer.ts';
import { InferencePool } from '../inference/inference-pool.ts';
import { mapOrdered } from '../inference/map-ordered.ts';
import { localImages } from '../store/images/image-store.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { Promotion, ReplayableRequest } from '../store/promotion-store.ts';
import { findModel } from './find-model.ts';

/** Facts, and what the two models made of the photos. */
export interface Replay extends ReplayFacts {
  answers: readonly Answers[];
  /** Photos that were kept when asked for and are gone. */
  gone: number;
}

interface Replayed extends Answers {
  failure: string | null;
}

type Answering = (image: Uint8Array) => Promise<string>;

/**
 * The newest logged requests with kept photos, through the candidate; and through the champion where another version answered them.
 * @param isWanted asked every few photos; false ends it @returns null when it is not wanted any more
 * @throws MODEL_*, INFERENCE_*
 */
export async function replay(
  store: OpenStore,
  promotion: Promotion,
  { processes, isWanted }: { processes: number; isWanted: () => Promise<boolean> },
): Promise<Replay | null> {
  const requests = await store.promotions.replayable(promotion.endpoint, promotion.policy.replay.requests);
  if (requests.length === 0) return count([], 0, new Map());
  // below what serves: photos of clients come first
  await using pool = await InferencePool.open({ processes, nice: 10 });
  const candidate = await open(pool, store, `${promotion.modelName}@${promotion.version}`);
  const champion = await open(pool, store, `${promotion.championName}@${promotion.championVersion}`);
  const images = localImages(store.workspace.images);
  const one = async (request: ReplayableRequest): Promise<Replayed | null> => {
    const image = await images.get(store.project, request.imageSha256);
    return image && (await through(request, image, promotion, { candidate, champion }));
  };
  const seen: Replayed[] = [];
  let gone = 0;
  let looked = 0;
  for await (const each of mapOrdered(requests, 3 * processes, one)) {
    if (++looked % 20 === 0 && !(await isWanted())) return null;
    if (each === null) gone++;
    else seen.push(each);
  }
  const truths = await store.feedback.truths(seen.map(({ id }) => id));
  return count(seen, gone, truths);
}

async function open(pool: InferencePool, store: OpenStore, reference: string): Promise<Answering> {
  const { artifactUri } = await findModel(store, reference);
  const signature = await pool.loadModel(reference, artifactUri);
  return async (image) => answer((await pool.predict(reference, image)).probabilities, signature).label;
}

async function through(
  { id, label: given, modelName, modelVersion }: ReplayableRequest,
  image: Uint8Array,
  { championName, championVersion }: Promotion,
  { candidate, champion }: { candidate: Answering; champion: Answering },
): Promise<Replayed> {
  const isChampions = modelName === championName && modelVersion === championVersion;
  const before = isChampions ? given : await champion(image);
  const answers = { id, given, champion: before, candidate: '' };
  try {
    return { ...answers, candidate: await candidate(image), failure: null };
  } catch (error) {
    const { code } = toMitateError(error);
    if (code === 'INFERENCE_CLOSED') throw error;
    return { ...answers, failure: code };
  }
}

function count(seen: readonly Replayed[], gone: number, truths: Parameters<typeof labelledPairs>[1]): Replay {
  const answered = seen.filter(({ failure }) => failure === null);
  const differing = answered.filter(({ champion, candidate }) => champion !== candidate);
  return {
    photos: answered.length,
    disagreed: differing.length,
    failed: seen.length - answered.length,
    labelled: labelledPairs(answered, truths),
    answers: answered,
    gone,
  };
}
