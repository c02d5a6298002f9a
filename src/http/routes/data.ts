import type { FastifyInstance } from 'fastify';
import { allLabels, namedLabels, nameLabels } from '../../actions/labels/label-names.ts';
import { addCorrections, listCorrections, revertCorrection } from '../../actions/photos/corrections.ts';
import {
  dataAnomalies,
  dataStatistics,
  listDataSets,
  rejectedFiles,
  showDataSet,
} from '../../actions/photos/data-sets.ts';
import { exportCorrections } from '../../actions/photos/export-corrections.ts';
import { listPhotos, listSuspicious, openData } from '../../actions/photos/list-photos.ts';
import { requestsOnMap } from '../../actions/photos/map-requests.ts';
import { markedBytes } from '../../actions/photos/marks.ts';
import { photoImage } from '../../actions/photos/photo-image.ts';
import { showMap } from '../../actions/photos/show-map.ts';
import { neighboursOf, showPhoto } from '../../actions/photos/show-photo.ts';
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
import { dateOf, given } from '../given.ts';
import { encodeCursor, pageBefore, pageBySeq, pageOf, placeAfter } from '../page.ts';
import { etagOf } from '../plugins/etag.ts';

/** Data sets, their photos, and what is decided about them. */
export function dataHandlers({ service }: ApiContext): Handlers<RouteIn<'data'>> {
  return {
    'data.list': async ({ store, query: { pipeline, newest, ...page } }) =>
      await pageBefore(
        page,
        (page) => listDataSets(store, { ...given({ pipeline }), newest, ...page }),
        ({ id }) => id,
      ),
    'data.get': async ({ store, params }) => await showDataSet(store, params.examples),
    'data.index': async ({ store, params }) => {
      const { index, marks } = await openData(store, params.examples);
      const headers = { etag: etagOf(marks.revision), 'cache-control': 'private, no-cache' };
      return { bytes: markedBytes(index, marks), type: 'application/octet-stream', headers };
    },
    'data.photos': async ({ store, params, query: { cursor, ...query } }) => {
      const { items, last, total } = await listPhotos(store, params.examples, {
        ...query,
        after: placeAfter(cursor) ?? -1,
      });
      return { items, total, nextCursor: cursorOf(last) };
    },
    'data.suspicious': async ({ store, params, query: { cursor, limit, ...filter } }) => {
      const after = placeAfter(cursor);
      const { last, ...page } = await listSuspicious(store, params.examples, { ...given(filter), limit, after });
      return { ...page, nextCursor: cursorOf(last) };
    },
    'data.statistics': async ({ store, params }) => await dataStatistics(store, params.examples),
    'data.anomalies': async ({ store, params }) => await dataAnomalies(store, params.examples),
    'data.rejected': async ({ store, params, query: { code, ...page } }) => {
      const all = await rejectedFiles(store, params.examples);
      const wanted = all.map((file, i) => ({ ...file, i })).filter((file) => code === undefined || file.code === code);
      const { items, nextCursor } = pageOf(wanted, page, ({ i }) => String(i));
      const codes = [...Map.groupBy(all, (file) => file.code)].map(([code, { length }]) => [code, length] as const);
      return {
        items: items.map(({ i: _, ...file }) => file),
        nextCursor,
        codes: Object.fromEntries(codes),
        total: wanted.length,
      };
    },
    'data.map': async ({ store, params, query }) => await showMap(store, params.examples, query.points),
    'data.mapRequests': async ({ store, params, query: { from, to, ...query } }) =>
      await requestsOnMap(store, params.examples, {
        ...query,
        ...given({ from: dateOf(from), to: dateOf(to) }),
      }),
    'data.photo': async ({ store, params }) => await showPhoto(store, params.sha256),
    'data.image': async ({ store, params, query, principal }) => {
      const mayLabel = principal.permissions.has('label');
      const { bytes, isData } = await photoImage(store, service, { ...params, ...query, mayLabel });
      const life = isData ? 'private, max-age=31536000, immutable' : 'private, no-store';
      return { bytes, type: 'image/jpeg', headers: { 'cache-control': life } };
    },
    'data.neighbours': async ({ store, params, query: { data, label, other, count } }) => {
      const labels = [label, other].filter((each) => each !== undefined);
      return await neighboursOf(store, params.sha256, { data, labels, count });
    },
  };
}

export function correctionHandlers({ config }: ApiContext): Handlers<RouteIn<'corrections'>> {
  return {
    'corrections.list': async ({ store, query: { data, sha256, standing, ...page } }) =>
      await pageBySeq(page, (page) => listCorrections(store, { ...given({ data, sha256 }), standing, ...page })),
    'corrections.add': async ({ store, body, actor, now }) => ({
      added: await addCorrections(store, body, { actor, now }),
    }),
    'corrections.revert': async ({ store, params, actor, now }) =>
      await revertCorrection(store, params.id, { actor, now }),
    'corrections.export': async ({ store, body, actor }) => await exportCorrections(config, store, { ...body, actor }),
  };
}

export function labelHandlers(): Handlers<RouteIn<'labels'>> {
  return {
    'labels.list': async ({ store, query: { named } }) => ({
      items: named ? await namedLabels(store) : await allLabels(store),
    }),
    'labels.name': async ({ store, body, actor }) => await nameLabels(store, body.names, actor),
  };
}

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

const cursorOf = (last: number | null) => (last === null ? null : encodeCursor(String(last)));
