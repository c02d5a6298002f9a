import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dayMs } from '../codecs/duration.ts';
import type { Config } from '../config/index.ts';
import type { Actor } from '../contracts/actor.ts';
import { MitateError } from '../errors/index.ts';
import { type OpenStore, openStore } from '../store/open-store.ts';
import { DemoClock } from './clock.ts';
import { openReceiver } from './receiver.ts';
import { endpoint } from './traffic.ts';
import { DemoWeek, days } from './week.ts';

export interface DemoOptions {
  actor: Actor;
  signal: AbortSignal;
  /** How much is done, 0..1. */
  onProgress: (share: number) => void;
}

/** What is in the workspace now. */
export interface Demo {
  /** Pipeline and photos, beside the workspace. */
  folder: string;
  endpoint: string;
  runs: { succeeded: number; failed: number };
  versions: number;
  requests: number;
  labels: number;
  /** Photos that wait in the review queue. */
  toReview: number;
  openAlerts: number;
  /** Messages that the channel's receiver got. */
  delivered: number;
  /** The newest. */
  promotion: { candidate: string; state: string } | null;
}

const startHourMs = 9 * 3_600_000;

/**
 * Fills an empty workspace with a week of a small diagnosis service, made by the product itself on a clock that is set forward from moment to
 * moment: it ends now.
 * @throws DEMO_WORKSPACE_USED, DEMO_FOLDER_EXISTS, CANCELLED
 */
export async function makeDemo(config: Config, { actor, signal, onProgress }: DemoOptions): Promise<Demo> {
  const began = new Date();
  const folder = join(dirname(config.workspace), 'mitate-demo');
  if (existsSync(folder)) throw new MitateError('DEMO_FOLDER_EXISTS', { folder });
  const today = Math.floor(began.getTime() / dayMs) * dayMs;
  const clock = new DemoClock(new Date(today - (days + 1) * dayMs + startHourMs));
  const { workspace, project, secretKeys, databaseUrl } = config;
  await using store = await openStore({
    ...{ workspace, project, secretKeys, serves: true, now: clock.now },
    ...(databaseUrl !== null && { databaseUrl }),
  });
  await requireEmpty(store);
  await using receiver = await openReceiver();
  await using week = new DemoWeek({ config, store, clock, folder, actor, signal });
  onProgress(0);
  await week.prepare();
  onProgress(0.15);
  await week.train();
  onProgress(0.35);
  await week.open(receiver.url);
  for (let day = 0; day < days; day++) {
    await week.day(day, new Date(today - (days - day) * dayMs));
    onProgress(0.4 + (0.55 * (day + 1)) / days);
  }
  await week.today(new Date(today), began);
  onProgress(1);
  return { folder, endpoint, ...(await whatIsThere(store)), requests: week.requests, delivered: receiver.heard() };
}

async function requireEmpty(store: OpenStore): Promise<void> {
  const found = {
    runs: (await store.listRuns({ limit: 1 })).length,
    endpoints: (await store.endpoints.listEndpoints()).length,
    people: (await store.access.listUsers(undefined)).length,
    keys: (await store.access.listKeys()).length,
    'more than one project': (await store.access.listProjects()).length - 1,
  };
  const what = Object.entries(found).find(([, count]) => count > 0)?.[0];
  if (what !== undefined) throw new MitateError('DEMO_WORKSPACE_USED', { workspace: store.workspace.dir, what });
}

async function whatIsThere(store: OpenStore): Promise<Omit<Demo, 'folder' | 'endpoint' | 'requests' | 'delivered'>> {
  // decisions of promotions are kept as runs, too
  const runs = (await store.listRuns()).filter(({ pipeline }) => pipeline === endpoint);
  const count = (wanted: string) => runs.filter(({ state }) => state === wanted).length;
  const feedback = await store.feedback.list({ endpoint, limit: 10_000 });
  const [newest] = await store.promotions.list({ endpoint, limit: 1 });
  return {
    runs: { succeeded: count('succeeded'), failed: count('failed') },
    versions: (await store.listModels()).reduce((sum, { versions }) => sum + versions, 0),
    labels: feedback.filter(({ kind }) => kind === 'label').length,
    toReview: await store.review.count({ endpoint, limit: 1_000 }),
    openAlerts: (await store.alerts.listAlerts({ states: ['open'] })).length,
    promotion: newest ? { candidate: `${newest.modelName}@${newest.version}`, state: newest.state } : null,
  };
}
