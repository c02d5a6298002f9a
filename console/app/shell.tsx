import { useQueryClient } from '@tanstack/react-query';
import {
  type ErrorComponentProps,
  Link,
  Navigate,
  Outlet,
  useLocation,
  useNavigate,
  useRouterState,
} from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { language } from './choices.ts';
import { Fault } from './faults.tsx';
import { useGoKeys } from './go-keys.ts';
import { useCommandKey, useKeys } from './keys.ts';
import { labelNamesQuery } from './label-names.ts';
import { listen, useLive } from './live.ts';
import { type PlaceLink, places } from './places.ts';
import { ReviewLink } from './review-link.tsx';
import { useMay, useMe } from './session.tsx';
import { paletteKey, shellTexts, wordmark } from './shell-texts.ts';
import { useTexts } from './texts.ts';
import './shell.css';

// not needed to show a screen
const Account = lazy(() => import('./account.tsx').then(({ Account }) => ({ default: Account })));
const MorePlaces = lazy(() => import('./more-places.tsx').then(({ MorePlaces }) => ({ default: MorePlaces })));
const loadPalette = () => import('./palette.tsx');
const Palette = lazy(() => loadPalette().then(({ Palette }) => ({ default: Palette })));
const MayNotRead = lazy(() => import('./may-not-read.tsx').then(({ MayNotRead }) => ({ default: MayNotRead })));
const KeyList = lazy(() => import('./key-list.tsx').then(({ KeyList }) => ({ default: KeyList })));

/** Tabs at the bottom of a phone; the others are below More. */
const tabs = 4;

export function Shell() {
  return (
    <Suspense fallback={<Waiting />}>
      <Inside />
    </Suspense>
  );
}

/** Everybody who is signed in and may read; others sign in, or go to Diagnose. */
function Inside() {
  const me = useMe();
  const { pathname } = useLocation();
  // the address changes before what it shows: nobody is shown a screen that asks for what they may not read
  const shown = useRouterState({ select: ({ matches }) => matches.at(-1)?.routeId });
  if (shown === '/sign-in') return <Outlet />;
  if (me.kind === 'anonymous')
    return pathname === '/sign-in' ? <Waiting /> : <Navigate to="/sign-in" search={{ to: pathname }} replace />;
  return <Frame />;
}

function Frame() {
  const texts = useTexts(shellTexts);
  const may = useMay();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  const shown = places.filter(({ needs }) => may(needs));
  const linked = shown.filter(({ hasButton }) => !hasButton);
  const isAllowed = may('read');
  useEffect(() => (isAllowed ? listen(queries) : undefined), [queries, isAllowed]);
  // before a screen shows a label
  useEffect(() => {
    if (isAllowed) void queries.prefetchQuery(labelNamesQuery);
  }, [queries, isAllowed]);
  // what is typed right after Ctrl+K is not lost
  useEffect(() => {
    const timer = setTimeout(loadPalette, 1_000);
    return () => clearTimeout(timer);
  }, []);
  useCommandKey('k', () => setOpen('palette'));
  useKeys({ '?': () => setOpen('keys') });
  useGoKeys(shown);
  return (
    <div className="shell">
      <a className="shell-skip" href="#main">
        {texts.skip}
      </a>
      <header className="shell-top">
        <Link to="/" className="shell-name">
          {wordmark}
        </Link>
        <Places places={linked} className="shell-places" />
        <div className="shell-tools">
          {shown.some(({ place }) => place === 'review') && <ReviewLink />}
          <button type="button" className="shell-search" onClick={() => setOpen('palette')}>
            <span>{texts.search}</span>
            <kbd>{paletteKey}</kbd>
          </button>
          <Suspense fallback={<span className="account" />}>
            <Account />
          </Suspense>
        </div>
      </header>
      <Stale />
      <main id="main" className="shell-main" tabIndex={-1}>
        {isAllowed ? (
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        ) : (
          <MayNotRead />
        )}
      </main>
      {linked.length > 0 && (
        <div className="shell-bottom">
          <Places places={linked.slice(0, tabs)} className="shell-tabs" />
          <Suspense fallback={<span className="shell-place" />}>
            {linked.length > tabs && <MorePlaces places={linked.slice(tabs)} />}
          </Suspense>
        </div>
      )}
      <Suspense>
        {open === 'palette' && <Palette isOpen close={() => setOpen(null)} places={shown} />}
        {open === 'keys' && <KeyList isOpen close={() => setOpen(null)} places={shown} />}
      </Suspense>
    </div>
  );
}

function Places({ places: shown, className }: { places: readonly PlaceLink[]; className: string }) {
  const texts = useTexts(shellTexts);
  return (
    <nav className={className} aria-label={texts.mainNavigation}>
      {shown.map(({ place, to }) => (
        <Link key={place} to={to} activeOptions={{ exact: to === '/' }} className="shell-place">
          {texts.places[place]}
        </Link>
      ))}
    </nav>
  );
}

function Stale() {
  const texts = useTexts(shellTexts);
  const { staleSince } = useLive();
  if (staleSince === null) return null;
  const time = new Intl.DateTimeFormat(language(), { timeStyle: 'short' }).format(staleSince);
  return (
    <p className="shell-stale" role="status">
      {texts.staleSince(time)}
    </p>
  );
}

export function Waiting() {
  const texts = useTexts(shellTexts);
  return (
    <p className="waiting" role="status">
      {texts.loading}
    </p>
  );
}

export function NotFound() {
  const texts = useTexts(shellTexts);
  return (
    <div className="stack">
      <p>{texts.notFound}</p>
      <p>
        <Link to="/">{texts.toHome}</Link>
      </p>
    </div>
  );
}

export function ShellFault({ error, reset }: ErrorComponentProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const retry = async () => {
    await queries.resetQueries();
    reset();
    await navigate({ to: '.', search: true, replace: true });
  };
  return <Fault error={error} retry={retry} />;
}
