import { join } from 'node:path';
import { fillRequests } from '../feedback/multiply.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { withServer } from './measured-server.ts';
import { type Screens, timesOf } from './screens.ts';

const screens: Screens = {
  home: { path: '/', about: '.ring-list' },
  service: { path: '/service', about: '.chart svg' },
  requests: { path: '/service?tab=requests', about: '.request-list li' },
  watch: { path: '/watch', about: '.tab-row' },
  accuracy: { path: '/watch?tab=accuracy', about: '.tab-row' },
  users: { path: '/watch?tab=users', about: '.tab-row' },
  health: { path: '/watch?tab=health', about: '.health-line' },
};

/** The screens that read the request log, over a million requests of the last day. */
export async function manyRequests({ scratch, options, log }: BenchContext): Promise<Figure[]> {
  const rows = Math.round(1_000_000 * options.scale);
  const workspace = join(scratch, 'many-requests');
  const now = Date.now();
  const day = { from: new Date(now - 86_400_000), to: new Date(now) };
  await fillRequests(workspace, { rows, labelled: 5_000, day, log });
  const of = `${rows.toLocaleString('en')} requests, PGlite`;
  return await withServer(workspace, options, (browser) => timesOf(browser, screens, { of, most: 1_500, log }));
}
