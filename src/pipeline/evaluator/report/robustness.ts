import { type Html, html } from '../../../codecs/html.ts';
import type { Evaluation } from '../../../contracts/artifacts/evaluation.ts';
import { cell } from './tables.ts';

/** What the metrics become where photos are taken otherwise than those of the test split. */
export function robustnessSection({ robustness, golden, task }: Evaluation): Html {
  const isQuestion = task.kind === 'question';
  return html`<h2>Robustness</h2>${
    robustness &&
    html`<table><thead><tr><th>Photos of the test split</th><th>Number</th><th>Accuracy</th><th>Change</th><th>Other answers</th>${isQuestion && html`<th>ROC AUC</th><th>Change</th>`}</tr></thead>
<tbody>${robustness.kinds.map(
      ({ kind, strength, photos, metrics, difference, changed }) =>
        html`<tr><th>${kind} <small>${strength}</small></th><td class="n">${photos}</td>${cell(metrics.accuracy)}${cell(difference.accuracy)}${changed ? cell(changed) : html`<td></td>`}${isQuestion && html`${cell(metrics.auc)}${cell(difference.auc)}`}</tr>`,
    )}</tbody></table>
<p>Of ${robustness.photos} photos drawn from the test split. Changes are against the same photos unaltered; other answers: the share that is answered otherwise
than unaltered. A subject before another background should keep its answer. Altered photos are no photos from elsewhere:
a model that withstands them may still fail in the field.</p>`
  }
${
  golden.every(({ photos }) => photos === 0)
    ? html`<p><strong>Accuracy in the field is unknown:</strong> no golden set has photos that the model has not seen. The test split is like the training photos. Give photos from
where the model is used: <code>mitate golden add</code>.</p>`
    : html`<ul>${golden.map(({ set, photos, fromTest }) => {
        if (!fromTest || fromTest.value === null) return html``;
        const points = (share: number | null) => (share === null ? '–' : (100 * share).toFixed(1));
        return html`<li>From the test split to golden set ${set} (${photos} photos), accuracy changes by ${points(fromTest.value)} points (${points(fromTest.low)} to ${points(fromTest.high)}).</li>`;
      })}</ul>`
}`;
}
