import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { advancePromotions } from '../../../src/actions/promotions/advance.ts';
import { resolveConfig } from '../../../src/config/config.ts';
import { silentLogger } from '../../../src/contracts/logger.ts';
import { drawnPhotos } from '../../support/drawn-photos.ts';
import type { DemoConsole } from './open.ts';

const endpoint = 'leaf-health';
const release = '/service?tab=release';
const step = (page: Page, name: string) => page.locator('.ladder-step').filter({ hasText: name });

/** What a worker does every two seconds. */
async function work({ served }: DemoConsole): Promise<void> {
  const { store, service } = served.served;
  const config = resolveConfig({ flags: { workspace: store.workspace.dir }, env: {}, cwd: '/', isTty: false });
  await advancePromotions(config, store, { now: new Date(), logger: silentLogger });
  await service.refresh();
}

/** Photos that clients send; their records reach the log. */
async function send({ served, client }: DemoConsole, count: number): Promise<void> {
  const [photo] = await drawnPhotos(1, { seed: 5 });
  const before = served.served.sink.records.length;
  for (let i = 0; i < count; i++) await client.predict(endpoint, photo!.bytes, { assignmentKey: `client-${i}` });
  const records = served.served.sink.records
    .slice(before)
    .map((record) => JSON.stringify({ ...record, imageKept: false }));
  await served.served.store.requests.ingest('test', records, { segment: 1, offset: before + records.length });
}

/** In this order: the promotion of the demo waits for approval, becomes a canary, and is aborted. */
export function releaseTests(open: () => DemoConsole): void {
  it('a promotion that waits shows where, its checks and the photos in dispute; a phone approves it, with a reason', async () => {
    const { browser, client } = open();
    const opened = await browser.page(release, { size: 'phone' });
    const { page } = opened;
    await page.getByRole('heading', { name: `${endpoint}@2 against ${endpoint}@1` }).waitFor();
    expect(await step(page, 'Canary').getAttribute('aria-current')).toBe('step');
    expect(await step(page, 'Canary').textContent()).toContain('waits for approval');
    expect(await step(page, 'Shadow').textContent()).toContain('done');
    const [promotion] = (await client.promotions.list({ active: true })).items;
    // those on which the shadow passed: whoever approves must see them
    const { decisions } = await client.promotions.get(promotion!.id);
    const { checks } = decisions.at(-1)!.evidence as { checks: { said: string }[] };
    expect(checks.length).toBeGreaterThan(0);
    expect(await page.locator('.check').count()).toBe(checks.length);
    for (const { said } of checks) await page.getByText(said, { exact: true }).first().waitFor();
    await page.locator('.disagreements img').first().waitFor();
    await page.getByRole('button', { name: 'Approve' }).tap();
    const sheet = page.getByRole('dialog');
    await sheet.getByText(`${endpoint}@2 goes on: to the first part of the traffic.`).waitFor();
    await sheet.getByLabel('Why').fill('the disagreements are dark photos');
    await sheet.getByRole('button', { name: 'Approve' }).tap();
    await sheet.waitFor({ state: 'detached' });
    await work(open());
    expect((await client.promotions.get(promotion!.id)).state).toBe('canary');
    opened.expectNoProblems();
  });

  it('a canary under way counts its photos step by step, and an operator aborts it', async () => {
    const { browser, client } = open();
    const opened = await browser.page(release, { as: 'operate' });
    const { page } = opened;
    await page.getByText('Canary', { exact: true }).first().waitFor();
    expect(await step(page, 'Canary').getAttribute('aria-current')).toBe('step');
    const [promotion] = (await client.promotions.list({ active: true })).items;
    const share = async () =>
      (await client.endpoints.get(endpoint)).deployments.find(({ version }) => version === 2)?.traffic;
    expect(await share()).toBe(10);
    await page.getByText('the disagreements are dark photos').first().waitFor();
    await send(open(), 20);
    const { now } = await client.promotions.get(promotion!.id);
    await page.reload();
    for (const { said } of now!.checks) await page.getByText(said, { exact: true }).first().waitFor();
    const approve = page.getByRole('button', { name: /^Approve/ });
    expect(await approve.textContent()).toContain('It waits for no approval now.');
    await page.getByRole('button', { name: 'Abort' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Why').fill('the tablet is being repaired');
    await sheet.getByRole('button', { name: 'Abort' }).click();
    await page.getByText('Aborted', { exact: true }).first().waitFor();
    expect(await step(page, 'Canary').textContent()).toContain('stopped');
    expect(await share()).toBeUndefined();
    opened.expectNoProblems();
  });
}
