import { html } from '../../codecs/html.ts';
import type { DisplayNames } from '../../contracts/loop/label-name.ts';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import { page } from './feedback-page.ts';
import type { Language } from './feedback-texts.ts';
import { shareTexts } from './share-texts.ts';

/** A diagnosis as it was given; it asks nothing, and its reader has no account, and perhaps no script. */
export function sharePage(view: {
  logged: LoggedRequest;
  /** Of the labels that it names. */
  names: DisplayNames;
  /** Path of the link; the pictures are below it. */
  below: string;
  expiresAt: Date;
  nonce: string;
  language: Language;
}): string {
  const { logged, names, below, expiresAt, nonce, language } = view;
  const { modelName, modelVersion, loggingTime } = logged;
  const texts = shareTexts[language];
  const { title, sentence, isRefused } = findingOf(logged, names, language);
  const heat =
    !isRefused &&
    html`<details><summary>${texts.heat}</summary><img src="${below}/heat" loading="lazy" alt="${texts.heatAlt}"></details>`;
  const small = html`<p><small>${texts.caveat}</small></p>
<p><small>${texts.made(`${modelName} v${modelVersion ?? '?'}`, loggingTime)} ${texts.until(expiresAt)}</small></p>`;
  const body = html`<p>${sentence}</p><img src="${below}/photo" alt="${texts.photo}">${heat}${small}`;
  return page({ title, body, nonce, language });
}

/** The word that the page begins with, with its shape, and how sure it is. */
function findingOf({ response, label, probability }: LoggedRequest, names: DisplayNames, language: Language) {
  const texts = shareTexts[language];
  const spoken = (said: unknown) => {
    const text = String(said ?? '');
    return names[text]?.[language] ?? text.replaceAll('_', ' ');
  };
  const share = probability === null ? '' : percent(probability, language);
  if (response?.refusal) return { title: `◧ ${texts.refused}`, sentence: texts.refusedWhy, isRefused: true };
  const said = response?.label ?? label;
  if (said === 'uncertain')
    return {
      title: `◧ ${texts.uncertain}`,
      sentence: texts.leaning(spoken(response?.leaning ?? label), share),
      isRefused: false,
    };
  const { positiveProbability, threshold } = response ?? {};
  const isQuestion = typeof positiveProbability === 'number' && typeof threshold === 'number';
  const shape = isQuestion ? (positiveProbability >= threshold ? '◆ ' : '○ ') : '';
  return { title: `${shape}${spoken(said)}`, sentence: share, isRefused: false };
}

/** Never 100.00 % of what is not certain. */
const percent = (share: number, language: Language) =>
  `${(share < 1 ? Math.min(99.99, 100 * share) : 100).toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })} %`;
