import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { ConsolePage } from '../browser.ts';
import type { DemoConsole } from './open.ts';

/** More stops than any screen has before its main act. */
const mostStops = 80;

interface Focused {
  name: string;
  /** Something around it is drawn that is not there without the focus. */
  isVisible: boolean;
  isInSight: boolean;
}

/** What has the focus; null = nothing, it was lost. */
const focused = (page: Page): Promise<Focused | null> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return null;
    const labels = (element as HTMLInputElement).labels;
    const by = element
      .getAttribute('aria-labelledby')
      ?.split(' ')
      .map((id) => document.getElementById(id)?.textContent);
    const name =
      element.getAttribute('aria-label') ?? by?.join(' ') ?? labels?.[0]?.textContent ?? element.textContent ?? '';
    const active = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
    const draws = (each: Element) =>
      [null, '::after'].some((part) => {
        const { outlineStyle, outlineWidth, boxShadow, content } = getComputedStyle(each, part);
        if (part !== null && content === 'none') return false;
        return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
      });
    const { top, left, width, height } = element.getBoundingClientRect();
    return {
      name: name.trim(),
      // a range over a picture shows its focus on what it moves, a grid on the tile that its keys act on
      isVisible: [element, element.parentElement!, active].some((each) => each !== null && draws(each)),
      isInSight:
        width > 0 && height > 0 && top < innerHeight && top + height > 0 && left < innerWidth && left + width > 0,
    };
  });

/** Presses Tab until that has the focus; on the way the focus is seen, and never lost. */
async function tabTo(page: Page, wanted: string | RegExp, key = 'Tab'): Promise<void> {
  const way: string[] = [];
  for (let stop = 0; stop < mostStops; stop++) {
    await page.keyboard.press(key);
    const at = await focused(page);
    // past the last stop a browser has its own
    if (at === null) continue;
    way.push(at.name);
    expect(at, `focus on "${at.name}"`).toMatchObject({ isVisible: true, isInSight: true });
    if (typeof wanted === 'string' ? at.name === wanted : wanted.test(at.name)) return;
  }
  throw new Error(`Tab does not reach ${wanted}: ${way.join(' | ')}`);
}

const inDialog = (page: Page) =>
  expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role=dialog]') != null)).toBe(true);

/** The mouse is never touched. */
export function keyboardTests(open: () => DemoConsole): void {
  const signedIn = async (path: string): Promise<ConsolePage> => {
    const opened = await open().browser.page(path);
    await opened.page.getByRole('button', { name: /^Account of/ }).waitFor();
    return opened;
  };

  it('one signs in, and opens a photo through the palette', async () => {
    const { browser, served } = open();
    const opened = await browser.page('/', { as: null });
    const { page } = opened;
    await page.getByRole('tab').first().waitFor();
    await tabTo(page, 'API key');
    await tabTo(page, /^API key/);
    await page.keyboard.type(await served.makeKey('admin'));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Account of/ }).waitFor();
    await page.keyboard.press('Control+k');
    await inDialog(page);
    await page.keyboard.type('pho');
    await page.keyboard.press('Enter');
    await page.locator('.tile-photo img').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/photos');
    await tabTo(page, 'Photos of the data set');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('img').first().waitFor();
    await inDialog(page);
    const first = new URL(page.url()).searchParams.get('photo');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => new URL(page.url()).searchParams.get('photo')).not.toBe(first);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // the focus is where it was
    expect((await focused(page))?.name).toBe('Photos of the data set');
    opened.expectNoProblems();
  });

  it('one labels a photo, and takes the label back', async () => {
    const { client } = open();
    const opened = await signedIn('/');
    const { page } = opened;
    const labels = async () => (await client.feedback.list({ kind: 'label', limit: 500 })).items.length;
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.locator('.review-photo img').waitFor();
    const before = await labels();
    const heat = page.locator('.review-photo .heat');
    await page.keyboard.press('h');
    await heat.waitFor();
    await page.keyboard.press('h');
    await heat.waitFor({ state: 'detached' });
    await page.keyboard.press('1');
    await page.getByText(/^You: /).waitFor();
    expect(await labels()).toBe(before + 1);
    await tabTo(page, /^Undo/);
    await page.keyboard.press('Enter');
    await page.getByText(/^You: /).waitFor({ state: 'detached' });
    expect(await labels()).toBe(before);
    opened.expectNoProblems();
  });

  it('one opens a run, and reads why a step ran', async () => {
    const opened = await signedIn('/');
    const { page } = opened;
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.locator('.runs-row').first().waitFor();
    await tabTo(page, /^leaf-health/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await tabTo(page, /trainer/);
    await page.keyboard.press('Enter');
    await page
      .getByText(/^It ran because/)
      .first()
      .waitFor();
    opened.expectNoProblems();
  });

  it('one acknowledges an alert, with a reason', async () => {
    const { client } = open();
    const opened = await signedIn('/');
    const { page } = opened;
    const [alert] = (await client.alerts.list({ state: 'open' })).items;
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.getByText(alert!.monitor).first().waitFor();
    await tabTo(page, new RegExp(alert!.monitor));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Why it fired' }).waitFor();
    await tabTo(page, 'Acknowledge');
    await page.keyboard.press('Enter');
    await inDialog(page);
    await tabTo(page, 'Why');
    await page.keyboard.type('the new tablet');
    await tabTo(page, 'Acknowledge');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(async () => (await client.alerts.get(alert!.id)).alert.state).toBe('acknowledged');
    expect(await focused(page), 'the focus is back on the page').not.toBeNull();
    await tabTo(page, 'Where it comes from');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/lineage\?of=leaf-health(@|%40)1/);
    await page.getByText('leaf-health@1').first().waitFor();
    opened.expectNoProblems();
  });

  it('one deploys the other version at once, and rolls back', async () => {
    const { client } = open();
    const stable = async () =>
      (await client.endpoints.get('leaf-health')).deployments.find(({ role }) => role === 'stable')?.version;
    expect(await stable()).toBe(1);
    const opened = await signedIn('/models/leaf-health?version=2');
    const { page } = opened;
    await tabTo(page, 'Deploy…');
    await page.keyboard.press('Enter');
    await inDialog(page);
    await tabTo(page, /^Step by step|^How/);
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'At once, all traffic' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText(/answers every request of the endpoint/).waitFor();
    await tabTo(page, 'Deploy now');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await stable()).toBe(2);
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'What answers now' }).waitFor();
    await tabTo(page, 'Roll back');
    await page.keyboard.press('Enter');
    await inDialog(page);
    await tabTo(page, 'Roll back');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(stable).toBe(1);
    opened.expectNoProblems();
  });
}
