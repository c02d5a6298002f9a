import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Built by scripts/prepare/console.ts; the same place for src/ and dist/. */
const built = fileURLToPath(new URL('../../../dist/console', import.meta.url));

/** First parts of the console's addresses: a page, not an error in JSON. */
export const places = [
  'sign-in',
  'photos',
  'runs',
  'models',
  'service',
  'watch',
  'review',
  'lineage',
  'settings',
] as const;

const rules = (scripts: string) =>
  [
    "default-src 'none'",
    `script-src ${scripts}`,
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
const consoleRules = rules("'self'");
/** Photos are measured on the device by WebAssembly. */
const diagnoseRules = rules("'self' 'wasm-unsafe-eval'");

const year = 365 * 24 * 3_600;

/** Whether `npm run prepare` has built it. */
export const isConsoleBuilt = (folder = built) => existsSync(join(folder, 'index.html'));

/**
 * The console: pages for browsers, which ask the API with the session of whoever signed in. Its files are at `/console/`, its pages below `/console`,
 * and at `/` unless that is taken; the page of an endpoint at `/d/{endpoint}`.
 */
export async function consolePages(
  app: FastifyInstance,
  { atRoot, folder = built }: { atRoot: boolean; folder?: string },
) {
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/console/',
    preCompressed: true,
    index: false,
    dotfiles: 'ignore',
    schemaHide: true,
    cacheControl: false,
    // pages have addresses of their own; what a build is made of is nobody's business
    allowedPath: (path, _root, { routeOptions }) => routeOptions.url !== '/console/*' || !/\.(html|vite)\b/.test(path),
    setHeaders: (reply, path) => void reply.headers(headersOf(path)),
  });
  // scripts of workers, at addresses in the scope of the service worker of Diagnose
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/d/-/assets/',
    preCompressed: true,
    index: false,
    dotfiles: 'ignore',
    schemaHide: true,
    cacheControl: false,
    decorateReply: false,
    setHeaders: (reply, path) => void reply.headers(headersOf(path)),
  });
  const hide = { schema: { hide: true } };
  const page = (file: string, policy: string) => async (_request: unknown, reply: FastifyReply) => {
    reply
      .header('content-security-policy', policy)
      .header('permissions-policy', 'camera=(self)')
      .header('referrer-policy', 'no-referrer');
    return await reply.sendFile(file);
  };
  for (const start of atRoot ? ['', '/console'] : ['/console']) {
    const below = places.flatMap((place) => [`${start}/${place}`, `${start}/${place}/*`]);
    for (const path of [`${start}/`, ...(start === '' ? [] : [start]), ...below])
      app.get(path, hide, page('index.html', consoleRules));
  }
  app.get('/d/:endpoint/app.webmanifest', hide, async (request, reply) => {
    const { endpoint } = request.params as { endpoint: string };
    return await reply
      .type('application/manifest+json')
      .header('cache-control', 'no-cache')
      .send(JSON.stringify(appOf(endpoint)));
  });
  app.get('/d/:endpoint', hide, page('diagnose.html', diagnoseRules));
}

/** Diagnose of an endpoint as an installed app. */
function appOf(endpoint: string) {
  const address = `/d/${encodeURIComponent(endpoint)}`;
  return {
    name: endpoint,
    short_name: endpoint,
    id: address,
    start_url: address,
    scope: address,
    display: 'standalone',
    background_color: '#fbfaf6',
    theme_color: '#fbfaf6',
    icons: [
      { src: '/console/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
      { src: '/console/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
      { src: '/console/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
      { src: '/console/icon-full-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  };
}

/** The names of built files have digests of their content. Scripts of a worker bring the policy that it runs under. */
function headersOf(path: string): Record<string, string> {
  const isHashed = /[\\/]assets[\\/]/.test(path);
  return {
    'cache-control': isHashed ? `public, max-age=${year}, immutable` : 'no-cache',
    // its pages are elsewhere
    ...(path.includes('sw.js') && { 'service-worker-allowed': '/d/' }),
    ...(!path.includes('.html') && { 'content-security-policy': diagnoseRules }),
  };
}
