import { type Html, html } from '../../../codecs/html.ts';
import type { Explanations } from '../../../contracts/artifacts/evaluation.ts';
import { cell } from './tables.ts';

/** What the heat maps are worth. */
export function explanationsSection({
  photos,
  deletion,
  insertion,
  border,
  borderChance,
  localisation,
}: Explanations): Html {
  const chance = (value: number | null) => html`<td class="n">${value === null ? '–' : value.toFixed(4)}</td>`;
  return html`<h2>Heat maps</h2><table><thead><tr><th>Figure</th><th>Number</th><th>Value</th><th>By chance</th></tr></thead>
<tbody><tr><th>Deletion <small>area by which the probability is lower with the hottest cells covered first</small></th><td class="n">${photos}</td>${cell(deletion)}${chance(0)}</tr>
<tr><th>Insertion <small>area by which it is higher with the hottest cells uncovered first</small></th><td class="n">${photos}</td>${cell(insertion)}${chance(0)}</tr>
<tr><th>Border <small>share of the hottest tenth at the photo's borders</small></th><td class="n">${photos}</td>${cell(border)}${chance(borderChance)}</tr>
${
  localisation &&
  html`<tr><th>In lesions <small>share of the hottest tenth in lesions of drawn leaves</small></th><td class="n">${localisation.leaves}</td>${cell(localisation.inLesions)}${chance(localisation.chance)}</tr>
<tr><th>Pointing <small>share of drawn leaves whose hottest cell is in a lesion</small></th><td class="n">${localisation.leaves}</td>${cell(localisation.pointing)}${chance(localisation.chance)}</tr>`
}</tbody></table>
<p>Areas are compared with those of the same map moved to a random place. ${!localisation && html`Whether the maps point at lesions is unknown: the places of lesions are known on drawn leaves only.`}</p>`;
}
