import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readIndex } from '../../src/artifacts/examples/read-examples.ts';
import { eventKey } from '../../src/contracts/loop/event-key.ts';
import { triggerSchema } from '../../src/contracts/loop/trigger.ts';
import type { RequestRecord } from '../../src/contracts/request-record.ts';
import { exampleGen, statisticsGen } from '../../src/orchestrator/components.ts';
import { definePipeline } from '../../src/orchestrator/define/define-pipeline.ts';
import { newId } from '../../src/orchestrator/launcher/ids.ts';
import { runPipeline } from '../../src/orchestrator/launcher/run-pipeline.ts';
import type { RunSummary } from '../../src/orchestrator/summary.ts';
import { localImages } from '../../src/store/images/image-store.ts';
import { writeSample } from '../../src/vision/sample/index.ts';
import { fitter, registrarOf } from '../support/lineage-components.ts';
import { requestRecord } from '../support/request-record.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { unaudited } from '../support/unaudited.ts';
import { browserPath, ConsoleBrowser, inEveryLook } from './browser.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const registrar = registrarOf('leaf-health');
const folder = new ScratchFolder();
const photos = folder.at('photos');
const why = 'scheduled for Monday, 03:00';
let served: ServedApp;
let browser: ConsoleBrowser;
let photo: { sha256: string; filename: string };
let fired: RunSummary;
let request: RequestRecord;

/** A run of a person, then one of a trigger on more photos. */
async function train(): Promise<void> {
  const { store } = served.served;
  const pipeline = definePipeline('leaf-health', {}, () => {
    const { examples } = exampleGen({ source: photos, groupBy: 'none' });
    statisticsGen({ examples });
    const { model } = fitter({ examples });
    registrar({ model });
  });
  const workspace = served.served.at('workspace');
  await writeSample(photos, { photos: 72, seed: 1, size: 160 });
  await runPipeline(pipeline, { store, workspace, processes: 1 });
  await writeSample(photos, { photos: 78, seed: 1, size: 160 });
  const id = newId();
  const { triggers } = unaudited(store);
  const when = { kind: 'schedule', cron: '0 3 * * 1' } as const;
  const trigger = triggerSchema.parse({ name: 'weekly', pipeline: 'leaf.ts', when });
  await triggers.createTrigger(trigger, { who: 'user:mika', at: new Date(), memory: null });
  const occasion = eventKey('schedule', '2026-03-02T03:00:00Z');
  const firing = { trigger: 'weekly', occasion, who: 'trigger:weekly', runId: id, covers: [] };
  const query = { now: new Date(), reachMs: 0, endpoint: null };
  await triggers.decideFiring(firing, query, 'skipped', () => ({ fires: true, why, evidence: {} }));
  fired = await runPipeline(pipeline, { store, workspace, processes: 1, id, trigger: 'trigger weekly' });
  expect(fired.state).toBe('succeeded');
  const examples = fired.steps.find(({ name }) => name === 'example-gen')!.artifacts.examples!;
  photo = (await readIndex(examples.uri)).find(({ split }) => split === 'train')!;
  request = requestRecord({ modelVersion: 2, label: 'unwell', imageSha256: photo.sha256 });
  await localImages(store.workspace.images).put('default', photo.sha256, await readFile(join(photos, photo.filename)));
  await store.requests.ingest('default', [JSON.stringify({ ...request, imageKept: true })], { segment: 1, offset: 0 });
}

const stations = (page: Page) => page.locator('.station-name').allTextContents();
const whole = (page: Page) => page.locator('.path-photos img').first().waitFor();

describe.skipIf(!browserPath)('lineage', () => {
  beforeAll(async () => {
    served = await ServedApp.open([]);
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('says what to do first while there is nothing to trace', async () => {
    const opened = await browser.page('/lineage');
    await opened.page.getByRole('heading', { name: 'Nothing to trace yet.' }).waitFor();
    await opened.picture('lineage-empty');
    await opened.expectAccessible('empty');
    opened.expectNoProblems();
  });

  describe('of two versions', () => {
    beforeAll(train);

    it('looks right', async () => {
      const drawn = async (page: Page) => {
        await whole(page);
        await page.locator('.react-flow .graph-box').first().waitFor();
      };
      await inEveryLook(browser, {
        name: 'lineage-model-graph',
        path: '/lineage?of=leaf-health%402&graph=true',
        ready: drawn,
      });
      await inEveryLook(browser, { name: 'lineage-photo', path: `/lineage?of=${photo.sha256}`, ready: whole });
      await inEveryLook(browser, {
        name: 'lineage-request',
        path: `/lineage?request=${request.publicId}`,
        ready: whole,
      });
    });

    it('and its photos, runs, models and predictions are found in the palette, by keys alone', async () => {
      const by = { who: 'test', why: '' };
      await unaudited(served.served.store).endpoints.createEndpoint(request.endpoint, by);
      const opened = await browser.page('/');
      const { page } = opened;
      await page.getByRole('button', { name: /^Account of/ }).waitFor();
      const find = async (text: string, option: RegExp) => {
        await page.keyboard.press('Control+k');
        await expect.poll(() => page.evaluate(() => document.activeElement?.role)).toBe('combobox');
        await page.keyboard.insertText(text);
        await page.getByRole('option', { name: option }).first().waitFor();
        await page.keyboard.press('Enter');
        await page.locator('.palette').waitFor({ state: 'detached' });
        return new URL(page.url());
      };
      expect((await find('leaf-hea', /^leaf-health ?Model$/)).pathname).toBe('/models/leaf-health');
      expect((await find(fired.runId, /Run · leaf-health$/)).pathname).toBe(`/runs/${fired.runId}`);
      const { pathname, searchParams } = await find(photo.sha256.toUpperCase(), /Photo · leaf-health$/);
      expect(pathname).toBe('/photos');
      await page.getByRole('dialog').getByText(photo.sha256).waitFor();
      expect(searchParams.get('photo')).toMatch(/^\d+$/);
      await page.keyboard.press('Escape');
      await find(request.publicId, /^unwell ?Prediction/);
      await page.getByRole('link', { name: 'What its answer came from' }).click();
      await whole(page);
      expect(new URL(page.url()).searchParams.get('request')).toBe(request.publicId);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Go to a page or do something' }).fill('<b>\u202enothing</b>');
      await page.getByText('Nothing matches.').waitFor();
      // no embeddings were made of these photos
      expect(opened.problems.filter((each) => !each.includes('/neighbours'))).toEqual([]);
    });

    it.each(['desktop', 'phone'] as const)('leads from a photo to what started its training, on a %s', async (size) => {
      const opened = await browser.page('/lineage', { size });
      const { page } = opened;
      await page.getByRole('combobox').click();
      await page.getByRole('option', { name: 'a photo' }).click();
      await page.getByRole('textbox').fill('not a sha256');
      await page.keyboard.press('Enter');
      await page.getByText('A sha256 has 64 digits').waitFor();
      await page.getByLabel('Or choose a photo file').setInputFiles(join(photos, photo.filename));
      await whole(page);
      expect(new URL(page.url()).searchParams.get('of')).toBe(photo.sha256);
      expect(await stations(page)).toEqual([
        'Photo',
        'Model version',
        'Training run',
        'Data set',
        'Photos and labels',
        'Started by',
      ]);
      await page.getByRole('link', { name: 'leaf-health@2' }).waitFor();
      await page.getByText('This photo was in its training data.').waitFor();
      await page.getByText(why).waitFor();
      // the other version was started by a person
      await page.getByRole('combobox').click();
      await page.getByRole('option', { name: 'leaf-health@1' }).click();
      await page.getByText('A person, from the command line').waitFor();
      await page.getByRole('button', { name: 'Show the graph' }).click();
      await page.locator('.react-flow__edge-path').first().waitFor({ state: 'attached' });
      const width = await page
        .locator('.react-flow__edges svg')
        .first()
        .evaluate((svg) => svg.clientWidth);
      expect(width, 'lines are drawn').toBeGreaterThan(0);
      await opened.picture(`lineage-graph-${size}`);
      await page
        .locator('.react-flow')
        .getByRole('link', { name: /leaf-health@2/ })
        .focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'leaf-health@2', level: 1 }).waitFor();
      opened.expectNoProblems();
    });

    it('is reached from a run and a version, and answers for a run, a request and one that is not known', async () => {
      const opened = await browser.page(`/runs/${fired.runId}`);
      const { page } = opened;
      await page.getByRole('link', { name: 'Lineage' }).click();
      await page.getByText(why).waitFor();
      await page.locator('.path').getByRole('link', { name: 'leaf-health@2' }).click();
      await page.getByRole('link', { name: 'Lineage' }).click();
      await page.getByRole('heading', { name: 'leaf-health@2', level: 1 }).waitFor();
      await page.goto(`${served.url}/lineage?request=${request.publicId}`);
      await whole(page);
      expect((await stations(page)).slice(0, 2)).toEqual(['Request', 'Model version']);
      opened.expectNoProblems();
      await page.goto(`${served.url}/lineage?of=leaf-health%409`);
      await page.getByText('LINEAGE_NOT_FOUND').waitFor();
      await opened.picture('lineage-fault');
    });
  });
});
