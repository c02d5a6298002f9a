import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Where `npx vite console` sends what is not its own. */
const server = process.env.MITATE_DEV_SERVER ?? 'http://127.0.0.1:8080';

/** As the HTTP server does: `/d/{endpoint}` is the page of Diagnose. */
const diagnosePage: Plugin = {
  name: 'diagnose-page',
  configureServer: ({ middlewares }) => {
    middlewares.use((request, _response, next) => {
      if (/^\/d\//.test(request.url ?? '')) request.url = '/console/diagnose.html';
      next();
    });
  },
};

export default defineConfig(({ command }) => ({
  root: here('.'),
  // pages are at other paths than their assets: see src/http/plugins/console.ts
  base: command === 'build' ? '/console/' : '/',
  plugins: [react(), diagnosePage],
  server: { proxy: { '^/(api|feedback|s)/': { target: server } } },
  build: {
    outDir: here('../dist/console'),
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    license: { fileName: 'licenses.md' },
    // a policy without 'unsafe-inline' and without data: for scripts and fonts
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { console: here('index.html'), diagnose: here('diagnose.html') } },
  },
}));
