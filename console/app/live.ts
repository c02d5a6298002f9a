import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { chosenProject } from './client.ts';

/**
 * Hints from the server: "something of this topic changed". They carry no data; a query whose key begins with the topic is asked again, with its ETag.
 * One stream per browser: the tab that holds the lock listens and tells the others (HTTP/1.1 allows six connections to a server).
 */
export interface Live {
  /** Since when the stream is lost; null = it is there. */
  staleSince: Date | null;
}

const pollMs = 10_000;
const retryMs = 2_000;
const againMs = 100;
/** The server sends a comment every 15 s. */
const silentMs = 40_000;

let state: Live = { staleSince: null };
const listeners = new Set<() => void>();

function set(staleSince: Date | null): void {
  if ((staleSince === null) === (state.staleSince === null)) return;
  state = { staleSince };
  for (const listener of listeners) listener();
}

export function useLive(): Live {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

type Message = { kind: 'topic'; topic: string } | { kind: 'link'; isUp: boolean } | { kind: 'hello' };

/** @returns ends it */
export function listen(queries: QueryClient): () => void {
  const ended = new AbortController();
  const channel = new BroadcastChannel(`mitate.live.${chosenProject() ?? ''}`);
  let poll: ReturnType<typeof setInterval> | undefined;
  let lastUp = true;

  const refresh = async (topic?: string) => {
    const filter = topic === undefined ? {} : { queryKey: [topic] };
    // an answer that was asked for before the change must not arrive after it
    await queries.cancelQueries({ ...filter, type: 'active' }, { silent: true });
    await queries.invalidateQueries(filter);
  };
  const link = (isUp: boolean) => {
    if (isUp && !lastUp) void refresh();
    lastUp = isUp;
    set(isUp ? null : (state.staleSince ?? new Date()));
    clearInterval(poll);
    if (!isUp) poll = setInterval(() => void queries.invalidateQueries(), pollMs);
  };
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'topic') void refresh(data.topic);
    if (data.kind === 'link') link(data.isUp);
    if (data.kind === 'hello' && leads) channel.postMessage({ kind: 'link', isUp: lastUp } satisfies Message);
  };
  let leads = false;
  const tell = (message: Message) => channel.postMessage(message);

  const lead = async () => {
    leads = true;
    while (!ended.signal.aborted) {
      // one that the server ended is opened again; one that failed is lost
      try {
        await read(ended.signal, (topic) => {
          if (topic === null) {
            link(true);
            tell({ kind: 'link', isUp: true });
          } else {
            void refresh(topic);
            tell({ kind: 'topic', topic });
          }
        });
        await new Promise((resolve) => setTimeout(resolve, againMs));
      } catch {
        if (ended.signal.aborted) return;
        link(false);
        tell({ kind: 'link', isUp: false });
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  };
  // plain HTTP to another machine is no secure context and has no locks: each tab listens for itself
  if (navigator.locks) navigator.locks.request(channel.name, { signal: ended.signal }, lead).catch(() => {});
  else void lead();
  tell({ kind: 'hello' });
  return () => {
    ended.abort();
    clearInterval(poll);
    channel.close();
  };
}

/** Reads the stream until it ends. @param onTopic null: the link is there */
async function read(signal: AbortSignal, onTopic: (topic: string | null) => void): Promise<void> {
  const project = chosenProject();
  const silence = new AbortController();
  const headers = { accept: 'text/event-stream', ...(project !== null && { 'x-mitate-project': project }) };
  const response = await fetch('/api/v1/events', { headers, signal: AbortSignal.any([signal, silence.signal]) });
  if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
  onTopic(null);
  let timer = setTimeout(() => silence.abort(), silentMs);
  let rest = '';
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silentMs);
      const events = (rest + decoder.decode(part.value, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        const { topic } = JSON.parse(data ?? '{}') as { topic?: string };
        if (topic !== undefined) onTopic(topic);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
