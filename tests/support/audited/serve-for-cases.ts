import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { createUser } from '../../../src/actions/access/user.ts';
import { Receiver } from '../receiver.ts';
import type { ScratchFolder } from '../scratch-folder.ts';
import { ServedApp } from '../served-app.ts';
import { tester } from '../tester.ts';
import { trainedModels } from '../trained-models.ts';
import { hookSecret, password, receiver } from './cases.ts';

/** A server on which every case can be asked: two models, a pipelines folder with Mitate installed, a receiver of alerts, and their secrets. */
export async function serveForCases(
  folder: ScratchFolder,
): Promise<{ served: ServedApp; hooks: Receiver; uris: string[] }> {
  const hooks = await Receiver.open();
  receiver.url = hooks.url();
  const env = {
    MITATE_PIPELINES: folder.path,
    MITATE_DATA_ROOTS: folder.path,
    MITATE_CHANNEL_ALLOW: '127.0.0.1',
    MITATE_CHANNEL_SECRET: hookSecret,
    MITATE_RELEASE_SECRET: hookSecret,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const uris = await trainedModels(folder.path, 2);
  const served = await ServedApp.open([], { env });
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder.path, 'node_modules'));
  // as a Pusher leaves it
  for (const i of uris.keys()) folder.write(`model-${i}/pushed.json`, JSON.stringify({ modelDigest: '' }));
  await createUser(served.served.store, { name: 'through-default-mika', password, role: 'viewer' }, tester);
  return { served, hooks, uris };
}
