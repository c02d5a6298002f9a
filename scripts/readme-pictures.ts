/** `node --conditions=mitate:source scripts/readme-pictures.ts`: photographs the console of the demo for README.md, into docs/pictures. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { daylight, takePhoto } from '../src/demo/photos.ts';
import { DemoWorkspace } from '../tests/support/demo-workspace.ts';
import { ServedApp } from '../tests/support/served-app.ts';

const folder = join(import.meta.dirname, '../docs/pictures');
/** Repositories keep every version of a picture. */
const mostBytes = 60_000;
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

interface Picture {
  path: string;
  device: BrowserContextOptions;
  /** Resolves when there is something to see. */
  ready(page: Page): Promise<unknown>;
}

const pictures: Record<string, Picture> = {
  home: {
    path: '/',
    // the loop alone: nothing here is a worker that could do what waits below it
    device: { viewport: { width: 1280, height: 590 } },
    ready: (page) => page.locator('.ring-list').waitFor(),
  },
  release: {
    path: '/service?tab=release',
    device: desktop,
    ready: (page) => page.locator('.disagreements img').first().waitFor(),
  },
  diagnose: { path: '/d/leaf-health', device: { ...phone, colorScheme: 'dark' }, ready: diagnosed },
};

async function diagnosed(page: Page): Promise<void> {
  const { jpeg } = await takePhoto('readme', 'oak_mildew', daylight);
  const file = { name: 'leaf.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(jpeg) };
  await page.locator('input[type=file]').first().setInputFiles(file);
  await page.locator('.verdict-share').waitFor();
}

using filled = await DemoWorkspace.open();
await using served = await ServedApp.open([], { workspace: filled.workspace });
const browser = await chromium.launch({
  executablePath: process.env.MITATE_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
await mkdir(folder, { recursive: true });
for (const [name, { path, device, ready }] of Object.entries(pictures)) {
  const context = await browser.newContext({ locale: 'en', reducedMotion: 'reduce', ...device });
  await context.request.post(`${served.url}/api/v1/sessions/key`, { data: { key: await served.makeKey('admin') } });
  const page = await context.newPage();
  await page.goto(`${served.url}${path}`);
  await ready(page);
  await page.locator('.waiting').waitFor({ state: 'detached' });
  await page.evaluate('scrollTo(0, 0)');
  const small = await sharp(await page.screenshot())
    .webp({ quality: 82, effort: 6 })
    .toBuffer();
  if (small.length > mostBytes) throw new Error(`${name} has ${small.length} bytes, more than ${mostBytes}`);
  await writeFile(join(folder, `${name}.webp`), small);
  console.log(`docs/pictures/${name}.webp ${(small.length / 1000).toFixed(0)} kB`);
  await context.close();
}
await browser.close();
