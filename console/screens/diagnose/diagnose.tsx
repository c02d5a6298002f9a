import { useEffect, useState } from 'react';
import { ApiError } from '../../../src/client/index.ts';
import { choose, useLanguage } from '../../app/choices.ts';
import { Fault } from '../../app/faults.tsx';
import { useTexts } from '../../app/texts.ts';
import { AnswerSheet } from './answer.tsx';
import { Camera } from './camera.tsx';
import { History } from './history.tsx';
import { Offline } from './offline.tsx';
import { captureOf, fitting } from './sending.ts';
import type { Capture, Said, Sheet } from './shelf.ts';
import { DisplayNames } from './spoken.ts';
import { diagnoseTexts } from './texts.ts';
import { useSheets } from './use-sheets.ts';
import '../../parts/field.css';
import './diagnose.css';

export function Diagnose({ endpoint }: { endpoint: string }) {
  const texts = useTexts(diagnoseTexts);
  const language = useLanguage();
  const { capture, error, retry } = useCapture(endpoint);
  const { sheets, put, drop, fault, setFault } = useSheets(endpoint);
  const [shown, setShown] = useState<string | null>(null);
  const [isHistory, setHistory] = useState(false);
  const sheet = sheets.find(({ id }) => id === shown) ?? null;

  const take = async (photo: Blob, onto: Sheet | null) => {
    setFault(null);
    const id = onto?.id ?? crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    const fitted = await fitting(photo);
    setShown(id);
    setHistory(false);
    await put(id, (now) => ({
      ...(now ?? { id, endpoint, at: Date.now(), photos: [] }),
      ...{ photos: [...(now?.photos ?? []), fitted], answer: null, onDevice: undefined, said: null, isSaidSent: false },
    }));
  };
  const begin = () => {
    setShown(null);
    setHistory(false);
    setFault(null);
  };

  return (
    <div className="diagnose">
      <header className="diagnose-top">
        <h1 className="diagnose-name">{capture?.displayName ?? endpoint}</h1>
        <nav className="row" aria-label={texts.navigation}>
          {(sheet || isHistory) && (
            <button type="button" className="button button-quiet" onClick={begin}>
              {texts.newPhoto}
            </button>
          )}
          {sheets.length > 0 && (
            <button type="button" className="button button-quiet" onClick={() => setHistory(true)}>
              {texts.history} {sheets.length}
            </button>
          )}
          <button
            type="button"
            className="button button-quiet"
            lang={language === 'ja' ? 'en' : 'ja'}
            onClick={() => choose({ language: language === 'ja' ? 'en' : 'ja' })}
          >
            {texts.otherLanguage}
          </button>
        </nav>
      </header>
      <DisplayNames value={capture?.displayNames}>
        <main className="diagnose-main">
          {error !== null && capture === null && <NoCapture endpoint={endpoint} error={error} retry={retry} />}
          {capture !== null && fault !== null && <Fault error={fault} />}
          {capture !== null &&
            (isHistory ? (
              <History
                sheets={sheets}
                capture={capture}
                open={(id) => {
                  setShown(id);
                  setHistory(false);
                }}
                drop={drop}
              />
            ) : sheet ? (
              <AnswerSheet
                key={`${sheet.id} ${sheet.photos.length}`}
                sheet={sheet}
                capture={capture}
                onAdd={(photo) => take(photo, sheet)}
                onSay={(said: Said) => put(sheet.id, (now) => ({ ...(now ?? sheet), said }))}
              />
            ) : (
              <>
                <Camera capture={capture} onPhoto={(photo) => take(photo, null)} />
                <Offline endpoint={endpoint} isOffered={capture.offline === true} />
              </>
            ))}
        </main>
      </DisplayNames>
    </div>
  );
}

function NoCapture({ endpoint, error, retry }: { endpoint: string; error: unknown; retry: () => void }) {
  const texts = useTexts(diagnoseTexts);
  const needsSignIn = error instanceof ApiError && (error.status === 401 || error.status === 403);
  if (!needsSignIn) return <Fault error={error} retry={retry} />;
  return (
    <div className="stack">
      <p>{texts.closed}</p>
      <p>
        <a className="button button-main" href={`/console/sign-in?${new URLSearchParams({ to: `/d/${endpoint}` })}`}>
          {texts.signIn}
        </a>
      </p>
    </div>
  );
}

/** What the endpoint asks of photos; the last known while there is no connection. */
function useCapture(endpoint: string) {
  const place = `mitate.capture.${endpoint}`;
  const [capture, setCapture] = useState<Capture | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a retry asks again
  useEffect(() => {
    captureOf(endpoint).then(
      (found) => {
        setCapture(found);
        setError(null);
        localStorage.setItem(place, JSON.stringify(found));
      },
      (thrown) => {
        const kept = thrown instanceof ApiError ? null : localStorage.getItem(place);
        if (kept !== null) setCapture(JSON.parse(kept) as Capture);
        else setError(thrown);
      },
    );
  }, [endpoint, place, tries]);
  return { capture, error, retry: () => setTries(tries + 1) };
}
