import { Html, html } from '../../codecs/html.ts';
import { outcomes } from '../../contracts/loop/behaviour.ts';
import type { AnsweredPhoto, LinkQuestion } from '../../contracts/loop/feedback.ts';
import type { DisplayNames } from '../../contracts/loop/label-name.ts';
import { feedbackTexts, type Language } from './feedback-texts.ts';

/** The page behind a feedback link; its reader has no account, and perhaps no script. */
export function questionPage(view: {
  photo: AnsweredPhoto;
  ask: LinkQuestion;
  answers: readonly string[];
  /** Of the label, and of the answers that have one. */
  names: DisplayNames;
  /** Path of the picture; null when it was not kept. */
  picture: string | null;
  /** Sent back with the form: pressing a button twice is one entry. */
  once: string;
  nonce: string;
  language: Language;
}): string {
  const { photo, ask, answers, names, picture, once, nonce, language } = view;
  const texts = feedbackTexts[language];
  const called = (label: string) => names[label]?.[language] ?? label;
  const answered = photo.label === null ? null : called(photo.label);
  const isSure = photo.label !== null && !photo.uncertain;
  const hidden = html`<input type="hidden" name="once" value="${once}">`;
  const verdict = html`<form method="post">${hidden}<p>${texts.answered}<strong>${answered}</strong>${probabilityText(photo.probability)}</p>
<div class="two"><button name="says" value="right">${texts.right}</button><button name="says" value="wrong">${texts.wrong}</button></div></form>`;
  const options = answers.map((label) => html`<option value="${label}">${called(label)}</option>`);
  // no option is preselected: it would be sent by whoever presses the button without looking
  const label = html`<form method="post" class="other">${hidden}<label for="label">${isSure ? texts.orSay : texts.say}</label>
<div class="two"><select id="label" name="label" required><option value="">${texts.choose}</option>${options}</select><button>${texts.send}</button></div></form>`;
  const image = picture === null ? html`<p>${texts.notKept}</p>` : html`<img src="${picture}" alt="${texts.photo}">`;
  const time = html`<p><time datetime="${photo.loggingTime.toISOString()}">${texts.sentAt(photo.loggingTime)}</time></p>`;
  if (ask === 'outcome') {
    const answer = html`<p>${texts.answered}<strong>${answered}</strong></p>`;
    const choices = outcomes.map((each) => html`<p><button name="outcome" value="${each}">${texts[each]}</button></p>`);
    const form = html`<form method="post">${hidden}${choices}</form>`;
    return page({ title: texts.outcome, body: html`${image}${time}${isSure && answer}${form}`, nonce, language });
  }
  const body = html`${image}${time}${isSure && verdict}${answers.length > 0 && label}`;
  return page({ title: isSure ? texts.question : texts.say, body, nonce, language });
}

const probabilityText = (probability: number | null) => probability !== null && `${Math.round(100 * probability)} %`;

export function messagePage(view: { title: string; text: string; nonce: string; language: Language }): string {
  return page({ ...view, body: html`<p>${view.text}</p>` });
}

const style = new Html(`:root{color-scheme:light dark}*{box-sizing:border-box}
body{font:18px/1.6 system-ui,"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP",sans-serif;max-width:30rem;margin:0 auto;padding:1.25rem 1rem 2rem;
color:#1d2420;background:#fff;overflow-wrap:anywhere}
h1{font-size:1.35rem;line-height:1.35;margin:0 0 1rem}p{margin:.75rem 0}strong{display:block;font-size:1.5rem;line-height:1.3}
img{display:block;width:100%;max-height:55vh;object-fit:contain;border-radius:8px;background:#f1f4f1}
form{margin:1.25rem 0 0}.other{border-top:1px solid #d5dcd6;padding-top:1.25rem}label{display:block;margin-bottom:.5rem}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}.other .two{grid-template-columns:1fr auto}
details{margin:1rem 0}summary{min-height:44px;padding:.5rem 0;cursor:pointer}small{color:#59625b}
button,select{font:inherit;min-height:52px;min-width:0;width:100%;padding:.5rem 1rem;border:1px solid #4a6b52;border-radius:8px}
button{color:#fff;background:#2e6b3f;cursor:pointer}button[value=wrong]{color:#1d2420;background:transparent}select{color:inherit;background:transparent}
:focus-visible{outline:3px solid #7fb98f;outline-offset:2px}
@media(prefers-color-scheme:dark){small{color:#9aa69c}body{color:#e6ece7;background:#161a17}img{background:#222823}.other{border-color:#38423b}button[value=wrong]{color:#e6ece7}option{color:#e6ece7;background:#161a17}}`);

/** Of a reader without an account. */
export function page({
  title,
  body,
  nonce,
  language,
}: {
  title: string;
  body: Html;
  nonce: string;
  language: Language;
}) {
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${title}</title><style nonce="${nonce}">${style}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`.text;
}
