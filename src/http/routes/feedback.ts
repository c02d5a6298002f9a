import type { z } from 'zod';
import { addFeedback, type FeedbackInput } from '../../actions/feedback/add.ts';
import { behaviour } from '../../actions/feedback/behaviour.ts';
import { labelDelay, listFeedback } from '../../actions/feedback/feedback.ts';
import { makeFeedbackLink, revokeFeedbackLinks } from '../../actions/feedback/link.ts';
import type { Principal } from '../../contracts/access.ts';
import type { addFeedbackSchema } from '../../contracts/api/feedback.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { dateOf, given, periodOf } from '../given.ts';
import { pageBySeq } from '../page.ts';
import { requirePermission } from '../principal.ts';

export function feedbackHandlers({ metrics }: ApiContext): Handlers<Exclude<RouteIn<'feedback'>, 'feedback.import'>> {
  return {
    'feedback.add': async ({ store, body, actor, principal, now }) => {
      // a key that pages contain is anybody's, whatever it says
      const source = mayLabel(principal) ? body.source : 'widget';
      const added = await addFeedback(store, inputsOf(body), { actor, source, now });
      for (const { entry, repeated, verdict } of added)
        if (!repeated) metrics.feedback({ project: store.project, endpoint: entry.endpoint, verdict });
      return { added: added.map(({ entry, repeated }) => ({ ...entry, repeated })) };
    },
    'feedback.list': async ({ store, principal, query: { limit, cursor, from, to, ...filter } }) =>
      await pageBySeq({ limit, cursor }, (page) =>
        listFeedback(store, {
          ...given({ ...filter, ...blind(principal), from: dateOf(from), to: dateOf(to) }),
          ...page,
        }),
      ),
    'feedback.delay': async ({ store, query }) => await labelDelay(store, periodOf(query)),
    'feedback.behaviour': async ({ store, query }) => ({
      items: await behaviour(store, periodOf(query)),
    }),
    'feedback.unlink': async ({ store, body, actor, principal, now }) => {
      if ('endpoint' in body) requirePermission(principal, 'label');
      return await revokeFeedbackLinks(store, body, { actor, now });
    },
    'feedback.link': async ({ store, body: { id, ask, days, photo }, actor, principal, now }) => {
      const given = { ...(photo && { photo: Buffer.from(photo, 'base64') }) };
      return await makeFeedbackLink(store, id, { ask, days, actor, now, mayLabel: mayLabel(principal), ...given });
    },
  };
}

/** Who labels, and does not operate, sees the labels of others after their own. */
const blind = ({ permissions, who }: Principal) =>
  permissions.has('label') && !permissions.has('operate') ? { blindFor: who } : {};

const mayLabel = ({ permissions }: Principal) => permissions.has('label');

function inputsOf({ feedback, idempotencyKey }: z.output<typeof addFeedbackSchema>): FeedbackInput[] {
  return feedback.map(({ id, requestId, instance, note, session, ...given }, i) => ({
    photo: id === undefined ? { requestId: requestId!, instance: instance ?? null } : { id },
    feedback: given,
    note,
    session,
    idempotencyKey: idempotencyKey === undefined ? null : `${idempotencyKey}/${i}`,
  }));
}
