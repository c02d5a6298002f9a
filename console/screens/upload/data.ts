import { queryOptions } from '@tanstack/react-query';
import type { AnswerOf } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';

export type Upload = Awaited<AnswerOf<'uploads.list'>>['items'][number];
export type UploadDetail = Awaited<AnswerOf<'uploads.get'>>;

export const uploadsQuery = queryOptions({
  queryKey: ['data', 'uploads'],
  queryFn: async () => (await client.uploads.list({ limit: 100 })).items,
});

export const uploadQuery = (id: string) =>
  queryOptions({ queryKey: ['data', 'uploads', id], queryFn: () => client.uploads.get(id) });

/** More of them are not a list that somebody reads. */
const mostPipelines = 30;

/** Parameters of pipelines that take a place of photos. */
export const placesQuery = queryOptions({
  queryKey: ['runs', 'pipelines', 'places'],
  queryFn: async () => {
    const startable = (await client.pipelines.list()).filter(({ isStartable }) => isStartable).slice(0, mostPipelines);
    // one whose file is broken takes none
    const found = await Promise.all(
      startable.map(async ({ pipeline }) => await client.pipelines.graph(pipeline).catch(() => null)),
    );
    return startable.flatMap(({ pipeline }, i) =>
      (found[i]?.parameters ?? [])
        .filter(({ type }) => type === 'uri')
        .map(({ name }) => ({ value: JSON.stringify([pipeline, name]), pipeline, parameter: name })),
    );
  },
});

/** Bytes by path, of the photos that the server has. */
export async function photosThere(id: string): Promise<Map<string, number>> {
  const there = new Map<string, number>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Awaited<AnswerOf<'uploads.photos'>> = await client.uploads.photos(id, {
      limit: 500,
      ...(cursor && { cursor }),
    });
    for (const { path, bytes } of page.items) there.set(path, bytes);
    cursor = page.nextCursor;
  }
  return there;
}
