import { language } from '../../app/choices.ts';

const format = (value: number, options: Intl.NumberFormatOptions = {}) =>
  new Intl.NumberFormat(language(), options).format(value);

const unit = (value: number, name: string, digits = 0) =>
  format(value, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });

/** `0.4 sec`, `1 min, 12 sec`, `2 hr, 5 min`. */
export function timeText(seconds: number): string {
  if (seconds < 1) return unit(seconds, 'second', 2);
  if (seconds < 10) return unit(seconds, 'second', 1);
  if (seconds < 60) return unit(Math.round(seconds), 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${unit(minutes, 'minute')} ${unit(Math.floor(seconds % 60), 'second')}`;
  return `${unit(Math.floor(minutes / 60), 'hour')} ${unit(minutes % 60, 'minute')}`;
}

export const countText = (value: number): string => format(value);
export const figureText = (value: number): string => format(value, { maximumSignificantDigits: 3 });

export function bytesText(bytes: number): string {
  return bytes >= 1e9 ? unit(bytes / 1e9, 'gigabyte', 1) : unit(bytes / 1e6, 'megabyte');
}

/** `now`: of what has not ended. */
export function secondsOf(
  { startedAt, finishedAt }: { startedAt: string | null; finishedAt: string | null },
  now = Date.now(),
): number | null {
  if (startedAt === null) return null;
  return Math.max(0, (finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(startedAt)) / 1000;
}
