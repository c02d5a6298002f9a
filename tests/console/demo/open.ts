import { type Client, createClient } from '../../../src/client/index.ts';
import type { Demo } from '../../../src/demo/demo.ts';
import { DemoWorkspace } from '../../support/demo-workspace.ts';
import { ServedApp } from '../../support/served-app.ts';
import { ConsoleBrowser } from '../browser.ts';
import { type DemoIds, demoIds } from './screens.ts';

/** One server on a copy of the demo workspace, one browser, and a client that may do everything. */
export class DemoConsole implements AsyncDisposable {
  readonly demo: Demo;
  readonly served: ServedApp;
  readonly browser: ConsoleBrowser;
  readonly client: Client;
  readonly ids: DemoIds;
  readonly #opened: AsyncDisposableStack;

  private constructor(
    opened: AsyncDisposableStack,
    parts: Pick<DemoConsole, 'demo' | 'served' | 'browser' | 'client' | 'ids'>,
  ) {
    this.#opened = opened;
    this.demo = parts.demo;
    this.served = parts.served;
    this.browser = parts.browser;
    this.client = parts.client;
    this.ids = parts.ids;
  }

  static async open(): Promise<DemoConsole> {
    await using opened = new AsyncDisposableStack();
    const filled = opened.use(await DemoWorkspace.open());
    const served = opened.use(
      await ServedApp.open([], { workspace: filled.workspace, env: { MITATE_DATA_ROOTS: filled.demo.folder } }),
    );
    const browser = opened.use(await ConsoleBrowser.open(served));
    const client = createClient({ url: served.url, key: await served.makeKey('admin') });
    return new DemoConsole(opened.move(), { demo: filled.demo, served, browser, client, ids: await demoIds(client) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync();
  }
}
