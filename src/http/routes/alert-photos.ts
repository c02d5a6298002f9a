import { z } from 'zod';
import { alertGrid, alertPhotos } from '../../actions/alerts/photos.ts';
import { alertPhotosSchema } from '../../contracts/api/alerts.ts';
import type { ApiContext } from '../context.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { requires } from '../principal.ts';

const tags = ['alerts'];
const path = '/api/v1/alerts/:alert(^[^:/]+)';
const params = z.object({ alert: z.string().max(160) });
// training photos are shown to who operates endpoints alone
const onRequest = requires('operate');

export function alertPhotoRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    `${path}/photos`,
    {
      onRequest,
      schema: {
        tags,
        summary: 'Photos that moved it, most first, each with the training photos nearest to it',
        params,
        response: { 200: alertPhotosSchema },
      },
    },
    async (request) => ({ photos: await alertPhotos(storeOf(request), request.params.alert) }),
  );

  app.get(
    `${path}/photos.png`,
    {
      onRequest,
      schema: {
        tags,
        summary: 'The same as a picture: a row each; first the photo, then its neighbours; grey where one is gone',
        params,
        produces: ['image/png'],
      },
    },
    async (request, reply) => {
      const png = await alertGrid(storeOf(request), request.params.alert);
      return await reply.type('image/png').header('cache-control', 'no-store').send(Buffer.from(png));
    },
  );
}
