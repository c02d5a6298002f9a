import { readReferenceObservations } from '../../artifacts/model/read-reference-observations.ts';
import { dayMs } from '../../codecs/duration.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { Endpoint } from '../../contracts/endpoint.ts';
import type { Logger } from '../../contracts/logger.ts';
import type { ReviewFill } from '../../contracts/loop/review.ts';
import { reasonOf } from '../../errors/index.ts';
import { budgetFor, candidatesSince, fillTime, isDue } from '../../feedback/review/budget.ts';
import { otherNeighbours } from '../../feedback/review/neighbours.ts';
import { pick } from '../../feedback/review/pick.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { Candidate, NewReviewItem } from '../../store/review/contract.ts';

export interface FillOptions {
  now: Date;
  /** Photos; default: the endpoint's budget for the period. */
  budget?: number;
  /** Absent = the worker's daily fill, which the audit log leaves out. */
  actor?: Actor;
}

/**
 * Fills the review queues of all projects' endpoints once a day (UTC), at the first call of the day. A failing endpoint does not stop the others.
 */
export async function fillQueues(
  store: Pick<OpenStore, 'access' | 'forProject'>,
  { now, logger }: { now: Date; logger?: Logger | undefined },
): Promise<ReviewFill[]> {
  const fills: ReviewFill[] = [];
  for (const { name: project } of await store.access.listProjects()) {
    const scoped = store.forProject(project);
    for (const endpoint of await scoped.endpoints.listEndpoints()) {
      try {
        const last = await scoped.review.lastFill(endpoint.name);
        if (!isDue(last?.end ?? null, now)) continue;
        const fill = await fillQueue(scoped, endpoint, { now });
        if (fill) fills.push(fill);
      } catch (error) {
        logger?.error('review queue not filled', { project, endpoint: endpoint.name, error: reasonOf(error) });
      }
    }
  }
  return fills;
}

/** The same for one endpoint, now, from requests since the last fill. Null = none, or another process filled it. */
export async function fillQueue(
  store: Pick<OpenStore, 'review' | 'findVersion' | 'audited'>,
  endpoint: Endpoint,
  { actor, ...options }: FillOptions,
): Promise<ReviewFill | null> {
  const proposal = await proposeFill(store, endpoint, options);
  const write = async ({ review }: Pick<OpenStore, 'review'>) =>
    proposal && (await review.fill(proposal.fill, proposal.items)) ? proposal.fill : null;
  if (!actor) return await write(store);
  return await store.audited(write, (fill) => ({
    actor,
    action: 'review.fill',
    subject: endpoint.name,
    details: { drawn: fill?.drawn ?? 0, picked: fill?.picked ?? 0 },
  }));
}

async function proposeFill(
  { review, ...store }: Pick<OpenStore, 'review' | 'findVersion'>,
  { name: endpoint, settings }: Endpoint,
  { now, budget }: FillOptions,
): Promise<{ fill: ReviewFill; items: NewReviewItem[] } | null> {
  const last = await review.lastFill(endpoint);
  const time = fillTime(last?.end ?? null, now);
  if (time === null) return null;
  const queued = await review.queuedSince(endpoint, new Date(now.getTime() - dayMs));
  const asked = budgetFor(settings.review, time, queued);
  const count = budget ?? asked.count;
  const random = budget === undefined ? asked.random : Math.ceil(budget * settings.review.randomShare);
  const window = { endpoint, ...time };
  const seed = `${endpoint} ${time.start.toISOString()}`;
  const options = { since: candidatesSince(time), draw: count, seed, each: 10 * count };
  const { pictures, drawn, candidates } = await review.look(window, options);
  // within the budget, all are queued, each with the probability that its photo was kept
  const sample = pictures <= count ? drawn : drawn.slice(0, random);
  const isDrawn = new Set(sample.map(({ publicId }) => publicId));
  const others = candidates.filter(({ publicId }) => !isDrawn.has(publicId));
  const signed = await withNeighbours(store, others, settings.review.reasons.includes('suspicious'));
  const picked = pick(signed, { reasons: settings.review.reasons, count: count - sample.length });
  const { opinions } = settings.review;
  const items: NewReviewItem[] = [
    // random ones first: only they measure accuracy
    ...sample.map((photo) => ({
      ...itemOf(photo),
      reason: 'random' as const,
      worth: 1,
      chance: sample.length / pictures,
      opinions,
    })),
    ...picked.map(({ photo, reason, worth }) => ({ ...itemOf(photo), reason, worth, chance: 1, opinions })),
  ];
  const fill: ReviewFill = { ...window, pictures, drawn: sample.length, picked: picked.length, at: now };
  return { fill, items };
}

const itemOf = ({ publicId, pixelsSha256 }: Candidate) => ({ request: publicId, pixelsSha256 });

type Neighbours = ReturnType<typeof otherNeighbours>;

/** Adds how far each photo's nearest labelled neighbours in its model's data set disagree with the prediction. */
async function withNeighbours(
  store: Pick<OpenStore, 'findVersion'>,
  photos: readonly Candidate[],
  isWanted: boolean,
): Promise<(Candidate & { otherNeighbours: number | null })[]> {
  const models = new Map<string, Promise<Neighbours>>();
  const neighboursOf = ({ modelName, modelVersion }: Candidate) => {
    const model = `${modelName}@${modelVersion}`;
    if (!models.has(model)) models.set(model, readNeighbours(store, isWanted && modelVersion !== null ? model : null));
    return models.get(model)!;
  };
  return await Promise.all(
    photos.map(async (photo) => ({ ...photo, otherNeighbours: (await neighboursOf(photo))(photo) })),
  );
}

async function readNeighbours(store: Pick<OpenStore, 'findVersion'>, model: string | null): Promise<Neighbours> {
  const version = model && (await store.findVersion(model));
  return otherNeighbours(version ? await readReferenceObservations(version.artifactUri).catch(() => []) : []);
}
