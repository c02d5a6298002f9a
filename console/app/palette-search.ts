import { queryOptions, useQuery } from '@tanstack/react-query';
import { defaultStringifySearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { AnswerOf } from '../../src/client/index.ts';
import { client } from './client.ts';
import { orGone } from './or-gone.ts';
import { useMay } from './session.tsx';

type Hit = Awaited<AnswerOf<'search.find'>>['hits'][number];

/** Something that is stored, with the address of its page. */
export interface Found {
  kind: Exclude<Hit['kind'], 'subject' | 'data-set'> | 'photo';
  id: string;
  title: string;
  /** What it belongs to; '' = nothing. */
  detail: string;
  href: string;
}

const sha256 = /^[0-9a-f]{64}$/i;
/** Milliseconds without a key. */
const pause = 200;
/** Characters that the server takes. */
const most = 100;

const foundQuery = (text: string) =>
  queryOptions({
    queryKey: ['search', text],
    queryFn: () => (sha256.test(text) ? photoOf(text.toLowerCase()) : hitsOf(text)),
    staleTime: 10_000,
    retry: false,
  });

async function hitsOf(text: string): Promise<Found[]> {
  return (await client.search(text)).flatMap((hit) => placeOf(hit) ?? []);
}

/** Where the newest data set has it; else its newest predictions. */
async function photoOf(sha256: string): Promise<Found[]> {
  const { data, answers } = await orGone(client.data.photo(sha256), { data: [], answers: [] });
  const [newest] = data;
  if (newest) {
    const href = `/photos?${query({ data: newest.examples, photo: newest.photo.at })}`;
    return [{ kind: 'photo', id: sha256, title: newest.photo.filename, detail: newest.pipeline, href }];
  }
  return answers
    .slice(0, 5)
    .flatMap(
      ({ request, label, endpoint }) =>
        placeOf({ kind: 'prediction', id: request, title: label ?? '', detail: endpoint }) ?? [],
    );
}

/** Null = no screen is of it. */
function placeOf({ kind, id, title, detail }: Hit): Found | null {
  const name = encodeURIComponent(id);
  // its state follows, in English
  const belongsTo = detail.slice(0, Math.max(0, detail.lastIndexOf(', ')));
  const found = (href: string, of = ''): Found => ({
    kind: kind as Found['kind'],
    id,
    title: title || id,
    detail: of,
    href,
  });
  switch (kind) {
    case 'endpoint':
      return found(`/service?${query({ endpoint: id })}`);
    case 'model':
      return found(`/models/${name}`);
    case 'pipeline':
      return found(`/runs?${query({ pipeline: id })}`);
    case 'run':
      return found(`/runs/${name}`, belongsTo);
    case 'monitor':
      return found('/watch?tab=monitors', detail);
    case 'alert':
      return found(`/watch/alerts/${name}`);
    case 'trigger':
      return found('/watch?tab=triggers');
    case 'promotion':
      return found(`/service?${query({ endpoint: belongsTo, tab: 'release' })}`, belongsTo);
    case 'prediction':
      return found(`/service?${query({ endpoint: detail, tab: 'requests', request: id })}`, detail);
    case 'subject':
    case 'data-set':
      return null;
  }
}

const query = (values: Record<string, string | number>) => defaultStringifySearch(values).slice(1);

/** What the server has of that text, once nothing was typed for a moment. */
export function useFound(sought: string): {
  found: readonly Found[];
  isSearching: boolean;
  error: Error | null;
  retry: () => void;
} {
  const may = useMay();
  const typed = sought.trim();
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setText(typed), pause);
    return () => clearTimeout(timer);
  }, [typed]);
  const isSought = may('read') && typed.length > 1 && typed.length <= most;
  const isCurrent = text === typed;
  const { data, error, isFetching, refetch } = useQuery({ ...foundQuery(text), enabled: isSought && isCurrent });
  return {
    found: isSought && isCurrent ? (data ?? []) : [],
    isSearching: isSought && (!isCurrent || isFetching),
    error: isSought && isCurrent ? error : null,
    retry: refetch,
  };
}
