import { mitate } from '../command.ts';
import type { BenchOptions } from '../figure.ts';
import { BenchServer } from '../serve/server.ts';
import { SlowBrowser } from './slow-browser.ts';

/** `mitate serve` on a workspace, and a slow browser that is signed in to it. */
export async function withServer<T>(
  workspace: string,
  options: BenchOptions,
  measure: (browser: SlowBrowser, server: BenchServer) => Promise<T>,
): Promise<T> {
  const name = `bench-${Date.now()}`;
  const made = await mitate(['key', 'create', name, '--scope', 'admin', '--workspace', workspace]);
  const { key } = made.json as { key: string };
  await using server = await BenchServer.start({ ...options, workspace });
  await using browser = await SlowBrowser.open({ url: server.url, key });
  return await measure(browser, server);
}
