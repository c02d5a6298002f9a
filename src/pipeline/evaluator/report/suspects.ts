import { type Html, html } from '../../../codecs/html.ts';
import type { Evaluation, Suspect } from '../../../contracts/artifacts/evaluation.ts';
import { gallery, type Picture } from './gallery.ts';

/** Longer tables are folded. */
const open = 30;

/** Those of the test split first, since they make the metrics wrong. */
export function testFirst(found: readonly Suspect[]): Suspect[] {
  const inTest = ({ split }: Suspect) => Number(split === 'test');
  return found.toSorted((a, b) => inTest(b) - inTest(a));
}

/** Every suspicious label; the first ones with pictures. */
export function suspects(
  { suspiciousLabels }: Pick<Evaluation, 'suspiciousLabels'>,
  pictures: ReadonlyMap<string, Picture>,
): Html {
  if (!suspiciousLabels)
    return html`<h2>Suspicious labels</h2><p>Not searched for: wire Transform's output to the Evaluator.</p>`;
  const { found, examined } = suspiciousLabels;
  const cards = testFirst(found)
    .filter(({ sha256 }) => pictures.has(sha256))
    .map(({ sha256, filename, label, suggested, split, margin }) => ({
      sha256,
      file: filename,
      title: html`labelled <strong>${label}</strong>, looks like ${suggested} (${split && `${split}, `}margin ${margin.toFixed(2)})`,
    }));
  const shown =
    cards.length < found.length
      ? ` Pictures are of the first ${cards.length}; the table lists all ${found.length}.`
      : '';
  return html`<h2 id="suspicious">Suspicious labels</h2><p>${found.length} of ${examined} labels contradict the prediction from all photos outside the photo's group
(confident learning).${shown}</p>${gallery(cards, pictures)}${found.length > 0 && folded(found)}`;
}

function folded(found: readonly Suspect[]): Html {
  if (found.length <= open) return table(found);
  return html`<details><summary>All ${found.length} suspicious labels</summary>${table(found)}</details>`;
}

function table(found: readonly Suspect[]): Html {
  return html`<table><thead><tr><th>Photo</th><th>Split</th><th>Label</th><th>Looks like</th><th>Confidence</th><th>Margin</th><th>sha256</th></tr></thead>
<tbody>${testFirst(found).map(
    ({ sha256, filename, split, label, suggested, margin, confidence }) =>
      html`<tr><th>${filename}</th><td>${split ?? '–'}</td><td>${label}</td><td>${suggested}</td><td class="n">${confidence?.toFixed(2) ?? '–'}</td><td class="n">${margin.toFixed(2)}</td><td><code>${sha256.slice(0, 12)}</code></td></tr>`,
  )}</tbody></table>`;
}
