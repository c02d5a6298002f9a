import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { type AnswerOf, ApiError, type PhotoColumns, photoFlags, readPhotoIndex } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';
import { orGone } from '../../app/or-gone.ts';

export type DataSet = Awaited<AnswerOf<'data.list'>>['items'][number];
export type DataPhoto = Awaited<AnswerOf<'data.photos'>>['items'][number];
export type Decision = { sha256: string } & ({ kind: 'label'; label: string } | { kind: 'exclude' | 'keep' });
export type Added = Awaited<AnswerOf<'corrections.add'>>['added'];

export type PhotoMap = Awaited<AnswerOf<'data.map'>>;

export const marks = ['suspicious', 'mistake', 'decided', 'corrected', 'excluded', 'grouped'] as const;
export type Mark = (typeof marks)[number];
export const splits = ['train', 'eval', 'test'] as const;
export type Split = (typeof splits)[number];

export interface Filters {
  label?: string | undefined;
  split?: Split | undefined;
  mark?: Mark | undefined;
  group?: number | undefined;
}

export const dataSetsQuery = queryOptions({
  queryKey: ['data', 'list'],
  queryFn: async () => (await client.data.list({ limit: 100 })).items,
});

export const dataSetQuery = (data: string) =>
  queryOptions({ queryKey: ['data', data, 'detail'], queryFn: () => client.data.get(data) });

export const indexQuery = (data: string) =>
  queryOptions({
    queryKey: ['data', data, 'index'],
    queryFn: async () => readPhotoIndex(await client.data.index(data)),
    structuralSharing: false,
  });

/** Photos of a part of the list, by their positions in the data set. */
export const pageQuery = (data: string, positions: readonly number[]) =>
  queryOptions({
    queryKey: ['data', data, 'at', positions.join()],
    queryFn: async () => (await client.data.photos(data, { at: positions.join() })).items,
    staleTime: 300_000,
  });

export const photoQuery = (sha256: string) =>
  queryOptions({ queryKey: ['data', 'photo', sha256], queryFn: () => client.data.photo(sha256) });

/** Null = the photos have no embeddings. */
export const neighboursQuery = (data: string, sha256: string, labels: readonly string[] = [], count = 6) =>
  queryOptions({
    queryKey: ['data', data, 'neighbours', sha256, labels, count],
    queryFn: async () => {
      try {
        const [label, other] = labels;
        return (await client.data.neighbours(sha256, { data, label, other, count })).items;
      } catch (error) {
        if (error instanceof ApiError && error.code === 'NEIGHBOURS_UNKNOWN') return null;
        throw error;
      }
    },
    staleTime: 300_000,
  });

/** Null = the photos have no embeddings. */
export const mapQuery = (data: string) =>
  queryOptions({
    queryKey: ['data', data, 'map'],
    queryFn: async () => {
      try {
        return await client.data.map(data);
      } catch (error) {
        if (error instanceof ApiError && error.code === 'NEIGHBOURS_UNKNOWN') return null;
        throw error;
      }
    },
    staleTime: 300_000,
  });

export type RequestsOnMap = Awaited<AnswerOf<'data.mapRequests'>>;
/** Traffic that the map shows. */
export const trafficDays = 7;

export const trafficQuery = (data: string, endpoint: string) =>
  queryOptions({
    queryKey: ['data', data, 'map', endpoint],
    queryFn: async () => {
      const from = new Date(Date.now() - trafficDays * 86_400_000).toISOString();
      return await client.data.mapRequests(data, { endpoint, from, limit: 1_000 });
    },
    staleTime: 60_000,
  });

export const endpointsQuery = queryOptions({
  queryKey: ['endpoints', 'names'],
  queryFn: async () => (await client.endpoints.list({ limit: 500 })).items.map(({ name }) => name),
});

/** Null = no evaluation has searched. */
export const suspiciousQuery = (data: string) =>
  queryOptions({
    queryKey: ['data', data, 'suspicious'],
    queryFn: async () => await orGone(client.data.suspicious(data, { decided: 'false', limit: 500 }), null),
  });

export const anomaliesQuery = (data: string) =>
  queryOptions({
    queryKey: ['data', data, 'anomalies'],
    queryFn: async () => await orGone(client.data.anomalies(data), null),
  });

export const rejectedQuery = (data: string) =>
  infiniteQueryOptions({
    queryKey: ['data', data, 'rejected'],
    queryFn: ({ pageParam }) => client.data.rejected(data, { limit: 50, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  });

/** Positions of the photos that pass, in their order. */
export function passing(index: PhotoColumns, { label, split, mark, group }: Filters): Uint32Array {
  const wantedLabel = label === undefined ? -1 : index.labels.indexOf(label);
  const wantedSplit = split === undefined ? -1 : splits.indexOf(split);
  const bit = mark === undefined || mark === 'grouped' ? 0 : photoFlags[mark];
  const found = new Uint32Array(index.count);
  let count = 0;
  if (label === undefined || wantedLabel >= 0)
    for (let at = 0; at < index.count; at++) {
      const flags = index.flags[at]!;
      if (wantedLabel >= 0 && index.label[at] !== wantedLabel) continue;
      if (wantedSplit >= 0 && (flags & 3) !== wantedSplit) continue;
      if (bit !== 0 && (flags & bit) === 0) continue;
      if (mark === 'grouped' && index.group[at] === 0) continue;
      if (group !== undefined && index.group[at] !== group) continue;
      found[count++] = at;
    }
  return found.subarray(0, count);
}

/** Photos per label and per mark, for the filters. */
export function countsOf(index: PhotoColumns): { labels: Uint32Array; marks: Record<Mark, number> } {
  const labels = new Uint32Array(index.labels.length);
  const found: Record<Mark, number> = { suspicious: 0, mistake: 0, decided: 0, corrected: 0, excluded: 0, grouped: 0 };
  for (let at = 0; at < index.count; at++) {
    labels[index.label[at]!]!++;
    const flags = index.flags[at]!;
    for (const mark of marks) if (mark === 'grouped' ? index.group[at]! > 0 : flags & photoFlags[mark]) found[mark]++;
  }
  return { labels, marks: found };
}

export function colourOf({ colour }: PhotoColumns, at: number): string {
  return `rgb(${colour[3 * at]} ${colour[3 * at + 1]} ${colour[3 * at + 2]})`;
}

/** What one call takes. */
const mostAtOnce = 1_000;

/** Decides, and refreshes what depends on it. @returns what takes it back */
export async function decide(queries: QueryClient, data: string, decisions: readonly Decision[]) {
  const added: Added = [];
  try {
    for (let from = 0; from < decisions.length; from += mostAtOnce)
      added.push(...(await client.corrections.add({ data, photos: decisions.slice(from, from + mostAtOnce) })));
  } finally {
    if (added.length > 0) await refresh(queries, data);
  }
  return async () => {
    try {
      for (const { id } of added) await client.corrections.revert(id);
    } finally {
      await refresh(queries, data);
    }
  };
}

export async function revert(queries: QueryClient, data: string, id: string): Promise<void> {
  await client.corrections.revert(id);
  await refresh(queries, data);
}

async function refresh(queries: QueryClient, data: string): Promise<void> {
  const isStale = ({ queryKey }: { queryKey: readonly unknown[] }) =>
    queryKey[1] === 'photo' || (queryKey[1] === data && queryKey[2] !== 'neighbours' && queryKey[2] !== 'rejected');
  await queries.invalidateQueries({ queryKey: ['data'], predicate: isStale });
}

/** sha256 of photos of which only the positions are known. */
export async function digestsOf(data: string, positions: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < positions.length; from += 200) {
    const at = positions.slice(from, from + 200).join();
    found.push(...(await client.data.photos(data, { at })).items.map(({ sha256 }) => sha256));
  }
  return found;
}
