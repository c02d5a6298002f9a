import type { AnsweredPhoto } from '../store/feedback-store.ts';

/** A page that a link opens: who it is asked of has no account and may have no script. */
export function questionPage(view: {
  photo: AnsweredPhoto;
  answers: readonly string[];
  /** Path of the picture; null when it is not kept. */
  picture: string | null;
  /** Sent back with the form, so that a second press of a button is no second word. */
  once: string;
  nonce: string;
}): string {
  const { photo, answers, picture, once, nonce } = view;
  const isSure = photo.label !== null && !photo.uncertain;
  const hidden = `<input type="hidden" name="once" value="${escaped(once)}">`;
  const verdict = `<form method="post">${hidden}<p>The answer was <strong>${escaped(photo.label ?? '')}</strong>. Was it right?</p>
<button name="says" value="right">Right</button> <button name="says" value="wrong">Wrong</button></form>`;
  const options = answers.map((label) => `<option>${escaped(label)}</option>`).join('');
  const label = `<form method="post">${hidden}<label>It shows <select name="label">${options}</select></label>
<button>Send</button></form>`;
  const image = picture === null ? '' : `<img src="${escaped(picture)}" alt="The photo that was sent">`;
  return page('Was this answer right?', `${image}${isSure ? verdict : ''}${answers.length > 0 ? label : ''}`, nonce);
}

export function wordPage(title: string, text: string, nonce: string): string {
  return page(title, `<p>${escaped(text)}</p>`, nonce);
}

const style = `body{font:18px/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
img{max-width:100%;max-height:50vh;border-radius:4px}button,select{font:inherit;padding:.5rem 1rem;min-height:44px}form{margin:1rem 0}`;

function page(title: string, body: string, nonce: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>${escaped(title)}</title><style nonce="${nonce}">${style}</style></head>
<body><h1>${escaped(title)}</h1>${body}</body></html>`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign]!);
