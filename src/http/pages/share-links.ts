import type { FastifyInstance, FastifyRequest } from 'fastify';
import { followLink } from '../../actions/feedback/link.ts';
import { displayNamesOf } from '../../actions/labels/label-names.ts';
import { explainedPhoto } from '../../actions/requests/explain.ts';
import { showRequest } from '../../actions/requests/requests.ts';
import { keptPhoto } from '../../actions/review/review.ts';
import type { RunningService } from '../../serving/open-service.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { untilDisconnected } from '../protocols/service-request.ts';
import { languageOf } from './feedback-texts.ts';
import { answerInPages, sendPage } from './send-page.ts';
import { sharePage } from './share-page.ts';

const path = '/s/:token';

export interface ShareLinks {
  store: OpenStore;
  service: Pick<RunningService, 'overlayKept'>;
}

type LinkRequest = FastifyRequest<{ Params: { token: string } }>;

/** One diagnosis for whoever has its signed link: photo, answer, heat map, and nothing else. It ends with the photo. */
export async function shareLinkRoutes(app: FastifyInstance, { store, service }: ShareLinks): Promise<void> {
  answerInPages(app);
  const follow = async ({ params: { token } }: LinkRequest) => {
    const link = await followLink(store, token, { page: 'share', now: new Date() });
    const photo = await keptPhoto(link.store, link.photo.publicId);
    return { ...link, photo, id: link.photo.publicId };
  };
  const hide = { schema: { hide: true } };

  app.get(path, hide, async (request: LinkRequest, reply) => {
    const { store: scoped, id, expiresAt } = await follow(request);
    const logged = await showRequest(scoped, id);
    const said = [logged.label, logged.response?.label, logged.response?.leaning].filter(
      (each) => typeof each === 'string',
    );
    const names = await displayNamesOf(scoped, said);
    const language = languageOf(request.headers['accept-language']);
    const below = `/s/${request.params.token}`;
    return sendPage(reply, (nonce) => sharePage({ logged, names, below, expiresAt, nonce, language }));
  });

  app.get(`${path}/photo`, hide, async (request: LinkRequest, reply) => {
    const { bytes, format } = (await follow(request)).photo;
    return reply.type(`image/${format}`).header('cache-control', 'private, no-store').send(Buffer.from(bytes));
  });

  app.get(`${path}/heat`, hide, async (request: LinkRequest, reply) => {
    const { store: scoped, id } = await follow(request);
    const { version, image, label } = await explainedPhoto(scoped, id);
    const png = await service.overlayKept(version, image, { label, signal: untilDisconnected(reply) });
    return reply.type('image/png').header('cache-control', 'private, no-store').send(Buffer.from(png));
  });
}
