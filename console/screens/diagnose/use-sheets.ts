import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { answerHere } from './on-device.ts';
import { answered, ask, isLater, say } from './sending.ts';
import { keep, remove, type Sheet, sheetsOf } from './shelf.ts';

const againMs = 10_000;
/** A connection that takes longer is as good as none: the model of this device answers first. */
const patienceMs = 5_000;

const isUnanswered = ({ answer }: Sheet) => answer === null;
const isUnsaid = ({ answer, said, isSaidSent }: Sheet) => answer !== null && said !== null && !isSaidSent;

/** Sheets of this device; those that the server does not have yet are sent, again and again, until it has them. */
export function useSheets(endpoint: string) {
  const all = useRef(new Map<string, Sheet>());
  const busy = useRef(new Set<string>());
  const [sheets, setSheets] = useState<Sheet[]>([]);
  const [fault, setFault] = useState<unknown>(null);
  const [, setSending] = useState(0);
  const show = useCallback(() => setSheets([...all.current.values()].sort((a, b) => b.at - a.at)), []);

  /** Of what it is by now: an answer and what is said of an earlier one arrive in any order. */
  const change = useCallback(
    async (id: string, to: (now: Sheet) => Sheet) => {
      const now = all.current.get(id);
      if (now === undefined) return;
      const next = to(now);
      all.current.set(id, next);
      show();
      await keep(next);
    },
    [show],
  );

  const answerOffline = useCallback(
    async (id: string) => {
      const sheet = all.current.get(id);
      if (sheet === undefined || sheet.answer !== null || sheet.onDevice !== undefined) return;
      // what this device cannot do, the server will
      const onDevice = await answerHere(endpoint, sheet.photos).catch(() => null);
      if (onDevice === null) return;
      await change(id, (now) => (now.photos === sheet.photos ? { ...now, onDevice } : now));
    },
    [endpoint, change],
  );

  const sendOnce = useCallback(
    async (sheet: Sheet) => {
      if (isUnanswered(sheet)) {
        const late = setTimeout(() => void answerOffline(sheet.id), patienceMs);
        const answer = await ask(sheet).finally(() => clearTimeout(late));
        await change(sheet.id, (now) => (now.photos === sheet.photos ? answered(now, answer) : now));
      } else {
        await say(sheet);
        await change(sheet.id, (now) => ({ ...now, isSaidSent: now.said === sheet.said }));
      }
    },
    [answerOffline, change],
  );

  const send = useCallback(
    async (id: string) => {
      if (busy.current.has(id)) return;
      busy.current.add(id);
      try {
        for (;;) {
          const sheet = all.current.get(id);
          if (sheet === undefined || !(isUnanswered(sheet) || isUnsaid(sheet))) break;
          await sendOnce(sheet);
        }
      } catch (error) {
        if (isLater(error)) await answerOffline(id);
        else setFault(error);
      } finally {
        busy.current.delete(id);
        setSending((count) => count + 1);
      }
    },
    [sendOnce, answerOffline],
  );

  const sendAll = useEffectEvent(async () => {
    for (const id of [...all.current.keys()]) await send(id);
  });
  useEffect(() => {
    void sheetsOf(endpoint).then((found) => {
      for (const sheet of found) if (!all.current.has(sheet.id)) all.current.set(sheet.id, sheet);
      show();
    });
    const again = () => void sendAll();
    addEventListener('online', again);
    const timer = setInterval(again, againMs);
    return () => {
      removeEventListener('online', again);
      clearInterval(timer);
    };
  }, [endpoint, show]);

  const put = async (id: string, to: (now: Sheet | undefined) => Sheet) => {
    all.current.set(id, to(all.current.get(id)));
    await change(id, (now) => now);
    await send(id);
  };
  const drop = async (id: string) => {
    all.current.delete(id);
    show();
    await remove(id);
  };
  return { sheets, put, drop, fault, setFault };
}
