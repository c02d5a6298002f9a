import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { trainedModels } from '../support/trained-models.ts';
import { browserPath, ConsoleBrowser, languages } from './browser.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 });

const models = new ScratchFolder();
let served: ServedApp;
let browser: ConsoleBrowser;
let admin: Record<string, string>;

const file = 'input[type=file]';

describe.skipIf(!browserPath)('Diagnose without a connection, with the model on the device', () => {
  beforeAll(async () => {
    const uris = await trainedModels(models.path, 2);
    served = await ServedApp.open(uris);
    admin = { 'x-api-key': await served.makeKey('admin') };
    await set({ public: true, offline: true, unlike: 'answer', corsOrigins: null });
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
    models[Symbol.dispose]();
  });

  const set = async (settings: object) => {
    const answer = await served.ask('PATCH', '/api/v1/endpoints/leaf', { headers: admin, payload: { settings } });
    expect(answer.statusCode, answer.body).toBe(200);
  };
  const ready = async (page: Page) => {
    await page.getByRole('button', { name: /^Keep the model on this device/ }).click();
    await page.getByText(/^Answers without a connection/).waitFor();
  };
  const shoot = async (page: Page, buffer: Buffer, mimeType = 'image/jpeg') => {
    const again = page.getByRole('button', { name: 'New photo' });
    if (await again.isVisible()) await again.click();
    await page.locator(file).first().setInputFiles({ name: 'photo', mimeType, buffer });
  };

  it('can be installed: each icon that it names is there, in the size that it says', async () => {
    const { icons } = (await served.ask('GET', '/d/leaf/app.webmanifest')).json();
    const pictures = icons.filter(({ type }: { type: string }) => type === 'image/png');
    expect(pictures.length).toBeGreaterThan(2);
    for (const { src, sizes } of [...pictures, { src: '/console/icon-full-180.png', sizes: '180x180' }]) {
      const { width, height, format } = await sharp((await served.ask('GET', src)).rawPayload).metadata();
      expect([src, format, `${width}x${height}`]).toEqual([src, 'png', sizes]);
    }
  });

  it('answers as the server does: the same label, and almost the same probability', async () => {
    const opened = await browser.page('/d/leaf', { as: null, size: 'phone' });
    const { page, problems } = opened;
    await page.getByRole('button', { name: /^Keep the model/ }).waitFor();
    await opened.picture('diagnose-keep');
    await opened.expectAccessible('diagnose-keep');
    await ready(page);
    const differences: number[] = [];
    await page.context().setOffline(true);
    for (const { bytes, type } of await variedPhotos()) {
      await shoot(page, Buffer.from(bytes), type);
      await page.getByText(/^Answered on this device/).waitFor();
      const shown = await page.locator('.verdict-share').textContent();
      const { predictions } = (
        await served.ask('POST', '/api/v1/endpoints/leaf:predict', {
          payload: Buffer.from(bytes),
          headers: { 'content-type': type },
        })
      ).json();
      const [{ label, positiveProbability }] = predictions;
      expect(await page.locator('.verdict').textContent()).toContain(label);
      differences.push(Math.abs(Number.parseFloat(shown!) / 100 - positiveProbability));
    }
    expect(Math.max(...differences)).toBeLessThanOrEqual(0.02);
    for (const language of languages) {
      await opened.look({ language });
      await opened.picture(`diagnose-offline-${language}`);
      await opened.expectAccessible(`diagnose-offline-${language}`);
    }
    await opened.look({ language: 'en' });
    await page.getByRole('button', { name: 'New photo' }).click();
    await opened.picture('diagnose-kept');
    problems.splice(0);
  });

  it('opens again without a connection, keeps what is said, and sends photo and feedback once there is one', async () => {
    const { page, problems } = await browser.page('/d/leaf', { as: null });
    await ready(page);
    const [leaf] = await drawnPhotos(1, { seed: 44 });
    const before = served.served.sink.records.length;
    // nothing but what the page keeps itself
    const session = await page.context().newCDPSession(page);
    await session.send('Network.clearBrowserCache');
    await page.context().setOffline(true);
    await page.reload();
    await shoot(page, Buffer.from(leaf!.bytes));
    await page.getByText(/^Answered on this device/).waitFor();
    expect(await page.getByRole('button', { name: 'Show where it looked' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Right', exact: true }).click();
    await page.getByText(/kept here and sent as soon/).waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Earlier/ }).click();
    await page.getByText('Not sent yet').waitFor();
    await page.getByRole('button', { name: 'The photo' }).click();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Show where it looked' }).waitFor();
    expect(served.served.sink.records.length).toBe(before + 1);
    // as the journal does after a moment
    const { publicId, ...record } = served.served.sink.records.at(-1)!;
    const line = JSON.stringify({ ...record, publicId, imageKept: false });
    await served.served.store.requests.ingest('test-offline', [line], { segment: 1, offset: 0 });
    await page.getByText('Thank you. This helps').waitFor();
    const { items } = (await served.ask('GET', '/api/v1/feedback', { headers: admin })).json();
    expect(items).toMatchObject([{ request: publicId, verdict: 'right', source: 'widget' }]);
    problems.splice(0);
  });

  it('follows the endpoint: another version replaces the kept one, and none is kept when it allows none', async () => {
    const { page, problems } = await browser.page('/d/leaf', { as: null });
    await ready(page);
    const version = async () => await page.getByText(/^Answers without a connection/).textContent();
    expect(await version()).toContain('leaf v1');
    const promoted = await served.ask('POST', '/api/v1/endpoints/leaf:deploy', {
      headers: admin,
      payload: { model: 'leaf@2', role: 'stable', force: true },
    });
    expect(promoted.statusCode, promoted.body).toBe(200);
    await page.reload();
    await expect.poll(version).toContain('leaf v2');
    await set({ offline: false });
    await page.reload();
    await page.locator(file).first().waitFor({ state: 'attached' });
    await expect
      .poll(() => page.evaluate(async () => (await (await caches.open('mitate-models')).keys()).length))
      .toBe(0);
    expect(await page.getByRole('button', { name: /^Keep the model/ }).count()).toBe(0);
    await set({ offline: true });
    // the answer that it gives the model to nobody
    problems.splice(0, problems.length, ...problems.filter((each) => !/status of 409/.test(each)));
    expect(problems).toEqual([]);
  });
});

/** Drawn leaves as phones and editors store them. */
async function variedPhotos() {
  const leaves = await drawnPhotos(4, { seed: 41, size: 400 });
  const [large, clear] = await drawnPhotos(2, { seed: 42, size: 1_600, format: 'png' });
  const jpeg = 'image/jpeg';
  return [
    ...leaves.map(({ bytes }) => ({ bytes, type: jpeg })),
    { bytes: await sharp(large!.bytes).resize(3_000, 2_000).jpeg({ quality: 90 }).toBuffer(), type: jpeg },
    { bytes: await sharp(leaves[1]!.bytes).jpeg().withMetadata({ orientation: 6 }).toBuffer(), type: jpeg },
    { bytes: clear!.bytes, type: 'image/png' },
    { bytes: await sharp(leaves[2]!.bytes).webp({ lossless: true }).toBuffer(), type: 'image/webp' },
  ];
}
