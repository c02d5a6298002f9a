import { useLanguage } from './choices.ts';

/** Texts, or functions of what is inserted; groups nest. */
interface Texts {
  readonly [key: string]: string | ((...values: never[]) => string) | Texts;
}

/** The same keys, each a text or a function of the same values. */
type Like<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer A) => string
      ? (...values: A) => string
      : Like<T[K]>;
};

export interface Dictionary<T> {
  en: T;
  ja: Like<T>;
}

/** A key that one language lacks, or has too many, does not compile. */
export function dictionary<const T extends Texts>(english: T, japanese: Like<NoInfer<T>>): Dictionary<T> {
  return { en: english, ja: japanese };
}

export function useTexts<T extends Texts>(texts: Dictionary<T>): Like<T> {
  const language = useLanguage();
  return isPseudo() ? (pseudo(texts.en) as Like<T>) : language === 'ja' ? texts.ja : (texts.en as unknown as Like<T>);
}

/** For one-language code outside components. */
export function textsOf<T extends Texts>(texts: Dictionary<T>, language: 'en' | 'ja'): Like<T> {
  return language === 'ja' ? texts.ja : (texts.en as unknown as Like<T>);
}

/** Set by whoever looks for texts that are in no dictionary: `sessionStorage.setItem('mitate.pseudo', '1')`. */
const isPseudo = () => sessionStorage.getItem('mitate.pseudo') === '1';

const marked = new WeakMap<Texts, Texts>();

/** `[Sign in~~]`: what is not in brackets is in no dictionary, and every text is a third longer. */
function pseudo(texts: Texts): Texts {
  const known = marked.get(texts);
  if (known) return known;
  const mark = (text: string) => `[${text}${'~'.repeat(Math.ceil(text.length / 3))}]`;
  const made = Object.fromEntries(
    Object.entries(texts).map(([key, value]) => {
      if (typeof value === 'string') return [key, mark(value)];
      if (typeof value === 'function') return [key, (...values: never[]) => mark(value(...values))];
      return [key, pseudo(value)];
    }),
  ) as Texts;
  marked.set(texts, made);
  return made;
}
