import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { acquireLock } from '../../src/store/workspace/lock.ts';
import { workspaceAt } from '../../src/store/workspace/workspace.ts';
import { sourceFlags } from '../support/source-flags.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const opener = fileURLToPath(new URL('./workspace-opener.ts', import.meta.url));
type Kind = 'look' | 'serve';

/** What a process says that opens the workspace, and closes it again: "opened", or the code of the error. */
async function open(workspace: string, kind: Kind): Promise<string> {
  const child = fork(opener, [workspace, kind], { execArgv: sourceFlags });
  const [said] = await once(child, 'message');
  return said as string;
}

it.concurrent('lets all in that open a new workspace at one moment', async () => {
  using folder = temporaryFolder();
  const kinds: Kind[] = ['serve', 'look', 'look', 'look'];
  const said = await Promise.all(kinds.map((kind) => open(folder.path, kind)));
  expect(said).toEqual(kinds.map(() => 'opened'));
}, 120_000);

it.concurrent('waits longer than ten seconds for an owner that is still opening it', async () => {
  using folder = temporaryFolder();
  const workspace = workspaceAt(folder.path).dir;
  const { lock } = acquireLock(workspace, 'mitate worker', { serves: true });
  const opening = openStore({ workspace, attach: true });
  const early = opening.catch((error) => error.code);
  expect(await Promise.race([early, new Promise((resolve) => setTimeout(resolve, 11_000, 'waits'))])).toBe('waits');
  lock[Symbol.dispose]();
  await using store = await opening;
  expect(await store.listRuns()).toEqual([]);
}, 60_000);
