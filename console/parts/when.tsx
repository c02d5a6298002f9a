import { useEffect, useState } from 'react';
import { useLanguage } from '../app/choices.ts';
import './when.css';

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "3 h ago"; the exact time, with its zone, on hover and focus. */
export function When({ at }: { at: string | Date }) {
  const language = useLanguage();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(at);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time is shown on focus
    <time className="when" dateTime={date.toISOString()} tabIndex={0} data-exact={exactTime(date, language)}>
      {timeAgo(date, now, language)}
    </time>
  );
}

export function timeAgo(date: Date, now: number, language: string): string {
  const seconds = (date.getTime() - now) / 1_000;
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
  const count = unit === 'second' ? 0 : Math.round(seconds / size);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(count, unit);
}

export function exactTime(date: Date, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' }).format(date);
}
