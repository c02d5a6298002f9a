import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { browserPath, ConsoleBrowser } from './browser.ts';

const folder = new ScratchFolder();
let served: ServedApp;
let browser: ConsoleBrowser;

describe.skipIf(!browserPath)("beside a page of one's own at / (serve --static)", () => {
  beforeAll(async () => {
    folder.write('page/index.html', '<!doctype html><title>Leaves</title>');
    served = await ServedApp.open([], { staticFolder: folder.at('page') });
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const address = (url: string) => new URL(url).pathname;

  it('the console is at /console: people sign in there, and its screens have addresses below it', async () => {
    const opened = await browser.page('/console/runs', { as: null });
    const { page } = opened;
    await page.getByRole('tab').first().waitFor();
    expect(address(page.url())).toBe('/console/sign-in');
    await page.getByLabel('API key', { exact: true }).fill(await served.makeKey('admin'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: /^Account of/ }).waitFor();
    expect(address(page.url())).toBe('/console/runs');
    await page.getByRole('link', { name: 'Photos' }).first().click();
    await expect.poll(() => address(page.url())).toBe('/console/photos');
    await page.reload();
    await page.getByRole('button', { name: /^Account of/ }).waitFor();
    await page.getByRole('link', { name: 'Mitate' }).click();
    await expect.poll(() => address(page.url())).toMatch(/^\/console\/?$/);
    await page.reload();
    await page.getByRole('button', { name: /^Account of/ }).waitFor();
    opened.problems.splice(0, opened.problems.length, ...opened.problems.filter((each) => !/status of 401/.test(each)));
    opened.expectNoProblems();
    await page.goto(served.url);
    expect(await page.title()).toBe('Leaves');
  });

  it('Diagnose stays at its address, and leads those without a key to where one signs in, and back', async () => {
    const headers = { 'x-api-key': await served.makeKey('admin') };
    const made = await served.ask('POST', '/api/v1/endpoints', { headers, payload: { name: 'leaf' } });
    expect(made.statusCode).toBe(201);
    const { page } = await browser.page('/d/leaf', { as: null });
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('API key', { exact: true }).fill(served.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => address(page.url())).toBe('/d/leaf');
  });
});
