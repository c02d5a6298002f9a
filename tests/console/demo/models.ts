import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { sizes } from '../browser.ts';
import type { DemoConsole } from './open.ts';

const model = 'leaf-health';
const every = Object.keys(sizes) as (keyof typeof sizes)[];
const at = (tab: string, more = '') => `/models/${model}?version=2&tab=${tab}${more}`;
/** The number at the head of a sentence. */
const firstNumber = (text: string | null) => Number(/\d+/.exec(text ?? '')?.[0]);

export function modelTests(open: () => DemoConsole): void {
  it.each(every)('the production ruler says what answered on a date, on a %s', async (size) => {
    const { browser, client } = open();
    const opened = await browser.page(`/models/${model}?version=1`, { size });
    const { page } = opened;
    const ruler = page.getByRole('slider', { name: `Date on ${model}` });
    await page.getByText(`${model}@1 answered 100 % (stable)`).waitFor();
    // the second version listens in today, not on the first day
    await page.getByText(`${model}@2 listened in`).waitFor();
    await ruler.focus();
    await page.keyboard.press('Home');
    await page.getByText(`${model}@2 listened in`).waitFor({ state: 'detached' });
    await page.getByText(`${model}@1 answered 100 % (stable)`).waitFor();
    const oldest = (await client.endpoints.timeline(model)).items.findLast(({ action }) => action === 'deploy')!;
    const who = (await page.locator('.ruler-said').textContent())!;
    expect(who).toContain(`by ${oldest.who}`);
    // where a finger or a mouse puts it
    const box = (await ruler.boundingBox())!;
    await page.mouse.click(box.x + box.width - 3, box.y + box.height / 2);
    await page.getByText(`${model}@2 listened in`).waitFor();
    opened.expectNoProblems();
  });

  it.each(
    every,
  )('a threshold that moves says which photos change sides, and is set for an endpoint, on a %s', async (size) => {
    const { browser, client } = open();
    const opened = await browser.page(at('threshold'), { size });
    const { page } = opened;
    const slider = page.getByRole('slider', { name: 'Threshold' });
    await page.getByText('No photo changes sides.').waitFor();
    const missed = page.getByText(/unwell photos are missed/);
    const before = firstNumber(await missed.textContent());
    await slider.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('PageUp');
    await page.getByRole('heading', { name: /photos change sides/ }).waitFor();
    const sides = firstNumber(await page.getByRole('heading', { name: /photos change sides/ }).textContent());
    const [now, then] = (await missed.textContent())!
      .match(/\d+/g)!
      .map(Number)
      .filter((_, i) => i !== 1);
    expect(then).toBe(before);
    expect(now).toBeGreaterThan(before);
    const tiles = page.locator('.strip li');
    expect(await tiles.count()).toBe(Math.min(24, sides));
    await tiles.first().locator('img').waitFor();
    // who looks at this address later sees the same
    const value = Number(new URL(page.url()).searchParams.get('threshold'));
    expect(await slider.inputValue()).toBe(String(value));
    await page.getByRole('button', { name: 'Use on an endpoint…' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Why').fill(`seen on a ${size}`);
    await sheet.getByRole('button', { name: 'Set threshold' }).click();
    await page.getByText(`${model} now uses this threshold.`).waitFor();
    expect((await client.endpoints.get(model)).settings.threshold).toBe(value);
    expect((await client.endpoints.timeline(model)).items[0]!.why).toBe(`seen on a ${size}`);
    await client.endpoints.set(model, { settings: { threshold: null } });
    opened.expectNoProblems();
  });

  it.each(every)('a cell of the confusion matrix opens its photos, on a %s', async (size) => {
    const { browser, client } = open();
    const opened = await browser.page(at('evaluation'), { size });
    const { page } = opened;
    const { evaluation } = (await client.models.evaluation(`${model}@2`))!;
    const { labels, confusion } = evaluation;
    const { count, truth, answer } = labels
      .flatMap((_, i) => labels.map((_, k) => ({ truth: i, answer: k, count: i === k ? 0 : confusion[i]![k]! })))
      .toSorted((a, b) => b.count - a.count)[0]!;
    expect(count).toBeGreaterThan(0);
    const [shown, said] = [labels[truth]!, labels[answer]!];
    const cell = page.getByRole('button', { name: `${shown}, answered ${said}: ${count} photos` });
    await cell.click();
    await page.getByRole('heading', { name: `${shown} answered as ${said}` }).waitFor();
    expect(await page.locator('.confusion .strip li').count()).toBe(Math.min(24, count));
    await page.locator('.confusion .strip img').first().waitFor();
    expect(new URL(page.url()).searchParams.get('cell')).toBe(`${truth},${answer}`);
    await cell.click();
    await page.locator('.confusion .strip').waitFor({ state: 'detached' });
    opened.expectNoProblems();
  });

  it.each(every)('two versions are compared photo by photo, heat map against heat map, on a %s', async (size) => {
    const { browser, client } = open();
    const opened = await browser.page(at('compare', '&against=1'), { size });
    const { page } = opened;
    const found = await client.models.compare({ models: `${model}@2,${model}@1`, photos: 'both-wrong' });
    await page.getByRole('tab', { name: /^Both wrong/ }).click();
    await page.locator('.sides-tile').first().waitFor();
    expect(await page.locator('.sides-tile').count()).toBe(found.counts['both-wrong']);
    expect(await page.locator('.side-answers .side-wrong').count()).toBe(2);
    await page.getByRole('img', { name: `Where ${model}@2 looked` }).waitFor();
    await page.getByRole('img', { name: `Where ${model}@1 looked` }).waitFor();
    const divider = page.getByRole('slider', { name: 'Divider between the two heat maps' });
    const clip = () =>
      page
        .locator('.swipe-map')
        .first()
        .evaluate((map) => getComputedStyle(map).clipPath);
    const half = await clip();
    await divider.focus();
    await page.keyboard.press('PageDown');
    expect(await clip()).not.toBe(half);
    await nextPhoto(page, size);
    expect(new URL(page.url()).searchParams.get('photo')).toBe(found.items[1]!.sha256);
    opened.expectNoProblems();
  });
}

async function nextPhoto(page: Page, size: keyof typeof sizes): Promise<void> {
  const isSecond = page.getByText(/^2 of /).waitFor();
  if (size === 'phone') await page.getByRole('button', { name: 'Next photo' }).tap();
  else {
    await page.locator('main').focus();
    await page.keyboard.press('n');
  }
  await isSecond;
}
