import type { Page, Response } from 'playwright-core';
import { expect, it } from 'vitest';
import type { DemoConsole } from './open.ts';
import { demoScreens, pathOf, settled } from './screens.ts';

/** Values that the console has words of its own for: as they are, nobody should read them. */
const codes = new Set(['state', 'kind', 'role', 'action', 'verdict', 'severity', 'split', 'reason', 'gate', 'level']);

/** Objects whose names are data. */
const named = new Set(['parameters', 'attributes', 'details', 'counts', 'probabilities']);

/** Every text of the answers that a page got, except codes. */
function dataOf(page: Page): () => Promise<string> {
  const heard: string[] = [];
  const reading: Promise<void>[] = [];
  const listen = (value: unknown, key = ''): void => {
    if (typeof value === 'string') {
      if (!codes.has(key)) heard.push(value);
    } else if (Array.isArray(value)) for (const each of value) listen(each, key);
    else if (typeof value === 'object' && value !== null)
      for (const [name, each] of Object.entries(value)) {
        if (named.has(key) || !/^[a-z]+[A-Z]|^[a-z]+$/.test(name)) heard.push(name);
        listen(each, name);
      }
  };
  const read = async (response: Response) => {
    const body = await response.text().catch(() => '');
    try {
      listen(JSON.parse(body));
    } catch {
      // a table of numbers with its labels
      heard.push(body);
    }
  };
  page.on('response', (response) => {
    // a stream does not end
    if (/\/api\/v1\/(?!events)/.test(response.url())) reading.push(read(response));
  });
  return async () => {
    await Promise.all(reading);
    return heard.join('\n');
  };
}

/** Every text that a person reads or hears. */
const textsOf = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement!;
      if (!parent.closest('script, style, kbd, code, pre, .mono, [role=log]'))
        found.push(walker.currentNode.textContent ?? '');
    }
    for (const each of document.querySelectorAll(':is([aria-label], [title], [placeholder], [alt]):not([role=log] *)'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(each.getAttribute(name) ?? '');
    return found;
  });

/** Names of things, which are the same in every language; what `Intl` writes: dates, times, units. */
const names = /^(Mitate|見立て|English|日本語|CSV|shell|curl|TypeScript|Python|v?\d+|[a-z-]+@\d+)$/;
const dates =
  /^((\d+|an?|in|ago|yesterday|today|now|last|hr\.?|hours?|min\.?|minutes?|sec\.?|seconds?|s|ms|h|d|days?|wk\.?|weeks?|AM|PM|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|at|kB|MB|GB|K|M|px)[\s.,:/]*)+$/;

/** What is left of a text without what is in brackets. */
function outside(text: string): string[] {
  let rest = text;
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(/\[[^[\]]*~+\]/g, ' ');
  }
  return rest
    .replaceAll(/[\d.]+ %/g, ' ')
    .split(/[·→,:=()–—]|\s{2,}|\s[-+×]\s/)
    .map((part) => part.replaceAll(/[\s\u2066-\u2069]+/g, ' ').trim())
    .filter((part) => /\p{L}/u.test(part));
}

export function pseudoTests(open: () => DemoConsole): void {
  it.each(demoScreens)('every word of $name is of a dictionary, or is data', async (screen) => {
    const { browser, served, ids } = open();
    const { page } = await browser.page('/favicon.ico', {
      shared: true,
      ...(screen.as !== undefined && { as: screen.as }),
    });
    const data = dataOf(page);
    await page.addInitScript(() => sessionStorage.setItem('mitate.pseudo', '1'));
    await page.goto(`${served.url}${pathOf(screen, ids)}`);
    await settled(page);
    const known = await data();
    const texts = await textsOf(page);
    expect(texts.filter((text) => /^\[.*~\]$/.test(text)).length).toBeGreaterThan(3);
    const faults = texts
      .flatMap(outside)
      .filter((part) => !known.includes(part) && !names.test(part) && !dates.test(part));
    await page.context().close();
    expect([...new Set(faults)]).toEqual([]);
  });
}
