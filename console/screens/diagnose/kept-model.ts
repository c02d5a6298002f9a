import { type AnswerOf, ApiError, createClient } from '../../../src/client/index.ts';

export type OfflineModel = Awaited<AnswerOf<'endpoints.offline'>>;

/** Files of models, by digest, and for each endpoint what they are for. The service worker has a cache of its own. */
const name = 'mitate-models';
const fileAt = (sha256: string) => `/d/-/models/${sha256}`;
const entryAt = (endpoint: string) => `/d/-/endpoints/${encodeURIComponent(endpoint)}`;

/** False on plain HTTP to another machine. */
export const canKeep = () => 'caches' in globalThis && 'serviceWorker' in navigator;

export async function keptModel(endpoint: string): Promise<OfflineModel | null> {
  const found = canCache() ? await caches.match(entryAt(endpoint), { cacheName: name }) : undefined;
  return found ? ((await found.json()) as OfflineModel) : null;
}

/** @throws when it was removed meanwhile */
export async function bytesOf(sha256: string): Promise<ArrayBuffer> {
  const found = await caches.match(fileAt(sha256), { cacheName: name });
  if (!found) throw new Error(`The file ${sha256} is gone from this device.`);
  return await found.arrayBuffer();
}

/** What the server gives now; null: it gives it to no device (any more). */
export async function offeredModel(endpoint: string): Promise<OfflineModel | null> {
  try {
    return await client().endpoints.offline(endpoint);
  } catch (error) {
    if (error instanceof ApiError && [401, 403, 404, 409].includes(error.status)) return null;
    throw error;
  }
}

/** All files, each checked, then the entry: until then the version from before answers. */
export async function keepModel(of: OfflineModel): Promise<void> {
  const cache = await caches.open(name);
  for (const file of filesOf(of)) {
    if (await cache.match(fileAt(file.sha256))) continue;
    const bytes = await (await client().endpoints.offlineFile(of.endpoint, file.sha256)).arrayBuffer();
    if (hex(await crypto.subtle.digest('SHA-256', bytes)) !== file.sha256)
      throw new Error(`The file ${file.sha256} did not arrive whole.`);
    await cache.put(fileAt(file.sha256), new Response(bytes));
  }
  await cache.put(entryAt(of.endpoint), new Response(JSON.stringify(of)));
  await dropUnused(cache);
}

export async function dropModel(endpoint: string): Promise<void> {
  const cache = await caches.open(name);
  await cache.delete(entryAt(endpoint));
  await dropUnused(cache);
}

/** Files that no entry names. */
async function dropUnused(cache: Cache): Promise<void> {
  const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  const entries = paths.filter((path) => path.startsWith(entryAt('')));
  const kept = await Promise.all(
    entries.map(async (path) => filesOf((await (await cache.match(path))!.json()) as OfflineModel)),
  );
  const used = new Set([...entries, ...kept.flat().map(({ sha256 }) => fileAt(sha256))]);
  for (const path of paths) if (!used.has(path)) await cache.delete(path);
}

export const filesOf = ({ files }: OfflineModel) => Object.values(files).filter((file) => file !== null);
const client = () => createClient({ url: location.origin });
const canCache = () => 'caches' in globalThis;
const hex = (digest: ArrayBuffer) =>
  [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
