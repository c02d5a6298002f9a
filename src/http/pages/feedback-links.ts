import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addFeedback } from '../../actions/feedback/add.ts';
import { followLink } from '../../actions/feedback/link.ts';
import { displayNamesOf } from '../../actions/labels/label-names.ts';
import { keptPhoto } from '../../actions/review/review.ts';
import { outcomes } from '../../contracts/loop/behaviour.ts';
import type { Feedback, LinkQuestion } from '../../contracts/loop/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import type { Metrics } from '../../serving/metrics.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { messagePage, questionPage } from './feedback-page.ts';
import { feedbackTexts, languageOf } from './feedback-texts.ts';
import { answerInPages, sendPage } from './send-page.ts';

const path = '/feedback/:token';

export interface FeedbackLinks {
  store: OpenStore;
  metrics: Pick<Metrics, 'feedback'>;
}

type LinkRequest = FastifyRequest<{ Params: { token: string } }>;

/** Pages behind signed links, which need no key. Opening one records nothing; only its form does. */
export async function feedbackLinkRoutes(app: FastifyInstance, { store, metrics }: FeedbackLinks): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4_096 },
    (_r, body, done) => done(null, new URLSearchParams(body as string)),
  );
  answerInPages(app);

  app.get(path, { schema: { hide: true } }, async (request: LinkRequest, reply) => {
    const { photo, answers, ask, ...found } = await followLink(store, request.params.token, {
      page: 'feedback',
      now: new Date(),
    });
    const isKept = await keptPhoto(found.store, photo.publicId).then(Boolean, () => false);
    const picture = isKept ? `/feedback/${request.params.token}/photo` : null;
    const names = await displayNamesOf(found.store, photo.label === null ? answers : [photo.label, ...answers]);
    const once = randomBytes(16).toString('base64url');
    const language = languageOf(request.headers['accept-language']);
    return sendPage(reply, (nonce) => questionPage({ photo, ask, answers, names, picture, once, nonce, language }));
  });

  app.get(`${path}/photo`, { schema: { hide: true } }, async (request: LinkRequest, reply) => {
    const { photo, store: scoped } = await followLink(store, request.params.token, {
      page: 'feedback',
      now: new Date(),
    });
    const { bytes, format } = await keptPhoto(scoped, photo.publicId);
    return reply.type(`image/${format}`).header('cache-control', 'private, no-store').send(Buffer.from(bytes));
  });

  app.post(path, { schema: { hide: true } }, async (request: LinkRequest, reply) => {
    const now = new Date();
    const {
      photo,
      ask,
      store: scoped,
      who: name,
    } = await followLink(store, request.params.token, { page: 'feedback', now });
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const once = form.get('once');
    const feedback = inputOf(form, ask);
    // both forms of a page have the same `once`, and a user may go back and submit the other
    const isOnce = once !== null && /^[\w-]{1,64}$/.test(once);
    const idempotencyKey = isOnce ? `${photo.publicId}/${once}/${JSON.stringify(feedback)}` : null;
    const input = { photo: { id: photo.publicId }, feedback, idempotencyKey };
    const actor = { kind: 'anonymous', id: 'link', name, door: 'http' } as const;
    const by = { ...actor, requestId: request.id, address: request.ip };
    const [added] = await addFeedback(scoped, [input], { actor: by, source: 'link', now });
    if (!added!.repeated)
      metrics.feedback({ project: scoped.project, endpoint: photo.endpoint, verdict: added!.verdict });
    const language = languageOf(request.headers['accept-language']);
    const { thanks: title, saved: text } = feedbackTexts[language];
    return sendPage(reply, (nonce) => messagePage({ title, text, nonce, language }));
  });
}

/** A link takes answers to its own question only. */
function inputOf(form: URLSearchParams, ask: LinkQuestion): Feedback {
  const [says, label] = [form.get('says'), form.get('label')];
  if (ask === 'outcome') {
    const outcome = outcomes.find((each) => each === form.get('outcome'));
    if (outcome) return { kind: 'outcome', outcome };
  } else {
    if (says === 'right' || says === 'wrong') return { kind: 'verdict', verdict: says };
    if (label !== null && label !== '' && label.length <= 256) return { kind: 'label', label, newClass: false };
  }
  throw new MitateError('HTTP_REQUEST_INVALID', {
    where: 'form',
    reason: ask === 'outcome' ? 'it has no outcome' : 'it has neither right, wrong nor a label',
  });
}
