import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { trainedModels } from '../support/trained-models.ts';
import { browserPath, ConsoleBrowser, inEveryLook } from './browser.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const models = new ScratchFolder();
let served: ServedApp;
let browser: ConsoleBrowser;
let photo: { name: string; mimeType: string; buffer: Buffer };

describe.skipIf(!browserPath)('Diagnose', () => {
  beforeAll(async () => {
    const [uri] = await trainedModels(models.path, 1);
    served = await ServedApp.open([uri!]);
    const admin = { 'x-api-key': await served.makeKey('admin') };
    const settings = { public: true, unlike: 'answer' };
    const set = await served.ask('PATCH', '/api/v1/endpoints/leaf', { headers: admin, payload: { settings } });
    expect(set.statusCode).toBe(200);
    const [drawn] = await drawnPhotos(1, { seed: 11 });
    photo = { name: 'leaf.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(drawn!.bytes) };
    const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
    browser = await ConsoleBrowser.open(served, camera);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
    models[Symbol.dispose]();
  });

  const file = 'input[type=file]';

  it('asks for a photo, and answers one, in every look', async () => {
    await inEveryLook(browser, {
      name: 'diagnose-start',
      path: '/d/leaf',
      as: null,
      ready: (page) => page.locator(file).first().waitFor({ state: 'attached' }),
    });
    await inEveryLook(browser, {
      name: 'diagnose-answer',
      path: '/d/leaf',
      as: null,
      ready: async (page) => {
        await page.locator(file).setInputFiles(photo);
        await page.locator('.verdict-share').waitFor();
      },
    });
  });

  it('reads labels by their display names, in the language of the visitor; feedback says the label itself', async () => {
    const admin = { 'x-api-key': await served.makeKey('admin') };
    const name = async (ja: string | null) => {
      const or = (given: string) => ({ ja: ja === null ? null : given });
      const names = { healthy: { ja }, unwell: or('病気'), elm_healthy: or('健康な楡') };
      await served.ask('PATCH', '/api/v1/labels', { headers: admin, payload: { names } });
    };
    await name('健康');
    const { page, problems } = await browser.page('/d/leaf', { as: null, size: 'phone', language: 'ja' });
    await page.locator(file).setInputFiles(photo);
    const word = page.locator('.verdict-word');
    await word.waitFor();
    expect(await word.textContent()).toMatch(/健康|病気|どちらとも/);
    await page.getByText('健康な楡、').waitFor();
    expect(problems).toEqual([]);
    await name(null);
  });

  it('is where a key that may only predict lands; elsewhere in the console it is told so', async () => {
    const { page, problems } = await browser.page('/', { as: 'predict' });
    await page.locator(file).first().waitFor({ state: 'attached' });
    expect(new URL(page.url()).pathname).toBe('/d/leaf');
    await page.goto(`${served.url}/runs`);
    await page.getByText('Your role does not include reading this project.').waitFor();
    await page.getByRole('link', { name: 'leaf' }).click();
    await page.locator(file).first().waitFor({ state: 'attached' });
    expect(problems).toEqual([]);
  });

  it('takes a photo with the camera, coached by the limits of the server', async () => {
    const { page, problems } = await browser.page('/d/leaf', { as: null, size: 'phone' });
    // a browser that allowed the camera before is not asked again
    const hint = page.getByRole('status');
    // the fake camera's picture is sharp and bright enough
    await expect.poll(() => hint.textContent()).toBe('Good. Hold still and take it.');
    await page.getByRole('button', { name: 'Take the photo' }).click();
    await page.locator('.verdict-share').waitFor();
    await page.getByRole('button', { name: 'Show where it looked' }).click();
    await page.getByRole('slider').waitFor();
    expect(problems).toEqual([]);
  });

  it('keeps a photo and what is said about it while there is no connection, also over a reload, and sends the photo once', async () => {
    const { page, problems } = await browser.page('/d/leaf', { as: null });
    // the worker that opens the page without a connection
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const isKept = async () => (await caches.open('mitate-diagnose')).keys().then((keys) => keys.length > 3);
      while (!(await isKept())) await new Promise((resolve) => setTimeout(resolve, 50));
    });
    const before = served.served.sink.records.length;
    await page.context().setOffline(true);
    await page.locator(file).setInputFiles(photo);
    await expect.poll(() => page.getByRole('status').textContent()).toMatch(/^No connection/);
    await page.reload();
    await page.getByRole('button', { name: /^Earlier/ }).click();
    await page.getByText('Not sent yet').waitFor();
    await page.context().setOffline(false);
    await page
      .getByRole('listitem')
      .getByText(/healthy|unwell/)
      .waitFor();
    expect(served.served.sink.records.length).toBe(before + 1);
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'The photo' }).click();
    await page.getByRole('button', { name: 'Right', exact: true }).click();
    await expect.poll(() => page.getByRole('status').textContent()).toMatch(/kept here and sent as soon/);
    problems.splice(0);
  });

  it('says what a photo is not: one that no model can read is refused in words', async () => {
    const { page, problems } = await browser.page('/d/leaf', { as: null });
    await page.locator(file).setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') });
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/IMAGE_/);
    expect(problems.splice(0)).toHaveLength(1);
  });

  it('of an endpoint that is not public leads to signing in, and back', async () => {
    const { page, problems } = await browser.page('/d/nowhere', { as: null });
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('API key', { exact: true }).fill(served.key);
    problems.splice(0);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/d/nowhere');
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/ENDPOINT_UNKNOWN/);
  });
});
