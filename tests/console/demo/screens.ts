import type { Page } from 'playwright-core';
import { serviceTabs } from '../../../console/screens/service/tabs.ts';
import { settingsTabs } from '../../../console/screens/settings/tabs.ts';
import { watchTabs } from '../../../console/screens/watch/tabs.ts';
import type { Client } from '../../../src/client/index.ts';
import type { Scope } from '../../../src/contracts/access.ts';

export interface DemoScreen {
  name: string;
  path: string | ((ids: DemoIds) => string);
  /** null = nobody is signed in. */
  as?: Scope | null;
}

/** Of what differs from one demo workspace to the next. */
export interface DemoIds {
  alert: string;
  /** Of the newest run that succeeded, the one before, and one that failed. */
  newest: string;
  oldest: string;
  failed: string;
  request: string;
}

export async function demoIds(client: Client): Promise<DemoIds> {
  const [alert] = (await client.alerts.list()).items;
  const { items: runs } = await client.runs.list({ pipeline: 'leaf-health' });
  const [newest, oldest] = runs.filter(({ state }) => state === 'succeeded');
  const failed = runs.find(({ state }) => state === 'failed');
  const [request] = (await client.requests.list({ limit: 1 })).items;
  return { alert: alert!.id, newest: newest!.id, oldest: oldest!.id, failed: failed!.id, request: request!.publicId };
}

const model = '/models/leaf-health?version=2';
const tabsOf = (place: string, tabs: readonly string[]): DemoScreen[] =>
  tabs.map((tab) => ({ name: `${place}-${tab}`, path: `/${place}?tab=${tab}` }));

/** Every screen, with what the demo workspace has to show on it. */
export const demoScreens: readonly DemoScreen[] = [
  { name: 'home', path: '/' },
  { name: 'photos', path: '/photos' },
  { name: 'photos-sheet', path: '/photos?photo=7' },
  { name: 'photos-map', path: '/photos?tab=map&traffic=leaf-health' },
  { name: 'photos-noise', path: '/photos?tab=noise' },
  { name: 'photos-checks', path: '/photos?tab=checks' },
  { name: 'photos-upload', path: '/photos/upload' },
  { name: 'runs', path: '/runs' },
  { name: 'runs-start', path: '/runs?start=leaf-health' },
  { name: 'runs-compare', path: ({ oldest, newest }) => `/runs/compare?runs=${oldest},${newest}` },
  { name: 'run', path: ({ newest }) => `/runs/${newest}?step=trainer` },
  { name: 'run-graph', path: ({ newest }) => `/runs/${newest}?view=graph` },
  { name: 'run-failed', path: ({ failed }) => `/runs/${failed}` },
  { name: 'models', path: '/models' },
  { name: 'model-production', path: `${model}&tab=production` },
  { name: 'model-evaluation', path: `${model}&tab=evaluation&cell=0,1` },
  { name: 'model-threshold', path: `${model}&tab=threshold&threshold=0.2` },
  { name: 'model-compare', path: `${model}&tab=compare&against=1&group=both-wrong` },
  ...tabsOf('service', serviceTabs),
  { name: 'service-request', path: ({ request }) => `/service?tab=requests&request=${request}` },
  ...tabsOf('watch', watchTabs),
  { name: 'alert', path: ({ alert }) => `/watch/alerts/${alert}` },
  { name: 'review', path: '/review' },
  { name: 'lineage', path: '/lineage' },
  { name: 'lineage-model', path: '/lineage?of=leaf-health%402' },
  ...tabsOf('settings', settingsTabs),
  { name: 'diagnose', path: '/d/leaf-health' },
];

export const pathOf = ({ path }: DemoScreen, ids: DemoIds): string => (typeof path === 'string' ? path : path(ids));

/** Nothing on the page waits any longer or changes, and every picture in sight is there. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const state = globalThis as { lastText?: string; steadySince?: number };
      const text = document.body.innerHTML;
      if (text !== state.lastText) state.steadySince = performance.now();
      state.lastText = text;
      const isThere = document.querySelector('main :is(h1, h2, .review-photo, input[type=file])') !== null;
      const isWaiting = document.querySelector('.waiting, main [aria-busy=true]') !== null;
      const isInSight = (image: Element) => {
        const { top, height } = image.getBoundingClientRect();
        return height > 0 && top < innerHeight;
      };
      const hasPictures = [...document.images].every((image) => image.complete || !isInSight(image));
      return isThere && !isWaiting && hasPictures && performance.now() - state.steadySince! > 200;
    },
    undefined,
    // at every frame, to compare two texts of a whole page is most of what the page does
    { polling: 50 },
  );
}
