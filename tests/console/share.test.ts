import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { registerModel } from '../support/register-model.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { trainedModels } from '../support/trained-models.ts';
import { browserPath, ConsoleBrowser } from './browser.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 });

const models = new ScratchFolder();
let served: ServedApp;
let browser: ConsoleBrowser;

describe.skipIf(!browserPath)('Diagnose, for who is signed in', () => {
  beforeAll(async () => {
    const [uri, other] = await trainedModels(models.path, 2);
    served = await ServedApp.open([uri!]);
    // the data set that the photos of training are in
    await registerModel(served.served.store, { name: 'leaf', uri: other!, examples: models.at('examples') });
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
    models[Symbol.dispose]();
  });

  it('shows the training photos that are most alike, and shares the answer by a link that opens without an account', async () => {
    const opened = await browser.page('/d/leaf', { as: 'operate' });
    const { page } = opened;
    const [leaf] = await drawnPhotos(1, { seed: 61 });
    const photo = { name: 'leaf.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(leaf!.bytes) };
    await page.locator('input[type=file]').first().setInputFiles(photo);
    const alike = page.getByRole('img', { name: /^A training photo: / });
    await expect.poll(() => alike.count(), { timeout: 30_000 }).toBe(3);
    const isLoaded = () =>
      alike.evaluateAll((all) => all.every((image) => (image as HTMLImageElement).naturalWidth > 0));
    await alike.first().scrollIntoViewIfNeeded();
    await expect.poll(isLoaded, { timeout: 30_000 }).toBe(true);
    // as the journal does after a moment
    const record = served.served.sink.records.at(-1)!;
    const line = JSON.stringify({ ...record, imageKept: false });
    await served.served.store.requests.ingest('test', [line], { segment: 1, offset: 0 });
    await page.getByRole('button', { name: 'Share by a link' }).click();
    const link = (await page.locator('.share pre').textContent())!;
    await page.getByRole('img', { name: 'QR code of the address' }).waitFor();
    for (const language of ['en', 'ja'] as const) {
      await opened.look({ language });
      await opened.picture(`diagnose-shared-${language}`);
      await opened.expectAccessible(`diagnose-shared-${language}`);
    }
    await page.emulateMedia({ media: 'print' });
    await opened.picture('diagnose-printed');
    expect(await page.locator('.answer-feedback').isVisible()).toBe(false);
    expect(await page.getByRole('img', { name: 'アドレスのQRコード' }).isVisible()).toBe(true);
    opened.expectNoProblems();

    for (const language of ['en', 'ja'] as const) {
      const visitor = await browser.page(new URL(link).pathname, { as: null, size: 'phone', language });
      await visitor.page.locator('summary').click();
      const heat = visitor.page.locator('details img');
      const width = () => heat.evaluate((image) => (image as HTMLImageElement).naturalWidth);
      await expect.poll(width, { timeout: 30_000 }).toBeGreaterThan(0);
      await visitor.expectAccessible(`shared-${language}`);
      await visitor.expectNoSidewaysScroll(`shared-${language}`);
      await visitor.picture(`shared-${language}`);
      visitor.problems.splice(0, visitor.problems.length, ...visitor.problems.filter((each) => !/favicon/.test(each)));
      visitor.expectNoProblems();
    }
  });

  it('offers no link to a visitor without a key, and prints the address of the page', async () => {
    const headers = { 'x-api-key': await served.makeKey('admin') };
    await served.ask('PATCH', '/api/v1/endpoints/leaf', { headers, payload: { settings: { public: true } } });
    const { page } = await browser.page('/d/leaf', { as: null });
    const [leaf] = await drawnPhotos(1, { seed: 62 });
    const photo = { name: 'leaf.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(leaf!.bytes) };
    await page.locator('input[type=file]').first().setInputFiles(photo);
    await page.getByText('What this cannot know').waitFor();
    expect(await page.getByRole('button', { name: 'Share by a link' }).count()).toBe(0);
    expect(await page.locator('.nearest').count()).toBe(0);
    await page.emulateMedia({ media: 'print' });
    await page.getByText('Diagnose another one').waitFor();
    await page.getByRole('img', { name: 'QR code of the address' }).waitFor();
  });
});
