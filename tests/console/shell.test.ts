import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProject } from '../../src/actions/access/project.ts';
import { ServedApp } from '../support/served-app.ts';
import { tester } from '../support/tester.ts';
import { browserPath, ConsoleBrowser } from './browser.ts';

let served: ServedApp;
let browser: ConsoleBrowser;

describe.skipIf(!browserPath)('around every screen', () => {
  beforeAll(async () => {
    served = await ServedApp.open([]);
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
  });

  it('the link of "mitate up" signs in once, as who may do everything', async () => {
    const token = served.signInLinks.make();
    const { page, problems } = await browser.page(`/sign-in#${token}`, { as: null });
    await page.getByRole('button', { name: 'Account of local' }).waitFor();
    expect(page.url()).not.toContain(token);
    const again = await browser.page(`/sign-in#${token}`, { as: null });
    await expect.poll(() => again.page.getByRole('alert').textContent()).toMatch(/was used, or is too old/);
    expect(problems).toEqual([]);
  });

  it('theme and language are chosen under the avatar, without a reload, and kept for other devices', async () => {
    const opened = await browser.page('/', { size: 'phone' });
    const { page } = opened;
    const root = page.locator('html');
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('combobox', { name: 'Theme' }).click();
    await page.getByRole('option', { name: 'Dark' }).click();
    await expect.poll(() => root.getAttribute('data-theme')).toBe('dark');
    await page.getByRole('combobox', { name: 'Language' }).click();
    await page.getByRole('option', { name: '日本語' }).click();
    await expect.poll(() => root.getAttribute('lang')).toBe('ja');
    await opened.picture('shell-account-phone-ja-dark');
    await opened.expectAccessible('account');
    const kept = () => page.evaluate(async () => await (await fetch('/api/v1/me/preferences')).json());
    await expect.poll(kept).toEqual({ language: 'ja', theme: 'dark', shortcuts: true });
    opened.expectNoProblems();
  });

  it('Ctrl+K finds what there is by a part of its name, by keys alone; ? lists the keys, unless single keys are off', async () => {
    const opened = await browser.page('/');
    const { page } = opened;
    await page.getByRole('button', { name: /^Account of/ }).waitFor();
    await page.keyboard.press('Control+k');
    await expect.poll(() => page.evaluate(() => document.activeElement?.role)).toBe('combobox');
    await page.keyboard.type('dark');
    await opened.picture('shell-palette-desktop-en-light');
    await opened.expectAccessible('palette');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await opened.picture('shell-keys-desktop-en-dark');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('checkbox').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Go to a page or do something' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
    opened.expectNoProblems();
  });

  it('eight tabs share one stream, and each learns of a change', async () => {
    const { page } = await browser.page('/');
    const streams: string[] = [];
    page.context().on('request', (request) => {
      if (request.url().includes('/api/v1/events')) streams.push(request.url());
    });
    await page.reload();
    const tabs = [page, ...(await Promise.all(Array.from({ length: 7 }, () => page.context().newPage())))];
    for (const tab of tabs.slice(1)) await tab.goto(page.url());
    for (const tab of tabs) await tab.getByRole('button', { name: /^Account of/ }).waitFor();
    await expect.poll(() => streams.length).toBe(1);
  });

  it('how many photos wait for a label is beside Review, as they come and go, for those who may label', async () => {
    const { store } = served.served;
    const at = new Date();
    const fill = {
      endpoint: 'leaf',
      start: new Date(at.getTime() - 1_000),
      end: at,
      pictures: 2,
      drawn: 2,
      picked: 0,
      at,
    };
    const items = [1, 2].map(() => ({
      request: v7(),
      pixelsSha256: v7(),
      worth: 1,
      chance: 1,
      reason: 'random' as const,
    }));
    const opened = await browser.page('/', { size: 'phone' });
    const { page } = opened;
    const review = page.getByRole('link', { name: /^Review/ });
    await expect.poll(() => review.textContent()).toBe('Review');
    await store.review.fill(fill, items);
    await expect.poll(() => review.ariaSnapshot()).toMatch(/Review 2 to label/);
    await opened.picture('shell-review-phone-en-light');
    await opened.expectAccessible('review button');
    const admin = { 'x-api-key': await served.makeKey('admin') };
    for (const { request } of items) {
      const skipped = await served.ask('POST', `/api/v1/review/${request}/skip`, { headers: admin });
      expect(skipped.statusCode).toBe(204);
    }
    await expect.poll(() => review.textContent()).toBe('Review');
    await review.click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/review');
    opened.expectNoProblems();
    const viewer = await browser.page('/', { as: 'predict' });
    await viewer.page.getByRole('button', { name: /^Account of/ }).waitFor();
    expect(await viewer.page.getByRole('link', { name: /^Review/ }).count()).toBe(0);
  });

  it('a key that may only predict learns what is missing while no endpoint answers', async () => {
    const { page, problems } = await browser.page('/', { as: 'predict' });
    await page.getByText(/no endpoint answers/).waitFor();
    expect(problems).toEqual([]);
  });

  it('no text is in no dictionary', async () => {
    const { page } = await browser.page('/sign-in', { as: null });
    await page.evaluate(() => sessionStorage.setItem('mitate.pseudo', '1'));
    await page.reload();
    await page.getByRole('tab').first().waitFor();
    const bare = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      while (walker.nextNode()) found.push(walker.currentNode.textContent?.trim() ?? '');
      return found.filter((text) => /\p{L}/u.test(text) && !/^\[.*\]$/.test(text));
    });
    expect(bare).toEqual(['見立て']);
  });

  it('says since when nothing is new, once the server is gone', async () => {
    await createProject(served.served.store, { name: 'other', description: '' }, tester);
    const { page } = await browser.page('/');
    await page.getByRole('button', { name: /^Account of/ }).waitFor();
    await served.app.close();
    await expect.poll(() => page.getByRole('status').first().textContent()).toMatch(/^No connection. Stale since/);
  });
});
