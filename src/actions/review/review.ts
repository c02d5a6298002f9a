import type { Actor } from '../../contracts/actor.ts';
import type { LabelAttributes } from '../../contracts/loop/feedback.ts';
import { mostCounted, type ReviewItem } from '../../contracts/loop/review.ts';
import { MitateError } from '../../errors/index.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { ReviewFilter } from '../../store/review/contract.ts';
import { type Added, addFeedback } from '../feedback/add.ts';

/** A claimed photo is offered to nobody else for so long. */
const claimMs = 10 * 60_000;

/** Claims the most valuable waiting photos for ten minutes, as many as asked for. None = the queue is empty. */
export async function nextPhotos(
  { audited }: Pick<OpenStore, 'audited'>,
  { actor, endpoint, count = 1, now }: { actor: Actor; endpoint?: string | undefined; count?: number; now: Date },
): Promise<ReviewItem[]> {
  const until = new Date(now.getTime() + claimMs);
  return await audited(
    ({ review }) => review.claim(actor.name, { ...(endpoint !== undefined && { endpoint }), now, until, count }),
    (items) => ({ actor, action: 'review.claim', subject: items.map(({ request }) => request).join(', ') || 'none' }),
  );
}

/** At most `mostCounted`. */
export const countReview = async ({ review }: Pick<OpenStore, 'review'>, filter: ReviewFilter): Promise<number> =>
  await review.count({ ...filter, limit: mostCounted });

/** Highest value first. */
export async function listReview({ review }: Pick<OpenStore, 'review'>, filter: ReviewFilter): Promise<ReviewItem[]> {
  return await review.list(filter);
}

export interface Labelling {
  label: string;
  newClass?: boolean;
  note?: string | null;
  attributes?: LabelAttributes | null | undefined;
}

/** @throws REVIEW_ITEM_UNKNOWN, FEEDBACK_LABEL_UNKNOWN, FEEDBACK_REQUEST_UNKNOWN */
export async function labelPhoto(
  store: Pick<OpenStore, 'review' | 'feedback' | 'findVersion' | 'audited'>,
  request: string,
  { label, newClass = false, note, attributes }: Labelling,
  { actor, now }: { actor: Actor; now: Date },
): Promise<Added> {
  if ((await store.review.get(request)) === null) throw new MitateError('REVIEW_ITEM_UNKNOWN', { name: request });
  const input = { photo: { id: request }, feedback: { kind: 'label' as const, label, newClass, attributes }, note };
  const entry = { actor, action: 'review.label', subject: request } as const;
  const [added] = await addFeedback(store, [input], { actor, now, source: 'queue' }, () => entry);
  return added!;
}

/** Removes a photo that cannot be labelled from the queue. @throws REVIEW_ITEM_UNKNOWN */
export async function skipPhoto(
  { audited }: Pick<OpenStore, 'audited'>,
  request: string,
  { actor, now }: { actor: Actor; now: Date },
): Promise<void> {
  await audited(
    async ({ review }) => {
      const item = await review.get(request);
      if (item === null || !(await review.skip(item.request, now)))
        throw new MitateError('REVIEW_ITEM_UNKNOWN', { name: request });
    },
    { actor, action: 'review.skip', subject: request },
  );
}

/**
 * Takes back the caller's own label, or a skip: the photo waits again, for them first.
 * @throws REVIEW_ITEM_UNKNOWN, REVIEW_NOTHING_TO_UNDO
 */
export async function undoReview(
  { audited }: Pick<OpenStore, 'audited'>,
  request: string,
  { actor, now }: { actor: Actor; now: Date },
): Promise<ReviewItem> {
  const { item } = await audited(
    async ({ review, feedback }) => {
      const before = await review.get(request);
      if (before === null) throw new MitateError('REVIEW_ITEM_UNKNOWN', { name: request });
      const label = await feedback.takeBack(before.request, actor.name);
      if (label === null && before.skippedAt === null)
        throw new MitateError('REVIEW_NOTHING_TO_UNDO', { name: request });
      const until = new Date(now.getTime() + claimMs);
      return { item: await review.reopen(before.request, actor.name, until), label };
    },
    ({ label }) => ({
      ...{ actor, action: 'review.undo', subject: request },
      details: label === null ? { skip: true } : { label: label.label, at: label.at },
    }),
  );
  return item;
}

/** Bytes of a logged request's photo, without metadata. @throws REQUEST_UNKNOWN, REVIEW_PHOTO_GONE */
export async function keptPhoto(
  store: Pick<OpenStore, 'requests' | 'workspace' | 'project'>,
  request: string,
): Promise<{ bytes: Uint8Array; format: string }> {
  const found = await store.requests.getRequest(request);
  if (found === null) throw new MitateError('REQUEST_UNKNOWN', { id: request });
  const { imageSha256, imageFormat, imageKept } = found;
  const images = localImages(store.workspace.images);
  const bytes = imageKept && imageSha256 !== null ? await images.get(store.project, imageSha256) : null;
  if (bytes === null) throw new MitateError('REVIEW_PHOTO_GONE', { name: request });
  return { bytes, format: imageFormat! };
}
