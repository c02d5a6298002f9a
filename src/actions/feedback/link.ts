import { dayMs } from '../../codecs/duration.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { AnsweredPhoto } from '../../contracts/loop/feedback.ts';
import { openLink, signLink } from '../../feedback/labels/signed-link.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { workspaceSecret } from '../../store/workspace/secret.ts';
import { named } from './add.ts';
import { knownLabels } from './known-labels.ts';

const secretOf = ({ workspace }: Pick<OpenStore, 'workspace'>) => workspaceSecret(workspace.dir, 'feedback-link');

/** A link that lets whoever has it speak of one photo. @throws FEEDBACK_REQUEST_UNKNOWN */
export async function makeFeedbackLink(
  store: Pick<OpenStore, 'feedback' | 'project' | 'workspace' | 'audited'>,
  id: string,
  { days, actor, now }: { days: number; actor: Actor; now: Date },
): Promise<{ path: string; expiresAt: Date }> {
  const [photo] = await store.feedback.findPhotos([{ id }]);
  const { publicId } = named(photo!, { id });
  const expiresAt = new Date(now.getTime() + days * dayMs);
  const token = signLink({ project: store.project, request: publicId, expiresAt }, await secretOf(store));
  const entry = { actor, action: 'feedback.link', subject: id, details: { days } } as const;
  return await store.audited(async () => ({ path: `/feedback/${token}`, expiresAt }), entry);
}

export interface LinkedPhoto {
  /** The store as the photo's project sees it. */
  store: OpenStore;
  photo: AnsweredPhoto;
  /** What it may be called. */
  answers: readonly string[];
}

/** The photo that a link speaks of. @throws FEEDBACK_LINK_INVALID, FEEDBACK_LINK_EXPIRED, FEEDBACK_REQUEST_UNKNOWN */
export async function followLink(
  store: Pick<OpenStore, 'workspace' | 'forProject'>,
  token: string,
  now: Date,
): Promise<LinkedPhoto> {
  const { project, request } = openLink(token, await secretOf(store), now);
  const scoped = store.forProject(project);
  const [found] = await scoped.feedback.findPhotos([{ id: request }]);
  const photo = named(found!, { id: request });
  const { answers } = await knownLabels(scoped)(photo);
  return { store: scoped, photo, answers };
}
