import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import { ApiError } from '../../../src/client/index.ts';
import { choose, useLanguage } from '../../app/choices.ts';
import { Fault } from '../../app/faults.tsx';
import { useTexts } from '../../app/texts.ts';
import { AnswerSheet } from './answer.tsx';
import { Camera } from './camera.tsx';
import { History } from './history.tsx';
import { ask, captureOf, fitting, isLater, say } from './sending.ts';
import { type Capture, keep, remove, type Said, type Sheet, sheetsOf } from './shelf.ts';
import { diagnoseTexts } from './texts.ts';
import '../../parts/field.css';
import './diagnose.css';

const againMs = 10_000;

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
    const fresh = {
      id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
      endpoint,
      at: Date.now(),
      photos: [],
    };
    const photos = [...(onto ?? fresh).photos, await fitting(photo)];
    const next: Sheet = { ...(onto ?? fresh), photos, answer: null, said: null, isSaidSent: false };
    setShown(next.id);
    setHistory(false);
    await put(next);
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
              onSay={(said: Said) => put({ ...sheet, said })}
            />
          ) : (
            <Camera capture={capture} onPhoto={(photo) => take(photo, null)} />
          ))}
      </main>
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

/** Sheets of this device; those that the server does not have yet are sent, again and again, until it has them. */
function useSheets(endpoint: string) {
  const [sheets, setSheets] = useState<Sheet[]>([]);
  const [fault, setFault] = useState<unknown>(null);
  const [, setSending] = useState(0);
  const replace = useCallback((next: Sheet) => {
    setSheets((before) => [next, ...before.filter(({ id }) => id !== next.id)].sort((a, b) => b.at - a.at));
  }, []);
  const send = useCallback(
    async (sheet: Sheet) => {
      try {
        const answered = sheet.answer === null ? await ask(sheet) : sheet;
        replace(answered);
        if (answered.said !== null && !answered.isSaidSent) replace(await say(answered));
      } catch (error) {
        if (isLater(error)) return setSending((count) => count + 1);
        setFault(error);
      }
    },
    [replace],
  );
  const sendAll = useEffectEvent(async () => {
    const open = sheets.filter(({ answer, said, isSaidSent }) => answer === null || (said !== null && !isSaidSent));
    for (const sheet of open) await send(sheet);
  });
  useEffect(() => {
    void sheetsOf(endpoint).then(setSheets);
    const again = () => void sendAll();
    addEventListener('online', again);
    const timer = setInterval(again, againMs);
    return () => {
      removeEventListener('online', again);
      clearInterval(timer);
    };
  }, [endpoint]);
  const put = async (sheet: Sheet) => {
    await keep(sheet);
    replace(sheet);
    await send(sheet);
  };
  const drop = async (id: string) => {
    await remove(id);
    setSheets((before) => before.filter((sheet) => sheet.id !== id));
  };
  return { sheets, put, drop, fault, setFault };
}
