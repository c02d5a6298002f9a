// Diagnose without a connection: its page and files from the last visit. Photos and answers are never kept here (the page keeps them).
const kept = 'mitate-diagnose';
const isFile = (path) => /^\/(console|d\/-)\/assets\//.test(path);
const isPage = (path) => path.startsWith('/d/') || /^\/console\/(first-paint\.js|icon\.svg)$/.test(path);

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));

// what the page loaded before this worker was there
addEventListener('message', (event) => {
  const { data } = event;
  const paths = Array.isArray(data)
    ? data.filter((path) => typeof path === 'string' && (isFile(path) || isPage(path)))
    : [];
  const keep = caches.open(kept).then((cache) => Promise.allSettled(paths.map((path) => cache.add(path))));
  event.waitUntil(keep);
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (isFile(pathname)) event.respondWith(fileOf(request));
  else if (isPage(pathname)) event.respondWith(pageOf(request));
});

/** Its name has a digest of its content. */
async function fileOf(request) {
  return (await caches.match(request)) ?? (await fetchAndKeep(request));
}

async function pageOf(request) {
  try {
    return await fetchAndKeep(request);
  } catch (error) {
    const found = await caches.match(request);
    if (found) return found;
    throw error;
  }
}

async function fetchAndKeep(request) {
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(kept)).put(request, answer.clone());
  return answer;
}
