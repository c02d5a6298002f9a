import '../../style/tokens.css';
import '../../style/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { show } from '../../app/choices.ts';
import { Diagnose } from './diagnose.tsx';
// after what it hides
import '../../style/print.css';

show();
const endpoint = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const manifest = Object.assign(document.createElement('link'), {
  rel: 'manifest',
  href: `/d/${encodeURIComponent(endpoint)}/app.webmanifest`,
});
// iOS reads no icons of a manifest
const icon = Object.assign(document.createElement('link'), {
  rel: 'apple-touch-icon',
  href: '/console/icon-full-180.png',
});
document.head.append(manifest, icon);
// absent on plain HTTP to another machine
navigator.serviceWorker
  ?.register('/console/sw.js', { scope: '/d/' })
  .then(() => navigator.serviceWorker.ready)
  .then(({ active }) => {
    const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
    active?.postMessage([location.pathname, ...loaded]);
  })
  .catch(() => {});

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Diagnose endpoint={endpoint} />
  </StrictMode>,
);
