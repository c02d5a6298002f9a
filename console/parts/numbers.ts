import { language } from '../app/choices.ts';

/** 12,345 */
export const whole = (value: number): string => new Intl.NumberFormat(language()).format(value);

/** 12.3K */
export const short = (value: number): string =>
  new Intl.NumberFormat(language(), { notation: 'compact', maximumFractionDigits: 1 }).format(value);

/** 0..1 as "94.8 %" */
export const percentText = (share: number, digits = 1): string =>
  `${new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(100 * share)} %`;

/** Three significant digits. */
export const figure = (value: number): string =>
  new Intl.NumberFormat(language(), { maximumSignificantDigits: 3 }).format(value);

/** Milliseconds, from a second on in seconds. */
export const milliseconds = (ms: number): string => (ms >= 1_000 ? `${figure(ms / 1_000)} s` : `${figure(ms)} ms`);

export const bytesText = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${figure(bytes / 1_000 ** power)} ${units[power]}`;
};
