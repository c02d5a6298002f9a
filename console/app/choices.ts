import { useSyncExternalStore } from 'react';

export type Language = 'en' | 'ja';
export type Theme = 'light' | 'dark';

/** What a person chose for how the console looks; null = as the system has it. Kept on the device, and at the server once signed in. */
export interface Choices {
  language: Language | null;
  theme: Theme | null;
  /** Single-key shortcuts (WCAG 2.1.4). */
  shortcuts: boolean;
}

const place = 'mitate.choices';
const usual: Choices = { language: null, theme: null, shortcuts: true };
const listeners = new Set<() => void>();
let current: Choices = read();

function read(): Choices {
  try {
    return { ...usual, ...JSON.parse(localStorage.getItem(place) ?? '{}') };
  } catch {
    return usual;
  }
}

export function choose(changed: Partial<Choices>): void {
  current = { ...current, ...changed };
  try {
    localStorage.setItem(place, JSON.stringify(current));
  } catch {
    // a private window: the choice lasts as long as the page
  }
  show();
  for (const listener of listeners) listener();
}

/** False on a device on which nobody chose yet. */
export function isChosenHere(): boolean {
  try {
    return localStorage.getItem(place) !== null;
  } catch {
    return true;
  }
}

export const choices = (): Choices => current;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useChoices = (): Choices => useSyncExternalStore(subscribe, choices);

export function language(): Language {
  return current.language ?? (navigator.language.startsWith('ja') ? 'ja' : 'en');
}

export const useLanguage = (): Language => useSyncExternalStore(subscribe, language);

/** The page's language, for screen readers and line heights, and its theme. */
export function show(): void {
  const root = document.documentElement;
  root.lang = language();
  if (current.theme === null) delete root.dataset.theme;
  else root.dataset.theme = current.theme;
}

// another tab
addEventListener('storage', ({ key }) => {
  if (key !== place) return;
  current = read();
  show();
  for (const listener of listeners) listener();
});
