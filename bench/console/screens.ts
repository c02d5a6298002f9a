import type { Figure } from '../figure.ts';
import { desktop, median, type SlowBrowser } from './slow-browser.ts';

const repeats = 5;

/** Addresses, and what is there once a screen shows what it is about. */
export type Screens = Record<string, { path: string; about: string }>;

export const mainScreens: Screens = {
  home: { path: '/', about: '.ring-list' },
  photos: { path: '/photos', about: '.tile-photo img' },
  runs: { path: '/runs', about: '.runs-row' },
  models: { path: '/models/leaf-health', about: '.ruler' },
  evaluation: { path: '/models/leaf-health?tab=evaluation', about: '.confusion' },
  service: { path: '/service', about: '.chart svg' },
  requests: { path: '/service?tab=requests', about: '.request-photo' },
  release: { path: '/service?tab=release', about: '.ladder' },
  watch: { path: '/watch', about: 'main h2' },
  accuracy: { path: '/watch?tab=accuracy', about: '.watch .quiet' },
  review: { path: '/review', about: '.review-photo img' },
};

/** Each opened anew by its address, with scripts that are in the cache. @param most ms */
export async function timesOf(
  browser: SlowBrowser,
  screens: Screens,
  { of, most, log }: { of: string; most: number; log: (text: string) => void },
): Promise<Figure[]> {
  const context = await browser.context(desktop);
  const page = await browser.page(context);
  const shells: number[] = [];
  const times: { name: string; ms: number; longestTaskMs: number }[] = [];
  for (const [name, { path, about }] of Object.entries(screens)) {
    await browser.open(page, path, about);
    const seen = [];
    for (let i = 0; i < repeats; i++) seen.push(await browser.open(page, path, about));
    shells.push(...seen.map(({ shellMs }) => shellMs ?? Number.POSITIVE_INFINITY));
    const ms = median(seen.map(({ changedMs }) => changedMs));
    times.push({ name, ms, longestTaskMs: median(seen.map((each) => each.longestTaskMs)) });
    log(`${name}: ${ms.toFixed(0)} ms`);
  }
  await context.close();
  const slowest = times.toSorted((a, b) => b.ms - a.ms);
  return [
    {
      what: `${of}: the shell`,
      got: `${median(shells).toFixed(0)} ms`,
      toReach: '<= 300 ms',
      met: median(shells) <= 300,
    },
    {
      what: `${of}: the slowest of ${times.length} screens, nothing changes any more`,
      got: `${slowest[0]!.ms.toFixed(0)} ms`,
      toReach: `<= ${most} ms`,
      met: slowest[0]!.ms <= most,
      note: slowest.map(({ name, ms }) => `${name} ${ms.toFixed(0)}`).join(', '),
    },
  ];
}
