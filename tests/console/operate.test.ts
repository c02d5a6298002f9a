import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { raiseAlerts } from '../../src/actions/alerts/raise.ts';
import { createClient } from '../../src/client/index.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { found } from '../support/found.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { trainedModels } from '../support/trained-models.ts';
import { browserPath, ConsoleBrowser, inEveryLook } from './browser.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const models = new ScratchFolder();
let served: ServedApp;
let browser: ConsoleBrowser;
let client: ReturnType<typeof createClient>;
let alert: string;

/** Five days of a monitor whose last two raise an alert. */
async function raised(): Promise<string> {
  const { store } = served.served;
  for (const day of [1, 2, 3, 4, 5])
    await found(store, {
      monitor: 'leaf-label-drift',
      day,
      state: day > 3 ? 'breach' : 'ok',
      statistic: day > 3 ? 0.31 : 0.03 + day / 100,
      said: 'share of unwell 0.50 -> 0.88',
    });
  await raiseAlerts(store, { now: new Date('2026-03-06T00:00:00Z'), logger: silentLogger });
  return (await client.alerts.list()).items[0]!.id;
}

describe.skipIf(!browserPath)('the screens of whoever operates', () => {
  beforeAll(async () => {
    const uris = await trainedModels(models.path, 2);
    served = await ServedApp.open(uris);
    client = createClient({ url: served.url, key: await served.makeKey('admin') });
    await client.endpoints.deploy('leaf', { model: 'leaf@2', role: 'canary', traffic: 10 });
    alert = await raised();
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
    models[Symbol.dispose]();
  });

  const shows = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();

  it('a release that has not begun looks right', async () => {
    const ready = shows('npx mitate promote leaf');
    await inEveryLook(browser, { name: 'service-release-none', path: '/service?tab=release', ready });
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
