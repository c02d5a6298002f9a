import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const observer = fileURLToPath(new URL('./observe.js', import.meta.url));
const quietMs = 700;

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
export const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

/** What `observe.js` saw. */
export interface Seen {
  lcpMs: number;
  cls: number;
  inpMs: number;
  longestTaskMs: number;
  shellMs: number | null;
  /** The last time that something on the page changed. */
  changedMs: number;
  chosenMs: number | null;
  answeredMs: number | null;
  frames: number[];
}

export const seenOf = (page: Page): Promise<Seen> => page.evaluate('benchSeen');

/** Chromium with a fourth of the processor and 10 Mbit/s at 40 ms. */
export class SlowBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #server: { url: string; key: string };

  private constructor(browser: Browser, server: { url: string; key: string }) {
    this.#browser = browser;
    this.#server = server;
  }

  static async open(server: { url: string; key: string }): Promise<SlowBrowser> {
    const executablePath = process.env.MITATE_TEST_CHROMIUM ?? '/usr/bin/chromium';
    return new SlowBrowser(await chromium.launch({ executablePath, args: ['--no-sandbox'] }), server);
  }

  /** Signed in, with empty caches. */
  async context(options: BrowserContextOptions): Promise<BrowserContext> {
    const context = await this.#browser.newContext({ locale: 'en', ...options });
    await context.request.post(`${this.#server.url}/api/v1/sessions/key`, { data: { key: this.#server.key } });
    await context.addInitScript({ path: observer });
    return context;
  }

  /** A page that is slow from its first byte on. */
  async page(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    const tools = await context.newCDPSession(page);
    const bytesASecond = 10e6 / 8;
    await tools.send('Network.enable');
    await tools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 40,
      downloadThroughput: bytesASecond,
      uploadThroughput: bytesASecond,
    });
    await tools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    return page;
  }

  /** @returns once the page shows what it is about, and nothing on it has changed for a while */
  async open(page: Page, path: string, about: string): Promise<Seen> {
    await page.goto(`${this.#server.url}${path}`);
    await page.locator(about).first().waitFor({ state: 'attached' });
    await page.locator('.waiting').waitFor({ state: 'detached' });
    for (;;) {
      const seen = await seenOf(page);
      if ((await page.evaluate<number>('performance.now()')) - seen.changedMs > quietMs) return seen;
      await wait(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
