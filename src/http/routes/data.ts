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
import { markedBytes } from '../../actions/photos/marks.ts';
import { photoImage } from '../../actions/photos/photo-image.ts';
import { showMap } from '../../actions/photos/show-map.ts';
import { neighboursOf, showPhoto } from '../../actions/photos/show-photo.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';
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

const cursorOf = (last: number | null) => (last === null ? null : encodeCursor(String(last)));
