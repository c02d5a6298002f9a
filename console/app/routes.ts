import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { readServiceSearch } from '../screens/service/search.ts';
import { type SettingsTab, settingsTabs } from '../screens/settings/tabs.ts';
import { type WatchTab, watchTabs } from '../screens/watch/tabs.ts';
import { fraction, oneOf, text, whole } from './search.ts';
import { NotFound, Shell, ShellFault } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: ShellFault });

type Raw = Record<string, unknown>;
const noSearch = (_raw: Raw) => ({});

/** @param search what the address may hold after `?`, read from text; see app/search.ts */
function screen<const Path extends string, Search extends object = object>(
  path: Path,
  load: () => Promise<{ Screen: ComponentType }>,
  search: (raw: Raw) => Search = noSearch as (raw: Raw) => Search,
) {
  return createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: search,
    component: lazyRouteComponent(load, 'Screen'),
  });
}

interface RunsSearch {
  pipeline?: string | undefined;
  state?: 'running' | 'succeeded' | 'failed' | 'cancelled' | undefined;
  /** The form is open, with this pipeline; '' = any. */
  start?: string | undefined;
}
interface RunSearch {
  step?: string | undefined;
  view?: 'timeline' | 'graph' | undefined;
  level?: 'debug' | 'info' | 'warn' | 'error' | undefined;
}
interface ModelSearch {
  version?: number | undefined;
  against?: number | undefined;
  tab?: 'production' | 'evaluation' | 'threshold' | 'compare' | undefined;
  /** Of the confusion matrix: `truth,answer`. */
  cell?: string | undefined;
  threshold?: number | undefined;
  group?: 'changed' | 'first-only' | 'second-only' | 'both-wrong' | undefined;
  photo?: string | undefined;
}

/** A line per screen. Each is a file of its own that is loaded when it is first shown. Its first part is in `places` of src/http/plugins/console.ts. */
const screens = [
  screen(
    '/sign-in',
    () => import('../screens/sign-in/screen.tsx'),
    ({ to }): { to?: string | undefined } => ({ to: text(to) }),
  ),
  screen('/', () => import('../screens/home/screen.tsx')),
  screen('/service', () => import('../screens/service/screen.tsx'), readServiceSearch),
  screen(
    '/watch',
    () => import('../screens/watch/screen.tsx'),
    ({ tab }): { tab?: WatchTab | undefined } => ({ tab: oneOf(tab, watchTabs) }),
  ),
  screen('/watch/alerts/$alert', () => import('../screens/alert/screen.tsx')),
  screen(
    '/settings',
    () => import('../screens/settings/screen.tsx'),
    (raw): { tab?: SettingsTab | undefined; who?: string | undefined; action?: string | undefined } => ({
      tab: oneOf(raw.tab, settingsTabs),
      who: text(raw.who),
      action: text(raw.action),
    }),
  ),
  screen(
    '/runs',
    () => import('../screens/runs/screen.tsx'),
    ({ pipeline, state, start }): RunsSearch => ({
      pipeline: text(pipeline),
      state: oneOf(state, ['running', 'succeeded', 'failed', 'cancelled']),
      start: start === '' ? '' : text(start),
    }),
  ),
  screen(
    '/runs/compare',
    () => import('../screens/runs/compare.tsx'),
    ({ runs }): { runs?: string | undefined } => ({ runs: text(runs) }),
  ),
  screen(
    '/runs/$id',
    () => import('../screens/runs/run.tsx'),
    ({ step, view, level }): RunSearch => ({
      step: text(step),
      view: oneOf(view, ['timeline', 'graph']),
      level: oneOf(level, ['debug', 'info', 'warn', 'error']),
    }),
  ),
  screen('/models', () => import('../screens/models/screen.tsx')),
  screen(
    '/models/$name',
    () => import('../screens/models/model.tsx'),
    ({ version, against, tab, cell, threshold, group, photo }): ModelSearch => ({
      version: whole(version),
      against: whole(against),
      tab: oneOf(tab, ['production', 'evaluation', 'threshold', 'compare']),
      cell: text(cell),
      threshold: fraction(threshold),
      group: oneOf(group, ['changed', 'first-only', 'second-only', 'both-wrong']),
      photo: text(photo),
    }),
  ),
  screen(
    '/photos',
    () => import('../screens/photos/screen.tsx'),
    ({ data, tab, label, split, mark, group, photo, traffic }): PhotosSearch => ({
      data: text(data),
      tab: oneOf(tab, ['grid', 'map', 'noise', 'checks']),
      label: text(label),
      split: oneOf(split, ['train', 'eval', 'test']),
      mark: oneOf(mark, ['suspicious', 'mistake', 'decided', 'corrected', 'excluded', 'grouped']),
      group: whole(group),
      photo: whole(photo),
      traffic: text(traffic),
    }),
  ),
  screen(
    '/photos/upload',
    () => import('../screens/upload/screen.tsx'),
    ({ upload }): { upload?: string | undefined } => ({ upload: text(upload) }),
  ),
  screen(
    '/lineage',
    () => import('../screens/lineage/screen.tsx'),
    ({ of, run, request, through, graph }): LineageSearch => ({
      of: text(of),
      run: text(run),
      request: text(request),
      through: text(through),
      graph: graph === true ? true : undefined,
    }),
  ),
  screen(
    '/review',
    () => import('../screens/review/screen.tsx'),
    ({ endpoint }): { endpoint?: string | undefined } => ({ endpoint: text(endpoint) }),
  ),
] as const;

interface LineageSearch {
  /** A model version, the sha256 of a photo, or the id of an artifact. */
  of?: string | undefined;
  run?: string | undefined;
  request?: string | undefined;
  /** The path leads through this one. */
  through?: string | undefined;
  graph?: true | undefined;
}
interface PhotosSearch {
  /** Id of an Examples artifact, or a pipeline for its newest. */
  data?: string | undefined;
  tab?: 'grid' | 'map' | 'noise' | 'checks' | undefined;
  label?: string | undefined;
  split?: 'train' | 'eval' | 'test' | undefined;
  mark?: 'suspicious' | 'mistake' | 'decided' | 'corrected' | 'excluded' | 'grouped' | undefined;
  group?: number | undefined;
  /** Position of the photo whose sheet is open. */
  photo?: number | undefined;
  /** The endpoint whose requests lie over the map. */
  traffic?: string | undefined;
}

/** The server answers at `/console`, and at `/` unless that has a page of its own (`serve --static`). */
const basepath = /^\/console(\/|$)/.test(location.pathname) ? '/console' : '/';

export const router = createRouter({
  routeTree: root.addChildren([...screens]),
  basepath,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
