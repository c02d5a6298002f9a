import { sha256 } from '../../codecs/digest.ts';
import { dayMs } from '../../codecs/duration.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { ImageFormat } from '../../contracts/artifacts/example.ts';
import type { AnsweredPhoto, LinkQuestion } from '../../contracts/loop/feedback.ts';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import { MitateError } from '../../errors/index.ts';
import { openLink, signLink } from '../../feedback/labels/signed-link.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { workspaceSecret } from '../../store/workspace/secret.ts';
import { stripMetadata } from '../../vision/strip-metadata.ts';
import { named } from './add.ts';
import { knownLabels } from './known-labels.ts';

const secretOf = ({ workspace }: Pick<OpenStore, 'workspace'>) => workspaceSecret(workspace.dir, 'feedback-link');

export interface LinkOptions {
  ask: LinkQuestion;
  days: number;
  actor: Actor;
  now: Date;
  photo?: Uint8Array;
  mayLabel?: boolean;
}

export interface FeedbackLink {
  path: string;
  expiresAt: Date;
  /** Whether its page shows the photo, which is stored while the link is valid. */
  photoKept: boolean;
}

/**
 * A link with which anyone can give feedback on one photo, or see its diagnosis (`ask: 'nothing'`).
 * @param options.mayLabel false: what is said by it counts as one voice with what its maker says
 * @param options.photo as it was sent, for an endpoint that did not keep it
 * @throws FEEDBACK_REQUEST_UNKNOWN, FEEDBACK_PHOTO_OTHER, FEEDBACK_PHOTO_NEEDED
 */
export async function makeFeedbackLink(
  store: Pick<OpenStore, 'feedback' | 'requests' | 'project' | 'workspace' | 'audited'>,
  id: string,
  { ask, days, actor, now, photo, mayLabel = true }: LinkOptions,
): Promise<FeedbackLink> {
  const [found] = await store.feedback.findPhotos([{ id }]);
  const { publicId } = named(found!, { id });
  const expiresAt = new Date(now.getTime() + days * dayMs);
  const claim = { project: store.project, request: publicId, ask, expiresAt, madeAt: now };
  const token = signLink(mayLabel ? claim : { ...claim, by: actor.name }, await secretOf(store));
  const request = await store.requests.getRequest(publicId);
  const image = request?.imageSha256 ?? null;
  const given = photo === undefined ? null : withoutMetadata(photo, publicId, request);
  const isGiven = given !== null && !request?.imageKept;
  const entry = { actor, action: 'feedback.link', subject: id, details: { days, ask } } as const;
  const photoKept = await store.audited(async ({ requests }) => {
    const canKeep = image !== null && (request?.imageKept || isGiven);
    const isKept = canKeep && (await requests.holdImage(image, { until: expiresAt, given: isGiven }));
    if (ask === 'nothing' && !isKept) throw new MitateError('FEEDBACK_PHOTO_NEEDED', { name: id });
    return isKept;
  }, entry);
  if (photoKept && isGiven) await localImages(store.workspace.images).put(store.project, image!, given);
  return { path: `/${ask === 'nothing' ? 's' : 'feedback'}/${token}`, expiresAt, photoKept };
}

/** Null when it cannot be parsed: it may contain anything. */
function withoutMetadata(photo: Uint8Array, id: string, request: LoggedRequest | null): Uint8Array | null {
  const { imageSha256 = null, imageFormat = null } = request ?? {};
  if (imageFormat === null || sha256(photo) !== imageSha256)
    throw new MitateError('FEEDBACK_PHOTO_OTHER', { name: id });
  return stripMetadata(photo, imageFormat as ImageFormat);
}

export interface LinkedPhoto {
  /** The store as the photo's project sees it. */
  store: OpenStore;
  photo: AnsweredPhoto;
  /** Possible answers. */
  answers: readonly string[];
  ask: LinkQuestion;
  /** Whose words those of the link are. */
  who: string;
  expiresAt: Date;
}

/** One link (its URL, path or token), or all that were made until now: of a prediction, or of an endpoint. */
export type RevokedLinks = { link: string } | { id: string } | { endpoint: string };

/** @throws FEEDBACK_LINK_INVALID, FEEDBACK_LINK_EXPIRED, FEEDBACK_REQUEST_UNKNOWN */
export async function revokeFeedbackLinks(
  store: Pick<OpenStore, 'feedback' | 'project' | 'workspace' | 'audited'>,
  which: RevokedLinks,
  { actor, now }: { actor: Actor; now: Date },
): Promise<{ kind: 'link' | 'request' | 'endpoint'; of: string }> {
  const { of, ...revoked } = await subjectOf(store, which, now);
  const { kind } = revoked;
  const entry = { actor, action: 'feedback.unlink', subject: of, details: { kind } } as const;
  await store.audited(({ feedback }) => feedback.revokeLinks(revoked), entry);
  return { kind, of };
}

async function subjectOf(store: Pick<OpenStore, 'feedback' | 'project' | 'workspace'>, which: RevokedLinks, now: Date) {
  // also of one that was deleted
  if ('endpoint' in which) return { kind: 'endpoint', subject: which.endpoint, of: which.endpoint } as const;
  if ('id' in which) {
    const [found] = await store.feedback.findPhotos([which]);
    const { publicId } = named(found!, which);
    return { kind: 'request', subject: publicId, of: publicId } as const;
  }
  const token = which.link.split('/').at(-1)!;
  const { project, request } = openLink(token, await secretOf(store), now);
  if (project !== store.project) throw new MitateError('FEEDBACK_LINK_INVALID', {});
  return { kind: 'link', subject: sha256(token), of: request } as const;
}

/** The photo of a link to that page. @throws FEEDBACK_LINK_INVALID, FEEDBACK_LINK_EXPIRED, FEEDBACK_LINK_REVOKED, FEEDBACK_REQUEST_UNKNOWN */
export async function followLink(
  store: Pick<OpenStore, 'workspace' | 'forProject'>,
  token: string,
  { page, now }: { page: 'feedback' | 'share'; now: Date },
): Promise<LinkedPhoto> {
  const { project, request, ask, expiresAt, madeAt, by } = openLink(token, await secretOf(store), now);
  if ((ask === 'nothing') !== (page === 'share')) throw new MitateError('FEEDBACK_LINK_INVALID', {});
  const scoped = store.forProject(project);
  const [found] = await scoped.feedback.findPhotos([{ id: request }]);
  const photo = named(found!, { id: request });
  const link = { link: sha256(token), request, endpoint: photo.endpoint, madeAt };
  if (await scoped.feedback.isLinkRevoked(link)) throw new MitateError('FEEDBACK_LINK_REVOKED', {});
  const { answers } = await knownLabels(scoped)(photo);
  return { store: scoped, photo, answers, ask, who: by ?? 'link', expiresAt };
}
