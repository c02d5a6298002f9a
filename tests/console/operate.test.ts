import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { raiseAlerts } from '../../src/actions/alerts/raise.ts';
import { createClient } from '../../src/client/index.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { triggerSchema } from '../../src/contracts/loop/trigger.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { found } from '../support/found.ts';
import { requestRecord } from '../support/request-record.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { trainedModels } from '../support/trained-models.ts';
import { unaudited } from '../support/unaudited.ts';
import { browserPath, ConsoleBrowser, inEveryLook } from './browser.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const models = new ScratchFolder();
let served: ServedApp;
let browser: ConsoleBrowser;
let client: ReturnType<typeof createClient>;
let alert: string;

/** A week of traffic with a drift in its last day, two versions, an alert and a trigger. */
async function lived(): Promise<void> {
  const { store } = served.served;
  const [photo] = await drawnPhotos(1, { seed: 9 });
  const now = Date.now();
  const rows = Array.from({ length: 600 }, (_, i) => {
    const isNew = i > 500;
    const sick = isNew ? i % 8 !== 0 : i % 2 === 0;
    const unsure = i % 23 === 0;
    return requestRecord({
      modelName: 'leaf',
      modelVersion: i % 10 === 0 ? 2 : 1,
      role: i % 10 === 0 ? 'canary' : 'stable',
      loggingTime: new Date(now - (600 - i) * 1_000_000).toISOString(),
      label: unsure ? 'uncertain' : sick ? 'unwell' : 'healthy',
      uncertain: unsure,
      probability: sick ? 0.9475 : 0.912,
      positiveProbability: sick ? 0.9475 : 0.088,
      quality: i % 31 === 0 ? ['blurred'] : [],
      outOfDistribution: isNew && i % 5 === 0,
      latencyMs: 6 + (i % 13) + (i % 97 === 0 ? 80 : 0),
      attributes: { app: isNew ? '2.0' : '1.9' },
      ...(i % 211 === 0 && {
        status: 503,
        errorCode: 'QUEUE_FULL',
        label: null,
        probability: null,
        positiveProbability: null,
        uncertain: false,
      }),
    });
  });
  const kept = rows.map((row, i) => ({ ...row, imageKept: i > 580 && row.status === 200 }));
  await store.requests.ingest(
    'test',
    kept.map((row) => JSON.stringify(row)),
    { segment: 1, offset: 0 },
  );
  const images = localImages(store.workspace.images);
  for (const { imageKept, imageSha256 } of kept) if (imageKept) await images.put('default', imageSha256!, photo!.bytes);
  for (const day of [1, 2, 3, 4, 5])
    await found(store, {
      monitor: 'leaf-label-drift',
      day,
      state: day > 3 ? 'breach' : 'ok',
      statistic: day > 3 ? 0.31 : 0.03 + day / 100,
      said: 'share of unwell 0.50 -> 0.88',
    });
  await raiseAlerts(store, { now: new Date('2026-03-06T00:00:00Z'), logger: silentLogger });
  alert = (await client.alerts.list()).items[0]!.id;
  const trigger = triggerSchema.parse({
    name: 'weekly',
    pipeline: 'leaf',
    when: { kind: 'schedule', cron: '0 3 * * 1' },
  });
  await unaudited(store).triggers.createTrigger(trigger, {
    who: 'test',
    at: new Date(now - 30 * 86_400_000),
    memory: null,
  });
  await client.feedback.add(
    kept.slice(0, 60).flatMap(({ publicId, status }, i) =>
      status !== 200
        ? []
        : [
            {
              kind: 'event' as const,
              id: publicId,
              event: i % 4 === 0 ? ('override' as const) : ('accept' as const),
            },
          ],
    ),
  );
}

describe.skipIf(!browserPath)('the screens of whoever operates', () => {
  beforeAll(async () => {
    const uris = await trainedModels(models.path, 2);
    served = await ServedApp.open(uris);
    client = createClient({ url: served.url, key: await served.makeKey('admin') });
    await client.endpoints.deploy('leaf', { model: 'leaf@2', role: 'canary', traffic: 10 });
    await lived();
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
    models[Symbol.dispose]();
  });

  const shows = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();

  it.each([
    ['home', '/', shows('leaf-label-drift')],
    ['service', '/service', (page: Page) => page.locator('.chart svg').first().waitFor()],
    ['service-requests', '/service?tab=requests', (page: Page) => page.locator('.request-photo img').first().waitFor()],
    ['service-release', '/service?tab=release', shows('npx mitate promote leaf')],
    ['service-code', '/service?tab=code', shows('TypeScript')],
    ['service-settings', '/service?tab=settings', (page: Page) => page.locator('input[type=number]').first().waitFor()],
    ['service-history', '/service?tab=history', shows('leaf@1')],
    ['watch', '/watch', shows('leaf-label-drift')],
    ['watch-monitors', '/watch?tab=monitors', shows('leaf-label-drift')],
    ['watch-accuracy', '/watch?tab=accuracy', (page: Page) => page.locator('.watch .quiet').first().waitFor()],
    ['watch-triggers', '/watch?tab=triggers', (page: Page) => page.locator('.dry-run').first().waitFor()],
    ['watch-users', '/watch?tab=users', (page: Page) => page.locator('.funnel').first().waitFor()],
    ['watch-health', '/watch?tab=health', (page: Page) => page.locator('.health-line').first().waitFor()],
    ['alert', 'ALERT', shows('share of unwell 0.50 -> 0.88')],
  ])('%s looks right', async (name, path, ready) => {
    await inEveryLook(browser, { name, path: path === 'ALERT' ? `/watch/alerts/${alert}` : path, ready });
  });

  it('a share of the traffic is set by the arrow keys, with the reason', async () => {
    const { page, ...opened } = await browser.page('/service');
    const slider = page.getByRole('slider', { name: 'Share of leaf@2' });
    await slider.focus();
    for (let i = 0; i < 5; i++) await slider.press('ArrowLeft');
    await page.getByRole('button', { name: 'Set the share' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Why').fill('it is good');
    await sheet.getByRole('button', { name: 'Set the share' }).click();
    await expect
      .poll(async () => (await client.endpoints.get('leaf')).deployments.map(({ traffic }) => traffic).sort())
      .toEqual([15, 85]);
    expect((await client.endpoints.timeline('leaf')).items[0]).toMatchObject({ action: 'traffic', why: 'it is good' });
    expect(opened.problems).toEqual([]);
  });

  it('of two people who change the settings, the second is told, and keeps what they entered', async () => {
    const { page, problems } = await browser.page('/service?tab=settings');
    const field = page.getByLabel('Answer within');
    await field.fill('7000');
    await client.endpoints.set('leaf', { settings: { imageRetentionDays: 12 } });
    await page.getByRole('button', { name: 'Save the settings' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save the settings' }).click();
    await page.getByText('Someone else changed this endpoint').waitFor();
    expect(await field.inputValue()).toBe('7000');
    // the browser logs the status 409
    expect(problems.splice(0)).toHaveLength(1);
    await page.getByRole('button', { name: 'Compare with the new state' }).click();
    await page.getByRole('button', { name: 'Save the settings' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save the settings' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await client.endpoints.get('leaf')).settings).toMatchObject({ deadlineMs: 7_000, imageRetentionDays: 12 });
  });

  it('an alert is acknowledged on a phone, and a roll back is two taps away', async () => {
    const phone = await browser.page(`/watch/alerts/${alert}`, { size: 'phone' });
    await phone.page.getByRole('button', { name: 'Acknowledge' }).tap();
    await phone.page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).tap();
    await expect.poll(async () => (await client.alerts.get(alert)).alert.state).toBe('acknowledged');
    await phone.page.goto(`${served.url}/service`);
    await phone.page.getByRole('button', { name: 'Roll back' }).tap();
    await phone.page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).tap();
    await expect.poll(async () => (await client.endpoints.timeline('leaf')).items[0]?.action).toBe('rollback');
    phone.expectNoProblems();
  });
});

describe.skipIf(!browserPath)('a workspace with nothing in it', () => {
  it('says what to do first', async () => {
    await using empty = await ServedApp.open([]);
    await using opened = await ConsoleBrowser.open(empty);
    await inEveryLook(opened, { name: 'home-empty', path: '/', ready: shows('npx mitate up') });
    await inEveryLook(opened, { name: 'service-empty', path: '/service', ready: shows('npx mitate endpoint create') });
  });
  const shows = (text: string) => (page: Page) => page.getByText(text).first().waitFor();
});
