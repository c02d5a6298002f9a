import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type Cookie, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Scope } from '../../src/contracts/access.ts';

/** Undefined: tests in a browser are skipped (`describe.skipIf(!browserPath)`): install Debian's package `chromium`. */
export const browserPath = [
  process.env.MITATE_TEST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));

export const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;
export const languages = ['en', 'ja'] as const;
export const themes = ['light', 'dark'] as const;
export type Size = keyof typeof sizes;

export interface Look {
  size?: Size;
  language?: (typeof languages)[number];
  theme?: (typeof themes)[number];
}

const pictures = join(import.meta.dirname, '../../test-output/console');
/** `npm run pictures`: they take longer than what is tested on them. */
const isPhotographed = process.env.MITATE_TEST_PICTURES === '1';

/**
 * Pages of Chromium's own window, which nobody sees here: each context would load two, half a second of the processor. The list is in place of
 * Playwright's, and repeats what of it matters to a page on this machine.
 */
const disabledFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
];

/** A server to look at: `ServedApp`, or one with the same two members. */
interface Served {
  url: string;
  makeKey(scope: Scope): Promise<string>;
}

/** One browser for a file of tests. Every page that it opens fails the test (see `problems`) when it logs an error or breaks its policy. */
export class ConsoleBrowser implements AsyncDisposable {
  #browser!: Browser;
  #served!: Served;
  readonly #contexts: BrowserContext[] = [];
  /** Of `lookAt`. */
  readonly #looking = new Map<string, ConsolePage>();
  /** By scope: a network may sign in with keys 30 times a minute, and some tests open more pages. */
  readonly #signedIn = new Map<Scope, Promise<Cookie[]>>();

  static async open(served: Served, flags: string[] = []): Promise<ConsoleBrowser> {
    const opened = new ConsoleBrowser();
    opened.#served = served;
    const features = `--disable-features=${disabledFeatures.join(',')}`;
    const args = ['--no-sandbox', '--disable-gpu', features, ...flags];
    opened.#browser = await chromium.launch({ executablePath: browserPath!, args });
    return opened;
  }

  /**
   * @param as signs in with a key of that scope; null: nobody is signed in
   * @param shared in the session of other pages, with their preferences: for many pages a minute
   */
  async page(
    path: string,
    { as = 'admin', shared = false, ...look }: Look & { as?: Scope | null; shared?: boolean } = {},
  ): Promise<ConsolePage> {
    const { size = 'desktop', language = 'en', theme = 'light' } = look;
    const context = await this.#browser.newContext({
      viewport: sizes[size],
      colorScheme: theme,
      locale: language,
      ...(size === 'phone' && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }),
      // nothing moves: pictures are the same each time
      reducedMotion: 'reduce',
    });
    // heat maps beside other test files on two cores: it waits as long as the machine is busy
    context.setDefaultTimeout(90_000);
    this.#contexts.push(context);
    const { url } = this.#served;
    if (as !== null) await context.addCookies(await this.#cookiesOf(as, shared));
    const opened = new ConsolePage(await context.newPage(), url);
    await opened.page.goto(`${url}${path}`);
    return opened;
  }

  /** A page without choices, as a new one, for tests that only look: of one size and scope there is one, whose process has the console's code. */
  async lookAt(path: string, { size, as }: { size: Size; as?: Scope | null | undefined }): Promise<ConsolePage> {
    const key = `${size} ${as}`;
    const known = this.#looking.get(key);
    if (known === undefined) {
      const opened = await this.page(path, { size, shared: true, ...(as !== undefined && { as }) });
      this.#looking.set(key, opened);
      return opened;
    }
    await known.page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    known.problems.length = 0;
    await known.page.goto(`${this.#served.url}${path}`);
    return known;
  }

  async #cookiesOf(scope: Scope, shared: boolean): Promise<Cookie[]> {
    if (!shared) return await this.#signIn(scope);
    const cookies = this.#signedIn.get(scope) ?? this.#signIn(scope);
    this.#signedIn.set(scope, cookies);
    return await cookies;
  }

  async #signIn(scope: Scope): Promise<Cookie[]> {
    const data = { key: await this.#served.makeKey(scope) };
    await using context = await this.#browser.newContext();
    const answer = await context.request.post(`${this.#served.url}/api/v1/sessions/key`, { data });
    expect(answer.status()).toBe(201);
    return await context.cookies();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const context of this.#contexts) await context.close();
    await this.#browser?.close();
    await writeContactSheet();
  }
}

export class ConsolePage {
  readonly page: Page;
  readonly url: string;
  /** Logged errors, thrown errors, violations of the policy. Those that a test causes on purpose it removes itself. */
  readonly problems: string[] = [];

  constructor(page: Page, url: string) {
    this.page = page;
    this.url = url;
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.problems.push(String(error)));
  }

  /** Without a reload: as somebody who chooses it under the avatar. */
  async look({ language, theme, size }: Look): Promise<void> {
    if (size) await this.page.setViewportSize(sizes[size]);
    await this.page.evaluate(
      ([language, theme]) => {
        const before = JSON.parse(localStorage.getItem('mitate.choices') ?? '{}');
        const after = { ...before, ...(language && { language }), ...(theme && { theme }) };
        localStorage.setItem('mitate.choices', JSON.stringify(after));
        dispatchEvent(new StorageEvent('storage', { key: 'mitate.choices' }));
      },
      [language, theme] as const,
    );
  }

  /** WCAG 2.2 AA, by axe. @param rules all of them, unless named */
  async expectAccessible(what: string, rules?: string[]): Promise<void> {
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate(async (rules) => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
      return await axe.run(document, {
        runOnly: rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags },
        resultTypes: ['violations'],
        // one page without frames
        iframes: false,
      });
    }, rules);
    const found = violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .join(' | ')
          .slice(0, 400)}`,
    );
    expect(found, what).toEqual([]);
  }

  /** Nothing is wider than the screen. */
  async expectNoSidewaysScroll(what: string): Promise<void> {
    const [inner, outer] = await this.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(inner, `${what} is wider than its screen`).toBeLessThanOrEqual(outer!);
  }

  async picture(name: string): Promise<void> {
    if (!isPhotographed) return;
    await mkdir(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }

  expectNoProblems(): void {
    expect(this.problems).toEqual([]);
  }
}

/**
 * A screen in both languages, themes and sizes: accessible, not too wide, without a logged error; with `npm run pictures` also photographed.
 * @param ready resolves when the screen shows what it is about
 */
export async function inEveryLook(
  browser: ConsoleBrowser,
  { name, path, ready, as }: { name: string; path: string; ready: (page: Page) => Promise<unknown>; as?: Scope | null },
): Promise<void> {
  for (const size of ['desktop', 'phone'] as const) {
    const opened = await browser.lookAt(path, { size, as });
    await ready(opened.page);
    for (const language of languages)
      for (const theme of themes) {
        await opened.look({ language, theme });
        const what = `${name}-${size}-${language}-${theme}`;
        await opened.picture(what);
        // of the two themes only the colours differ
        await opened.expectAccessible(what, theme === 'dark' ? ['color-contrast'] : undefined);
        if (theme === 'light') await opened.expectNoSidewaysScroll(what);
      }
    opened.expectNoProblems();
  }
}

/** Every picture on one page, to be looked at. */
async function writeContactSheet(): Promise<void> {
  if (!isPhotographed) return;
  const found = (await readdir(pictures).catch(() => [])).filter((name) => name.endsWith('.png')).sort();
  const figures = found.map(
    (name) =>
      `<figure><a href="${name}"><img src="${name}" loading="lazy"></a><figcaption>${name}</figcaption></figure>`,
  );
  const style =
    'body{font:14px sans-serif;display:flex;flex-wrap:wrap;gap:16px;background:#888}figure{margin:0}img{height:420px}';
  const page = `<!doctype html><meta charset="utf-8"><title>Console</title><style>${style}</style>${figures.join('\n')}`;
  if (found.length > 0) await writeFile(join(pictures, 'index.html'), page);
}
