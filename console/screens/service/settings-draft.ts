import type { BodyOf } from '../../../src/client/index.ts';
import type { EndpointAnswer } from './data.ts';

type Given = EndpointAnswer['settings'];
type Change = BodyOf<'endpoints.set'>['settings'];

/** What the form holds; shares in percent, null = an empty field. */
export interface Draft {
  abstainLow: number | null;
  abstainHigh: number | null;
  unlike: Given['unlike'];
  images: Given['images']['policy'];
  imageShare: number | null;
  retentionDays: number | null;
  isPublic: boolean;
  offline: boolean;
  reviewADay: number | null;
  opinions: number | null;
  deadlineMs: number | null;
  embeddingShare: number | null;
  /** Parts of settings that the form does not show. */
  rest: { review: Given['review'] };
}

/** 0.1 * 100 is not 10. */
const percentOf = (share: number) => Math.round(share * 10_000) / 100;

export const draftOf = ({
  abstain,
  unlike,
  images,
  imageRetentionDays,
  review,
  deadlineMs,
  embeddingShare,
  ...given
}: Given): Draft => ({
  abstainLow: abstain?.low ?? null,
  abstainHigh: abstain?.high ?? null,
  unlike,
  images: images.policy,
  imageShare: percentOf(images.share),
  retentionDays: imageRetentionDays,
  isPublic: given.public,
  offline: given.offline,
  reviewADay: review.perDay,
  opinions: review.opinions,
  deadlineMs,
  embeddingShare: percentOf(embeddingShare),
  rest: { review },
});

/** Both ends of a band or none, and no other field empty. */
export function isValid({ abstainLow, abstainHigh, rest: _, ...others }: Draft): boolean {
  const isBand = (abstainLow === null) === (abstainHigh === null) && (abstainLow ?? 0) <= (abstainHigh ?? 1);
  return isBand && Object.values(others).every((value) => value !== null && !Number.isNaN(value));
}

/** The settings that differ, as the API takes them. */
export function changesOf(before: Draft, now: Draft): Change {
  const isChanged = (...names: (keyof Draft)[]) => names.some((name) => before[name] !== now[name]);
  return {
    ...(isChanged('abstainLow', 'abstainHigh') && {
      abstain:
        now.abstainLow === null || now.abstainHigh === null ? null : { low: now.abstainLow, high: now.abstainHigh },
    }),
    ...(isChanged('unlike') && { unlike: now.unlike }),
    ...(isChanged('images', 'imageShare') && { images: { policy: now.images, share: (now.imageShare ?? 0) / 100 } }),
    ...(isChanged('retentionDays') && { imageRetentionDays: now.retentionDays }),
    ...(isChanged('isPublic') && { public: now.isPublic }),
    ...(isChanged('offline') && { offline: now.offline }),
    ...(isChanged('reviewADay', 'opinions') && {
      review: { ...now.rest.review, perDay: now.reviewADay ?? 0, opinions: now.opinions ?? 1 },
    }),
    ...(isChanged('deadlineMs') && { deadlineMs: now.deadlineMs }),
    ...(isChanged('embeddingShare') && { embeddingShare: (now.embeddingShare ?? 0) / 100 }),
  };
}

/** What somebody entered. */
export function entered(before: Draft, now: Draft): Partial<Draft> {
  return Object.fromEntries(
    Object.entries(now).filter(([name, value]) => name !== 'rest' && value !== before[name as keyof Draft]),
  );
}
