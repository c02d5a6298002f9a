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

export const pipelinesQuery = queryOptions({ queryKey: ['runs', 'pipelines'], queryFn: () => client.pipelines.list() });

export const pipelineQuery = (pipeline: string) =>
  queryOptions({
    queryKey: ['pipelines', pipeline],
    queryFn: () => client.pipelines.graph(pipeline),
    staleTime: 10_000,
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
