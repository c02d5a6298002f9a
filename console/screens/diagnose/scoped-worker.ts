/** A built worker at an address in the scope of the service worker, which gives it without a connection. */
export const scoped = (source: string): string => source.replace(/^\/console\//, '/d/-/');

/** In the cache of the service worker (public/sw.js). */
export async function keepFiles(paths: readonly string[]): Promise<void> {
  const cache = await caches.open('mitate-diagnose');
  for (const path of paths) if (!(await cache.match(path))) await cache.add(path);
}
