import { type Html, html } from '../../../codecs/html.ts';

/** A picture in the report, as `data:` URLs, so that the page needs no other file. */
export interface Picture {
  photo: string;
  /** The photo under its heat map. */
  heat?: string;
}

/** @param pictures by sha256; a card without one has only its text */
export function gallery(
  cards: { sha256: string; title: Html; file: string }[],
  pictures: ReadonlyMap<string, Picture>,
): Html {
  return html`<div class="gallery">${cards.map(({ sha256, title, file }) => {
    const picture = pictures.get(sha256);
    return html`<figure>${picture && html`<img src="${picture.photo}" alt="">`}${picture?.heat && html`<img src="${picture.heat}" alt="heat map">`}
<figcaption>${title}<br><small>${file}</small></figcaption></figure>`;
  })}</div>`;
}
