import type { FastifyInstance } from 'fastify';
import { addUploadedPhoto } from '../../actions/uploads/add-photo.ts';
import { UploadIndexes } from '../../actions/uploads/upload-folder.ts';
import {
  createUpload,
  finishUpload,
  listUploads,
  removeUpload,
  showUpload,
  uploadedPhotos,
} from '../../actions/uploads/uploads.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import { addRoutes, type Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';

/** Of one server. */
const indexes = new UploadIndexes();

export function uploadHandlers(): Handlers<Exclude<RouteIn<'uploads'>, 'uploads.add'>> {
  return {
    'uploads.list': async ({ store, query }) => pageOf(await listUploads(store, indexes), query, ({ id }) => id),
    'uploads.create': async ({ store, body, actor, now }) => await createUpload(store, body.name, { actor, now }),
    'uploads.get': async ({ store, params }) => await showUpload(store, params.id, indexes),
    'uploads.photos': async ({ store, params, query }) =>
      pageOf(await uploadedPhotos(store, params.id, indexes), query, ({ path }) => path),
    'uploads.finish': async ({ store, params, actor, now }) =>
      await finishUpload(store, params.id, { actor, now, indexes }),
    'uploads.remove': async ({ store, params, actor }) => await removeUpload(store, params.id, actor),
  };
}

/** The photo is the body. */
export async function uploadedPhotoRoute(app: FastifyInstance, context: ApiContext): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['image/jpeg', 'image/png', 'image/webp', 'application/octet-stream'],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  );
  addRoutes(app, context, {
    'uploads.add': async ({ store, params, query, request }) => {
      const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
      return await addUploadedPhoto(store, params.id, { path: query.path, bytes }, { indexes });
    },
  });
}
