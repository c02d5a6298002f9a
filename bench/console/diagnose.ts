import type { Page } from 'playwright-core';
import { encodeJpeg } from '../../src/vision/encode.ts';
import { drawLeaf } from '../../src/vision/sample/draw-leaf.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { withServer } from './measured-server.ts';
import { median, phone, type Seen, seenOf } from './slow-browser.ts';

const repeats = 5;
const side = 1_280;

interface Timing {
  /** From asking to the first byte of the answer. */
  serverMs: number;
}

/** From the address to an answer, on a phone that has never been there. */
export async function diagnose(workspace: string, { options, log }: BenchContext): Promise<Figure[]> {
  const { pixels } = drawLeaf({ seed: 'bench', label: 'elm_blight', size: side });
  const buffer = Buffer.from(await encodeJpeg(pixels, side, side));
  const photo = { name: 'leaf.jpg', mimeType: 'image/jpeg', buffer };
  const runs = await withServer(workspace, options, async (browser) => {
    const runs: { opened: Seen; done: Seen; ownMs: number }[] = [];
    for (let i = 0; i < repeats; i++) {
      const context = await browser.context(phone);
      const page = await browser.page(context);
      const opened = await browser.open(page, '/d/leaf-health', 'input[type=file]');
      await page.locator('input[type=file]').first().setInputFiles(photo);
      await page.locator('.verdict-share').waitFor();
      const answered = await seenOf(page);
      const { serverMs } = await timing(page);
      const ownMs = answered.answeredMs! - answered.chosenMs! - serverMs;
      await page.getByRole('button', { name: 'Show where it looked' }).tap();
      await page.locator('.answer-heat').waitFor();
      await page.getByRole('button', { name: 'Right', exact: true }).tap();
      await page.locator('.answer-thanks').waitFor();
      runs.push({ opened, done: await seenOf(page), ownMs });
      log(`LCP ${opened.lcpMs.toFixed(0)} ms, shutter to answer ${ownMs.toFixed(0)} + ${serverMs.toFixed(0)} ms`);
      await context.close();
    }
    return runs;
  });
  const lcp = median(runs.map(({ opened }) => opened.lcpMs));
  const cls = median(runs.map(({ opened }) => opened.cls));
  const inp = median(runs.map(({ done }) => done.inpMs));
  const own = median(runs.map(({ ownMs }) => ownMs));
  const inMs = (what: string, got: number, most: number): Figure => ({
    what,
    got: `${got.toFixed(0)} ms`,
    toReach: `<= ${most} ms`,
    met: got <= most,
  });
  return [
    inMs('Diagnose: largest contentful paint', lcp, 1_800),
    inMs('Diagnose: interaction to next paint', inp, 150),
    { what: 'Diagnose: layout shift', got: cls.toFixed(3), toReach: '<= 0.02', met: cls <= 0.02 },
    {
      ...inMs('Diagnose: shutter to answer, less server time', own, 400),
      note: `a photo of ${side} px and ${(buffer.length / 1_000).toFixed(0)} kB; the server's time includes 40 ms of network`,
    },
  ];
}

const timing = (page: Page): Promise<Timing> =>
  page.evaluate(`(() => {
    const asked = performance.getEntriesByType('resource').find(({ name }) => name.includes(':predict'));
    return { serverMs: asked.responseStart - asked.requestStart };
  })()`);
