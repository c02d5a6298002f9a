import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';
import { ServedApp } from '../support/served-app.ts';
import { smallPhoto } from '../support/small-photo.ts';
import { writeZip } from '../support/write-zip.ts';
import { browserPath, ConsoleBrowser, inEveryLook } from './browser.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const pipelines = new ScratchFolder();
let served: ServedApp;
let browser: ConsoleBrowser;
let client: Client;

const files = (page: Page) => page.locator('input[type=file]').first();
const archive = async () => {
  const entries = [];
  for (let i = 0; i < 6; i++)
    entries.push({ name: `leaves/${i < 4 ? 'さび病' : 'well'}/${i}.jpg`, data: await smallPhoto(i), flags: 0x800 });
  const clutter = ['__MACOSX/leaves/._0.jpg', 'leaves/notes.txt', 'leaves/well/new.heic'];
  const others = clutter.map((name) => ({ name, data: Buffer.from('x') }));
  const fake = { name: 'leaves/well/fake.jpg', data: Buffer.from('<html><body>404</body></html>') };
  return { name: 'leaves.zip', mimeType: 'application/zip', buffer: writeZip([...entries, ...others, fake]) };
};

describe.skipIf(!browserPath)('an upload in the console', () => {
  beforeAll(async () => {
    served = await ServedApp.open([], { env: { MITATE_PIPELINES: pipelines.path } });
    client = createClient({ url: served.url, key: await served.makeKey('operate') });
    browser = await ConsoleBrowser.open(served);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await served?.[Symbol.asyncDispose]();
    pipelines[Symbol.dispose]();
  });

  it('shows the labels of a ZIP, keeps all that was chosen when the connection is lost, goes on, and is a source', async () => {
    const { page, problems } = await browser.page('/photos/upload', { as: 'operate', size: 'phone' });
    await files(page).setInputFiles(await archive());
    await page.getByText('7 photos,').waitFor();
    await page.getByText('3 files are left out').click();
    await page.getByText('HEIC: save it as JPEG first').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('greenhouse');
    // the third photo finds no connection, and none after it
    let asked = 0;
    await page.route('**/api/v1/uploads/*/photos?*', (route) => (++asked >= 3 ? route.abort() : route.continue()));
    await page.getByRole('button', { name: 'Upload 7 photos' }).click();
    await page.getByText('Paused. Nothing is lost').waitFor();
    await page.unroute('**/api/v1/uploads/*/photos?*');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('6 of 7 photos are on the server').waitFor();
    await page.getByText('1 photos were refused').waitFor();
    await page.getByText('IMAGE_HTML').waitFor();
    await page.getByRole('button', { name: 'Finish with 6 photos' }).click();
    await page.getByText('Ready for a run').waitFor();
    const [upload] = (await client.uploads.list()).items;
    const { source, labels } = await client.uploads.get(upload!.id);
    expect(labels.map(({ label, photos }) => `${label} ${photos}`)).toEqual(['さび病 4', 'well 2']);
    await page.getByText(`npx mitate data import '${source}' --name greenhouse`).waitFor();
    expect(source).toBe(join(served.served.store.workspace.data, 'default/uploads', upload!.id, 'photos'));
    // lost connections, and the file that is no photo
    expect(problems.filter((problem) => !/ERR_FAILED|415/.test(problem))).toEqual([]);
  });

  it('takes labels from a CSV, and of the rest from who uploads; one that was left is gone on with', async () => {
    const photo = async (i: number) => ({ name: `${i}.jpg`, mimeType: 'image/jpeg', buffer: await smallPhoto(20 + i) });
    const table = 'path;label\n0.jpg;spot\n1.jpg;"well; mostly"\n9.jpg;spot\n';
    const csv = { name: 'labels.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${table}`) };
    const chosen = [csv, await photo(0), await photo(1), await photo(2)];
    const { page, problems } = await browser.page('/photos/upload', { as: 'operate' });
    await files(page).setInputFiles(chosen);
    await page.getByText('1 of its rows name photos that are not among those you chose.').waitFor();
    await page.getByLabel('What do they show?').fill('rust');
    await page.getByText('3 photos,').waitFor();
    // somebody began it and closed the page
    const { id } = await client.uploads.create({ name: 'left' });
    await client.uploads.add(id, 'spot/0.jpg', new Uint8Array(chosen[1]!.buffer));
    await page.goto(`${served.url}/photos/upload?upload=${id}`);
    await page.getByText('“left” has 1 photos so far.').waitFor();
    await files(page).setInputFiles(chosen);
    await page.getByLabel('What do they show?').fill('rust');
    await page.getByRole('button', { name: 'Upload 3 photos' }).click();
    await page.getByText('3 of 3 photos are on the server').waitFor();
    const { items } = await client.uploads.photos(id);
    expect(items.map(({ path }) => path).sort()).toEqual(['rust/2.jpg', 'spot/0.jpg', 'well; mostly/1.jpg']);
    expect(problems).toEqual([]);
  });

  it('looks right while labels are checked, and when it is ready', async () => {
    const zip = await archive();
    await inEveryLook(browser, {
      name: 'upload-check',
      path: '/photos/upload',
      ready: async (page) => {
        await files(page).setInputFiles(zip);
        await page.locator('.upload-bar').first().waitFor();
      },
    });
    const done = (await client.uploads.list()).items.find(({ finishedAt }) => finishedAt !== null);
    await inEveryLook(browser, {
      name: 'upload-ready',
      path: `/photos/upload?upload=${done!.id}`,
      ready: (page) => page.locator('.command').first().waitFor(),
    });
  });

  it('is not offered to who may only read', async () => {
    const who = await browser.page('/photos/upload', { as: 'predict' });
    await who.page.getByText('Your role does not include reading this project.').waitFor();
  });
});
