import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { drawnPhotos } from '../support/drawn-photos.ts';
import { requestRecord } from '../support/request-record.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { browserPath, ConsoleBrowser, inEveryLook } from './browser.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const root = join(import.meta.dirname, '../..');
/** As a person may name a folder. */
const oddLabel = '<img src=x onerror=alert(1)> ورقة\u200d';
const folder = new ScratchFolder();
let served: ServedApp;
let browser: ConsoleBrowser;
let client: Client;
let wrong: { sha256: string; label: string };

async function importPhotos(): Promise<void> {
  const photos = await drawnPhotos(72, { size: 160 });
  for (const [i, { label, bytes }] of photos.entries()) {
    const isWrong = i % 24 === 4;
    const given = isWrong ? photos[i + 1]!.label : i % 12 === 3 ? oddLabel : label;
    if (i === 4) wrong = { sha256: sha256(bytes), label: given };
    folder.write(`photos/${given}/${i}.jpg`, bytes);
  }
  folder.write('photos/elm_blight/not a photo.jpg', Buffer.from('<script>alert(1)</script>'));
  const parameters = [`images=${folder.at('photos')}`, `corrections=${folder.at('corrections.jsonl')}`];
  const flags = ['--workspace', served.served.at('workspace'), ...parameters.flatMap((each) => ['--param', each])];
  const run = [join(root, 'src/cli/main.ts'), 'run', join(root, 'tests/e2e/looked-at.pipeline.ts'), ...flags];
  await promisify(execFile)(process.execPath, [...sourceFlags, ...run]);
}

async function queuePhotos(): Promise<void> {
  const { store } = served.served;
  const photos = await drawnPhotos(24, { size: 480, seed: 9 });
  const labels = ['elm_blight', 'elm_healthy', 'oak_healthy', oddLabel];
  const records = [];
  for (const [i, { bytes }] of photos.entries()) {
    const digest = sha256(bytes);
    const probabilities = Object.fromEntries(labels.map((label, at) => [label, at === i % 3 ? 0.7 : 0.1]));
    const label = labels[i % 3]!;
    const answer = {
      response: { label, probability: 0.7, probabilities },
      label,
      probability: 0.7,
      positiveProbability: null,
    };
    const model = { modelVersion: null, imageSha256: digest, pixelsSha256: digest, threshold: null };
    records.push(requestRecord({ ...answer, ...model }));
    await localImages(store.workspace.images).put('default', digest, bytes);
  }
  const rows = records.map((record) => JSON.stringify({ ...record, imageKept: true }));
  await store.requests.ingest('default', rows, { segment: 1, offset: 0 });
  const items = records.map(({ publicId }, i) => ({
    ...{ request: publicId, pixelsSha256: publicId, worth: 1 - i / 100, chance: 1 },
    reason: (['uncertain', 'random'] as const)[i % 2]!,
  }));
  const at = new Date();
  const fill = {
    endpoint: 'leaf',
    start: new Date(at.getTime() - 1_000),
    end: at,
    pictures: 24,
    drawn: 12,
    picked: 12,
    at,
  };
  await store.review.fill(fill, items);
}

const tiles = (page: Page) => page.getByRole('option');
const tileShown = (page: Page) => page.locator('.tile-photo img').first().waitFor();
const unhandled = (page: Page) => page.evaluate(() => [...document.images].some((image) => image.src.endsWith('/x')));

describe.skipIf(!browserPath)('photos and review', () => {
  beforeAll(async () => {
    served = await ServedApp.open([], { env: { MITATE_DATA_ROOTS: folder.path } });
    client = createClient({ url: served.url, key: await served.makeKey('admin') });
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('say what to do first while there is nothing', async () => {
    const shows = (text: RegExp) => (page: Page) => page.getByText(text).first().waitFor();
    await inEveryLook(browser, { name: 'photos-empty', path: '/photos', ready: shows(/mitate data import/) });
    await inEveryLook(browser, { name: 'review-empty', path: '/review', ready: shows(/mitate review fill/) });
  });

  describe('with photos', () => {
    beforeAll(async () => {
      await Promise.all([importPhotos(), queuePhotos()]);
    });

    it('look right', async () => {
      const sheet = (page: Page) => page.getByRole('heading', { name: /Answers|回答/ }).waitFor();
      await inEveryLook(browser, { name: 'photos-odd-label', path: '/photos?photo=3', ready: sheet });
      const queue = (page: Page) => page.locator('.suspect-near img').first().waitFor();
      await inEveryLook(browser, { name: 'photos-noise-found', path: '/photos?tab=noise', ready: queue });
      await inEveryLook(browser, {
        name: 'review-odd-label',
        path: '/review',
        ready: (page) => page.locator('.review-photo img').waitFor(),
      });
    });

    it('on the map, photos are found by the arrow keys, and one opens; the same photos are at the same places', async () => {
      const map = await client.data.map('looked-at');
      expect(map.at).toHaveLength(map.photos);
      expect(
        map.x.every((x) => Math.abs(x) <= 1) && Math.max(...map.x.map(Math.abs), ...map.y.map(Math.abs)) === 1,
      ).toBe(true);
      const few = await client.data.map('looked-at', { points: 20 });
      expect(few.at.length).toBeGreaterThan(5);
      expect(few.at.length).toBeLessThan(40);
      expect(map.at).toEqual(expect.arrayContaining(few.at));
      const { page, problems } = await browser.page('/photos?tab=map');
      const plane = page.getByRole('application', { name: 'Map of the photos' });
      await plane.focus();
      await page.locator('.map-tip img').waitFor();
      const first = await page.locator('.map-tip').getAttribute('style');
      for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown']) await page.keyboard.press(key);
      await page.keyboard.press('ArrowUp');
      expect(await page.locator('.map-tip').getAttribute('style')).not.toBe(first);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Answers' }).waitFor();
      expect(new URL(page.url()).searchParams.get('photo')).toMatch(/^\d+$/);
      await page.keyboard.press('Escape');
      await page
        .getByRole('button', { name: /elm_healthy/ })
        .first()
        .click();
      expect(new URL(page.url()).searchParams.get('label')).toBe('elm_healthy');
      expect(problems).toEqual([]);
    });

    it('on the map, a drag selects the photos that it goes around, and the grid has the same selection', async () => {
      const { page, problems } = await browser.page('/photos?tab=map');
      const plane = page.getByRole('application', { name: 'Map of the photos' });
      const { x, y, width, height } = (await plane.boundingBox())!;
      const drag = async (...corners: [number, number][]) => {
        const at = ([across, down]: [number, number]) => [x + across * width, y + down * height] as const;
        await page.mouse.move(...at(corners[0]!));
        await page.mouse.down();
        for (const corner of corners.slice(1)) await page.mouse.move(...at(corner), { steps: 4 });
        await page.mouse.up();
      };
      const map = await client.data.map('looked-at');
      const selected = page.getByRole('region', { name: 'Selected photos' }).getByRole('status');
      const counted = async () => Number.parseInt((await selected.textContent())!, 10);
      await drag([0.01, 0.01], [0.5, 0.01], [0.5, 0.99], [0.01, 0.99]);
      const left = await counted();
      // the middle of the map is that of its points
      const middle = (Math.min(...map.x) + Math.max(...map.x)) / 2;
      expect(left).toBe(map.x.filter((each) => each < middle).length);
      await page.keyboard.down('Shift');
      await drag([0.5, 0.01], [0.99, 0.01], [0.99, 0.99], [0.5, 0.99]);
      await page.keyboard.up('Shift');
      expect(await counted()).toBe(map.at.length);
      await page.keyboard.press('Escape');
      await selected.waitFor({ state: 'detached' });
      await plane.focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('x');
      expect(await counted()).toBe(1);
      await page.getByRole('tab', { name: 'Grid' }).click();
      expect(await counted()).toBe(1);
      await page.keyboard.press('e');
      await page.getByText('1 left out').waitFor();
      await page.keyboard.press('z');
      await page.getByText('1 left out').waitFor({ state: 'detached' });
      expect(problems).toEqual([]);
    });

    it('photos are selected and labelled by keys alone, and taken back', async () => {
      const opened = await browser.page('/photos');
      const { page } = opened;
      await tileShown(page);
      await page.getByRole('listbox').focus();
      const before = (await client.data.photos('looked-at', { mark: 'excluded' })).total;
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('x');
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Shift+ArrowRight');
      await page.getByText('3 photos selected').waitFor();
      await page.keyboard.press('e');
      await page.getByText('3 left out').waitFor();
      expect((await client.data.photos('looked-at', { mark: 'excluded' })).total).toBe(before + 3);
      await page.keyboard.press('z');
      await expect.poll(async () => (await client.data.photos('looked-at', { mark: 'excluded' })).total).toBe(before);
      await page.keyboard.press('x');
      await page.keyboard.press('1');
      await page.getByText(/1 → /).waitFor();
      await page.keyboard.press('z');
      await page.getByText(/1 → /).waitFor({ state: 'detached' });
      // the address is the state
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      expect(new URL(page.url()).searchParams.get('photo')).not.toBeNull();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      opened.expectNoProblems();
    });

    it('a label that looks like a page is only a label', async () => {
      const opened = await browser.page(`/photos?label=${encodeURIComponent(oddLabel)}`);
      await tileShown(opened.page);
      expect(await tiles(opened.page).count()).toBe((await client.data.photos('looked-at', { label: oddLabel })).total);
      expect(await unhandled(opened.page)).toBe(false);
      opened.expectNoProblems();
    });

    it('a suspicious label is decided on a phone, and handed to the next run', async () => {
      const opened = await browser.page('/photos?tab=noise', { size: 'phone' });
      const { page } = opened;
      await page.locator('.suspect-near img').first().waitFor();
      const { items } = await client.data.suspicious('looked-at', { decided: 'false', limit: 500 });
      const [first] = items;
      expect(items.map((item) => item.sha256)).toContain(wrong.sha256);
      await page.getByRole('button', { name: `Change to ${first!.suspicious!.suggested}` }).click();
      await page.getByText(`Changed to ${first!.suspicious!.suggested}`).waitFor();
      expect((await client.corrections.list({ standing: 'true' })).items).toMatchObject([
        { sha256: first!.sha256, kind: 'label', label: first!.suspicious!.suggested },
      ]);
      await page.getByRole('button', { name: 'Apply 1 decision' }).click();
      await page.getByRole('button', { name: 'Write the file' }).click();
      await page.getByText(/Written: 1 relabelled/).waitFor();
      opened.expectNoProblems();
    });

    it.each(['desktop', 'phone'] as const)('a photo is labelled, skipped and taken back on a %s', async (size) => {
      const opened = await browser.page('/review', { size });
      const { page } = opened;
      await page.locator('.review-photo img').waitFor();
      expect(await page.locator('.review-share').count()).toBe(0);
      const done = async () => (await client.review.list({ state: 'done' })).items.length;
      const before = await done();
      if (size === 'desktop') await page.keyboard.press('2');
      else await page.getByRole('button', { name: 'elm_healthy' }).click();
      await page.getByText(/You: /).waitFor();
      expect(await done()).toBe(before + 1);
      if (size === 'desktop') await page.keyboard.press('u');
      else await page.getByRole('button', { name: /^Undo/ }).click();
      await page.getByText(/You: /).waitFor({ state: 'detached' });
      expect(await done()).toBe(before);
      expect((await client.feedback.list({ kind: 'label' })).items).toEqual([]);
      await page.getByRole('button', { name: /^Skip/ }).click();
      await page.getByText('Skipped').waitFor();
      await page.getByRole('button', { name: /^Undo/ }).click();
      await page.getByText('Skipped').waitFor({ state: 'detached' });
      expect((await client.review.list({ state: 'skipped' })).items).toEqual([]);
      opened.expectNoProblems();
    });

    it('a photo that is gone says so, and the page goes on', async () => {
      const opened = await browser.page('/photos');
      const { page, problems } = opened;
      await page.route('**/image?**', (route) =>
        route.fulfill({ status: 410, json: { error: { code: 'PHOTO_GONE' } } }),
      );
      await page.reload();
      await page.getByText('Photo not stored').first().waitFor();
      problems.length = 0;
    });
  });
});
